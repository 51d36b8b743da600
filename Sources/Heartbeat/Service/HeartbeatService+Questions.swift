import AgentLinks
package import ElvesCore
import Synchronization

/// Questions about agents.
extension HeartbeatService {
    /// The agents that `targets` hit and `exclude` does not. An empty `exclude` leaves none out.
    package func resolve(_ targets: String, exclude: String) throws(ElvesError) -> TargetResolution {
        let targets = try TargetExpression(parsing: targets)
        let exclude = exclude.allSatisfy(\.isWhitespace) ? .none : try TargetExpression(parsing: exclude)
        return inventory.withLock { inventory in
            let hits = inventory.hits(targets, exclude: exclude)
            return TargetResolution(
                agents: hits.ids.compactMap { inventory[$0].map(view) }, generation: inventory.generation,
                unmatched: hits.unmatched)
        }
    }

    /// Agents by id, after `after`; `targets` empty means all.
    package func agents(_ targets: String, after: ElvesID?, limit: Int) throws(ElvesError) -> AgentListPage {
        let limit = max(1, min(limit, 1_000))
        let targets = targets.allSatisfy(\.isWhitespace) ? nil : try TargetExpression(parsing: targets)
        return inventory.withLock { inventory in
            var page: [AgentView] = []
            let start = after.map { inventory.place(of: $0) } ?? 0
            for id in inventory.ids[start...] where id != after {
                guard let entry = inventory[id], targets?.matches(entry.attributes) ?? true else { continue }
                if page.count == limit { return AgentListPage(agents: page, next: page.last?.record.agent.id) }
                page.append(view(entry))
            }
            return AgentListPage(agents: page, next: nil)
        }
    }

    /// The one agent that an id, ip or name means.
    package func agent(_ reference: String) throws(ElvesError) -> AgentView {
        let found = inventory.withLock { inventory in
            if let id = ElvesID(reference), let entry = inventory[id] { return [view(entry)] }
            if let id = inventory.id(at: reference), let entry = inventory[id] { return [view(entry)] }
            return inventory.ids(named: reference).compactMap { inventory[$0].map(view) }
        }
        guard let agent = found.first else {
            throw ElvesError(
                .heartbeatAgentUnknown, "no agent \"\(reference)\"", details: ["agent": reference])
        }
        guard found.count == 1 else {
            throw ElvesError(
                .heartbeatAgentAmbiguous,
                "\(found.count) agents are called \"\(reference)\": "
                    + found.prefix(5).map { "\($0.record.agent)" }.joined(separator: ", "))
        }
        return agent
    }

    /// Alive: the connection is open and the last beat came within three intervals.
    private func view(_ entry: Inventory.Entry) -> AgentView {
        let silence = entry.beatAt.map { time.micros() - $0 } ?? .max
        let interval = max(entry.intervalMs, limits.beatIntervalMs)
        let alive =
            silence <= interval * 3_000 && registry.link(of: entry.record.agent.id)?.isOpen == true
        return AgentView(record: entry.record, alive: alive)
    }
}
