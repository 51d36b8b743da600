package import ElvesContracts
internal import Glibc
internal import Runner
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
    private let runner: @Sendable () async -> Int32?

    /// `runner`: the runner's process, while there is one.
    package init(
        identity: PeerIdentity, agentId: Int64, shelf: AppShelf, history: HistoryHook, tasks: TaskHost,
        runner: @escaping @Sendable () async -> Int32?,
        contacts: @escaping @Sendable () -> [String: ContinuousClock.Instant?]
    ) {
        self.identity = identity
        self.agentId = agentId
        self.shelf = shelf
        self.history = history
        self.tasks = tasks
        self.runner = runner
        self.contacts = contacts
        startedAt = .now
    }

    package func status(context: CallContext) async throws -> LocalStatus {
        LocalStatus(
            agentId: agentId, ip: identity.ip ?? "", version: ElvesVersion.current,
            uptimeMs: (.now - startedAt).wholeMilliseconds,
            apps: shelf.report.map { LocalApp(app: $0.app, version: $0.version, problem: $0.problem) },
            lastContactMs: contacts().mapValues { $0.map { (.now - $0).wholeMilliseconds } ?? -1 },
            tasks: history.tasks, errors: history.errors, running: Int32(clamping: await tasks.count),
            residentBytes: ResidentMemory.of(getpid()), runnerResidentBytes: await runner().flatMap(ResidentMemory.of))
    }
}
