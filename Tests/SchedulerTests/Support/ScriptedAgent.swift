import ElvesContracts
import ElvesCore
import Synchronization
import TestSupport
import Thrift

/// An agent's side of the wire, which does what the task's function says.
final class ScriptedAgent: AgentServiceHandler {
    private struct State {
        var tasks: [RunTask] = []
        var callers: [String?] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var killed: [Int64] = []
        var resumed: [AttemptRef] = []
        var recorded: [AttemptRef] = []
    }

    private let state = Mutex(State())

    var tasks: [RunTask] { state.withLock { $0.tasks } }
    var callers: [String?] { state.withLock { $0.callers } }
    var killed: [Int64] { state.withLock { $0.killed } }
    var resumed: [AttemptRef] { state.withLock { $0.resumed } }
    var recorded: [AttemptRef] { state.withLock { $0.recorded } }
    var heldCount: Int { state.withLock { $0.held.count } }

    func run(task: RunTask, context: CallContext) async throws -> TaskResult {
        state.withLock { state in
            state.tasks.append(task)
            state.callers.append(context.header.caller)
        }
        switch task.func {
        case "refuse": throw Fault(code: "agent.full", message: "no room", hint: "wait", retryable: true)
        case "crash": throw CancellationError()
        case "hold": await withCheckedContinuation { waiter in state.withLock { $0.held.append(waiter) } }
        case "odd": return TaskResult(taskId: task.taskId, attempt: 1, state: .init(rawValue: 99))
        default: break
        }
        return Self.result(task)
    }

    func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult {
        state.withLock { $0.resumed.append(attempt) }
        return Self.result(RunTask(taskId: attempt.taskId, attempt: attempt.attempt))
    }

    func recorded(attempts: [AttemptRef], context: CallContext) async throws {
        state.withLock { $0.recorded += attempts }
    }

    func kill(taskId: Int64, reason: String, context: CallContext) async throws {
        state.withLock { $0.killed.append(taskId) }
    }

    func refresh(generation: Int64, context: CallContext) async throws {}

    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for waiter in held { waiter.resume() }
    }

    static func result(_ task: RunTask) -> TaskResult {
        TaskResult(
            taskId: task.taskId, attempt: task.attempt, state: .failed, flag: -1, message: "exit status 3",
            result: #"{"a":1}"#, costMs: 12, exitCode: 3, signal: 9,
            stdout: OutputText(head: "a", tail: "z", dropped: 5), stderr: OutputText(head: "e"),
            code: "agent.worker.exit", version: "1.2.3",
            hops: [Hop(place: "agent", event: "spawned", atMicros: 70, rule: "limit.workers")])
    }
}
