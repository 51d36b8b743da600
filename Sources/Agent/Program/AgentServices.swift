internal import ElvesCore
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// What ends with the agent: itself alone, or everything that it started.
final class Ending: Sendable {
    private let all = Atomic(false)

    /// Whether the runner and all workers end too.
    var isOfAll: Bool { all.load(ordering: .acquiring) }

    func includeAll() { all.store(true, ordering: .releasing) }
}

/// Ends when a signal says that the agent should: TERM for itself, INT for everything.
struct SignalService: Service {
    let signals: UnixSignalsSequence
    let ending: Ending
    let logger: Logger

    func run() async throws {
        for await signal in signals.cancelOnGracefulShutdown() {
            if signal == .sigint { ending.includeAll() }
            logger.info("told to stop", metadata: ["workers": ending.isOfAll ? "end" : "go on"])
            return
        }
    }
}

/// Has a runner ready before the first task; lets it end after the last, or leaves it to the next agent.
struct RunnerService: Service {
    let link: RunnerLink
    let ending: Ending
    let logger: Logger

    func run() async throws {
        do { try await link.start() } catch {
            // The next task tries again, and answers with what is wrong.
            logger.error("no runner", metadata: ["error": "\(error)"])
        }
        try? await gracefulShutdown()
        if ending.isOfAll { await link.stop() }
    }
}

/// Takes no more tasks when the process is told to stop, and ends those that run or leaves them to the next agent.
struct TaskService: Service {
    let tasks: TaskHost
    let link: RunnerLink
    let ending: Ending

    func run() async throws {
        try? await gracefulShutdown()
        if ending.isOfAll { return await tasks.stop(patience: AgentProcess.taskPatience) }
        await tasks.rest(patience: AgentProcess.taskPatience)
        await link.leave()
    }
}

/// Passes on to who delivers, and is made later, what there is to deliver.
package final class Delivery: Sendable {
    private let targets = Mutex<(ResultCourier, StartReports)?>(nil)

    package init() {}

    /// The two that deliver.
    package func aim(at courier: ResultCourier, _ starts: StartReports) { targets.withLock { $0 = (courier, starts) } }

    /// A result is kept that nobody waits for.
    package func hurry() { targets.withLock { $0?.0 }?.hurry() }

    /// There is a new connection to the scheduler.
    package func connected() {
        guard let (courier, starts) = targets.withLock({ $0 }) else { return }
        courier.connected()
        starts.connected()
    }
}
