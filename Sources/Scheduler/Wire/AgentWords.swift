import ElvesContracts
import ElvesCore

// Between the words of agent.thrift and the scheduler's own.

extension RunTask {
    init(_ attempt: TaskAttempt) {
        self.init(
            taskId: attempt.task.rawValue, attempt: attempt.number, app: attempt.call.app,
            func: attempt.call.function, param: attempt.call.param, timeoutMs: attempt.call.timeoutMs,
            proxy: attempt.call.proxy, startByMs: attempt.startByMs)
    }
}

extension TaskReport {
    /// Nil when the result names no task, or a state that this version does not know.
    init?(_ result: TaskResult) {
        guard let task = ElvesID(rawValue: result.taskId),
            let state = ElvesCore.TaskState(rawValue: result.state.rawValue)
        else { return nil }
        var outcome = TaskOutcome()
        outcome.flag = result.flag
        outcome.message = result.message
        outcome.result = result.result
        outcome.costMs = result.costMs
        outcome.exitCode = result.exitCode
        outcome.signal = result.signal
        outcome.stdout = KeptOutput(result.stdout)
        outcome.stderr = KeptOutput(result.stderr)
        outcome.code = result.code
        outcome.version = result.version
        outcome.copiedBytes = result.copiedBytes
        self.init(
            task: task, attempt: result.attempt, state: state, outcome: outcome, hops: result.hops.map(TaskHop.init))
    }
}

extension KeptOutput {
    init(_ text: OutputText) { self.init(head: text.head, tail: text.tail, dropped: text.dropped) }
}

extension OutputText {
    init(_ output: KeptOutput) { self.init(head: output.head, tail: output.tail, dropped: output.dropped) }
}

extension TaskHop {
    init(_ hop: Hop) { self.init(place: hop.place, event: hop.event, atMicros: hop.atMicros, rule: hop.rule) }
}

extension Hop {
    init(_ hop: TaskHop) { self.init(place: hop.place, event: hop.event, atMicros: hop.atMicros, rule: hop.rule) }
}
