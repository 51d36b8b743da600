package import ElvesContracts
package import ElvesCore
package import ServiceCore
internal import Synchronization

/// Remembers the last tasks and errors for `elves-agent status`. The first hook, so that it sees every end.
package final class HistoryHook: TaskHook {
    private struct State {
        var tasks: [LocalTask] = []
        var errors: [LocalError] = []
    }

    private static let taskCount = 40
    private static let errorCount = 20
    private let state = Mutex(State())
    private let now: WallClock

    package init(now: @escaping WallClock) { self.now = now }

    /// Newest first.
    package var tasks: [LocalTask] { state.withLock { $0.tasks.reversed() } }
    /// Newest first.
    package var errors: [LocalError] { state.withLock { $0.errors.reversed() } }

    /// Remembers an error that is no task's.
    package func note(_ error: ElvesError) { note(code: error.code.code, message: error.message) }

    package var settlesAdopted: Bool { true }

    package func settle(_ run: inout TaskRun) async {
        let result = run.result
        let task = LocalTask(
            taskId: result.taskId, app: run.task.app, func: run.task.func, state: result.state,
            startedAt: run.receivedAtMs, costMs: result.costMs, adopted: run.isAdopted ? true : nil)
        state.withLock { state in
            state.tasks.append(task)
            if state.tasks.count > Self.taskCount { state.tasks.removeFirst() }
        }
        guard !result.code.isEmpty else { return }
        note(code: result.code, message: "\(run.task.app) \(run.task.func): \(result.message.prefix(300))")
    }

    private func note(code: String, message: String) {
        let error = LocalError(at: now(), code: code, message: message)
        state.withLock { state in
            state.errors.append(error)
            if state.errors.count > Self.errorCount { state.errors.removeFirst() }
        }
    }
}
