import AgentLinks
package import ElvesCore
import Synchronization

/// Questions about agents.
extension HeartbeatService {
    /// The agents that `targets` hit and `exclude` does not. An empty `exclude` leaves none out.
    ///
    /// Agents choose their names: a name that several have means none of them, and is an error.
    package func resolve(_ targets: String, exclude: String) throws(ElvesError) -> TargetResolution {
        let targets = try TargetExpression(parsing: targets)
        let exclude = exclude.allSatisfy(\.isWhitespace) ? .none : try TargetExpression(parsing: exclude)
        return try inventory.withLock { inventory throws(ElvesError) in
            try checkNames(targets, inventory)
            try checkNames(exclude, inventory)
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
            // Who lists agents by a name that several have is about to find that out: this is no error here.
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
            // Names are the agents' own word: none of them makes an agent the owner of an address or an id.
            if ElvesID(reference) != nil || IPAddress(reference) != nil { return [] }
            return inventory.ids(named: reference).compactMap { inventory[$0].map(view) }
        }
        guard let agent = found.first else {
            throw ElvesError(
                .heartbeatAgentUnknown, "no agent \"\(reference)\"", details: ["agent": reference])
        }
        guard found.count == 1 else { throw ambiguous(reference, found.map(\.record.agent)) }
        return agent
    }

    private func checkNames(_ targets: TargetExpression, _ inventory: Inventory) throws(ElvesError) {
        for case (.name(let name), _) in targets.terms {
            let ids = inventory.ids(named: name)
            if ids.count > 1 { throw ambiguous(name, ids.compactMap { inventory[$0]?.record.agent }) }
        }
    }

    private func ambiguous(_ name: String, _ agents: [AgentIdentity]) -> ElvesError {
        let shown = agents.prefix(5).map(\.description).joined(separator: ", ")
        return ElvesError(
            .heartbeatAgentAmbiguous,
            "\(agents.count) agents are called \"\(name)\": \(shown)\(agents.count > 5 ? ", …" : "")",
            details: ["name": name, "agents": agents.prefix(20).map(\.id.description).joined(separator: ",")])
    }

    /// Alive: the connection is open and the last beat came within three intervals.
    func isAlive(_ entry: Inventory.Entry, now: Int64) -> Bool {
        let silence = entry.beatAt.map { now - $0 } ?? .max
        let interval = max(entry.intervalMs, limits.beatIntervalMs)
        return silence <= interval * 3_000 && registry.link(of: entry.record.agent.id)?.isOpen == true
    }

    private func view(_ entry: Inventory.Entry) -> AgentView {
        AgentView(record: entry.record, alive: isAlive(entry, now: time.micros()))
    }
}
