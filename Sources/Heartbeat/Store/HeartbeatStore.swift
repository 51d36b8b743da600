package import ElvesCore

/// Where heartbeat keeps agents and the catalog, so that it serves after a restart without the supervisor.
///
/// Each call is one transaction. A call that throws has changed nothing.
package protocol HeartbeatStore: Sendable {
    /// Agents with ids above `after`, by id.
    func agents(after: ElvesID?, limit: Int) async throws -> [AgentRecord]
    /// Writes records over older ones of the same id.
    func save(_ agents: [AgentRecord]) async throws
    /// Forgets up to `limit` agents without a beat since then; answers with their ids.
    func forget(lastBeatBefore: Int64, limit: Int) async throws -> [ElvesID]

    /// The catalog; nil when none was ever saved.
    func catalog() async throws -> Catalog?
    /// Takes over a change; a complete one replaces everything.
    func save(_ change: CatalogChange) async throws
}
