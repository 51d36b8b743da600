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
    private let admission: AdmissionHook
    private let contacts: @Sendable () -> [String: ContinuousClock.Instant?]
    private let runner: @Sendable () async -> Int32?

    /// `runner`: the runner's process, while there is one.
    package init(
        identity: PeerIdentity, agentId: Int64, shelf: AppShelf, history: HistoryHook,
        admission: AdmissionHook,
        runner: @escaping @Sendable () async -> Int32?,
        contacts: @escaping @Sendable () -> [String: ContinuousClock.Instant?]
    ) {
        self.identity = identity
        self.agentId = agentId
        self.shelf = shelf
        self.history = history
        self.admission = admission
        self.runner = runner
        self.contacts = contacts
        startedAt = .now
    }

    package func status(context: CallContext) async throws -> LocalStatus {
        let load = admission.load
        return LocalStatus(
            agentId: agentId, ip: identity.ip ?? "", version: ElvesVersion.current,
            uptimeMs: (.now - startedAt).wholeMilliseconds,
            apps: apps(load),
            lastContactMs: contacts().mapValues { $0.map { (.now - $0).wholeMilliseconds } ?? -1 },
            tasks: history.tasks, errors: history.errors,
            running: Int32(clamping: load.values.reduce(0) { $0 + $1.running }),
            residentBytes: ResidentMemory.of(getpid()), runnerResidentBytes: await runner().flatMap(ResidentMemory.of),
            waiting: Int32(clamping: load.values.reduce(0) { $0 + $1.waiting }))
    }

    /// The installed ones, and those that are not but have tasks here: on their way, or removed while they ran.
    private func apps(_ load: [String: AdmissionHook.Load]) -> [LocalApp] {
        let installed = shelf.report
        let others = Set(load.keys).subtracting(installed.map(\.app)).sorted()
        return installed.map { LocalApp(app: $0.app, version: $0.version, problem: $0.problem, load[$0.app]) }
            + others.map { LocalApp(app: $0, version: "", problem: "", load[$0]) }
    }
}

extension LocalApp {
    fileprivate init(app: String, version: String, problem: String, _ load: AdmissionHook.Load?) {
        self.init(
            app: app, version: version, problem: problem, running: Int32(clamping: load?.running ?? 0),
            waiting: Int32(clamping: load?.waiting ?? 0))
    }
}
