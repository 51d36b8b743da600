package import ElvesContracts
internal import ServiceCore
package import Thrift

/// Serves `AgentLocalService`: what this agent says on its own machine.
package struct LocalHandler: AgentLocalServiceHandler {
    private let identity: PeerIdentity
    private let agentId: Int64
    private let startedAt: ContinuousClock.Instant
    private let shelf: AppShelf
    private let history: HistoryHook
    private let tasks: TaskHost
    private let contacts: @Sendable () -> [String: ContinuousClock.Instant?]

    package init(
        identity: PeerIdentity, agentId: Int64, shelf: AppShelf, history: HistoryHook, tasks: TaskHost,
        contacts: @escaping @Sendable () -> [String: ContinuousClock.Instant?]
    ) {
        self.identity = identity
        self.agentId = agentId
        self.shelf = shelf
        self.history = history
        self.tasks = tasks
        self.contacts = contacts
        startedAt = .now
    }

    package func status(context: CallContext) async throws -> LocalStatus {
        LocalStatus(
            agentId: agentId, ip: identity.ip ?? "", version: ElvesVersion.current,
            uptimeMs: (.now - startedAt).wholeMilliseconds,
            apps: shelf.report.map { LocalApp(app: $0.app, version: $0.version, problem: $0.problem) },
            lastContactMs: contacts().mapValues { $0.map { (.now - $0).wholeMilliseconds } ?? -1 },
            tasks: history.tasks, errors: history.errors, running: Int32(clamping: await tasks.count))
    }
}
