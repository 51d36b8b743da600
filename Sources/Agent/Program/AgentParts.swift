internal import ElvesCore
internal import Glibc
package import ServiceCore
internal import Synchronization
package import Thrift

/// The parts of an agent that know nothing of connections: tests and the fleet emulator build the same.
package struct AgentParts: Sendable {
    package let shelf = AppShelf()
    package let history: HistoryHook
    package let admission: AdmissionHook
    package let journal: AttemptJournal
    /// Attempts whose workers run.
    package let running = RunningAttempts()
    package let tasks: TaskHost
    /// Sends workers' outputs to the center; nil without one.
    package let output: OutputFeeder?

    /// The parts over a prepared folder.
    ///
    /// - Parameters:
    ///   - executor: runs the tasks: that of the loop of the agent's connections.
    ///   - disk: where the journal blocks; agents of one process may share one.
    ///   - rest: how parts wait for a while: on the same loop.
    ///   - center: the scheduler's side of files and output; without one tasks have neither.
    ///   - unheard: told when a result is kept that nobody waits for.
    ///   - bring: asks for the desired state and waits until it is installed; false when the time ended first.
    package init(
        _ configuration: AgentConfiguration, folder: AgentFolder, workers: any WorkerRunning,
        executor: (any TaskExecutor)? = nil, disk: JournalDisk = JournalDisk(), center: (any ThriftCaller)? = nil,
        rest: @escaping Rest = Resting.byClock, now: @escaping WallClock, unheard: @escaping @Sendable () -> Void = {},
        bring: @escaping @Sendable (_ patience: Duration) async -> Bool = { _ in true }
    ) throws {
        var settings = OrderHook.Settings()
        settings.defaultTimeout = configuration.defaultTimeout
        settings.grace = configuration.grace
        settings.umask = configuration.umask
        settings.locale = configuration.locale
        settings.outputBytes = configuration.outputBytes
        settings.outputTotal = configuration.outputTotal
        settings.home = getenv("HOME").map { String(cString: $0) } ?? "/"
        if let zone = getenv("TZ") { settings.timeZone = String(cString: zone) }
        let interpreters = Interpreters(path: configuration.path, python: configuration.python)
        history = HistoryHook(now: now)
        admission = AdmissionHook(
            running: configuration.maxRunning, waiting: configuration.maxWaiting,
            lookup: LookupHook(shelf, bring: bring))
        var limits = AttemptJournal.Limits()
        limits.kept = Int64(configuration.journalBytes)
        journal = try AttemptJournal(folder: folder.journal, disk: disk, limits: limits, wallMs: now())
        for problem in journal.problems { history.note(problem) }
        let open = journal.open.map(\.key)
        let travel = try center.map {
            try TravelHooks(folder, open: open, stored: configuration.outputTotal, center: $0, rest: rest)
        }
        output = travel?.feeder
        tasks = TaskHost(
            history: history, admission: admission,
            hooks: [
                OrderHook(folder: folder, interpreters: interpreters, settings: settings)
            ] + (travel?.beforeJournal ?? []) + [JournalHook(journal, history: history, now: now)]
                + (travel?.afterJournal ?? []),
            workers: workers, journal: journal, running: running, executor: executor, now: now, unheard: unheard)
    }
}

/// Passes on to the beats, which are made later, that the desired state changed or that an app is missed.
final class Refresh: Sendable {
    private let beats = Mutex<Beats?>(nil)

    func aim(at target: Beats) { beats.withLock { $0 = target } }

    func now() { beats.withLock { $0 }?.refresh() }

    func bring(within patience: Duration) async -> Bool {
        await beats.withLock { $0 }?.bring(within: patience) ?? true
    }
}
