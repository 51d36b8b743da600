import AgentLinks
package import ElvesCore
import Synchronization

/// A store that forgets everything when the process ends: for tests and trials.
package final class InMemoryHeartbeatStore: HeartbeatStore {
    private struct State {
        var agents: [ElvesID: AgentRecord] = [:]
        var catalog: Catalog?
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    package init() {}

    package func agents(after: ElvesID?, limit: Int) async throws -> [AgentRecord] {
        state.withLock { state in
            let later = state.agents.values.filter { record in after.map { $0 < record.agent.id } ?? true }
            return Array(later.sorted { $0.agent.id < $1.agent.id }.prefix(limit))
        }
    }

    package func save(_ agents: [AgentRecord]) async throws {
        state.withLock { state in
            for record in agents { state.agents[record.agent.id] = record }
        }
    }

    package func forget(lastBeatBefore: Int64, limit: Int) async throws -> [ElvesID] {
        state.withLock { state in
            let old = state.agents.values.filter { $0.lastBeatAt < lastBeatBefore }.map(\.agent.id).sorted()
            for id in old.prefix(limit) { state.agents[id] = nil }
            return Array(old.prefix(limit))
        }
    }

    package func catalog() async throws -> Catalog? {
        state.withLock { $0.catalog }
    }

    package func save(_ change: CatalogChange) async throws {
        state.withLock { state in
            var catalog = state.catalog ?? Catalog()
            _ = catalog.apply(change)
            state.catalog = catalog
        }
    }
}
