import ElvesContracts
import ElvesCore

// Between the words of agent.thrift and the scheduler's own.

extension RunTask {
    init(_ attempt: TaskAttempt) {
        self.init(
            taskId: attempt.task.rawValue, attempt: attempt.number, app: attempt.call.app,
            func: attempt.call.function, param: attempt.call.param, timeoutMs: attempt.call.timeoutMs,
            proxy: attempt.call.proxy, startByMs: attempt.startByMs)
        // What is not so is not said: it would be a byte more in each call.
        if attempt.isDurable { durable = true }
        if attempt.again { again = true }
        if !attempt.call.files.isEmpty { files = attempt.call.files.map(FileRef.init) }
        if !attempt.recorded.isEmpty { recorded = attempt.recorded.map(AttemptRef.init) }
    }
}

extension AttemptRef {
    init(_ attempt: AttemptName) { self.init(taskId: attempt.task.rawValue, attempt: attempt.number) }
}

extension AttemptName {
    /// Nil when it names no task.
    init?(_ ref: AttemptRef) {
        guard let task = ElvesID(rawValue: ref.taskId) else { return nil }
        self.init(task: task, number: ref.attempt)
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
        outcome.worker = result.worker
        if let files = result.files { outcome.returned = files.map(TaskFile.init) }
        outcome.stdoutBytes = result.stdoutBytes ?? 0
        outcome.stderrBytes = result.stderrBytes ?? 0
        outcome.survivors = result.survivors ?? 0
        outcome.copiedBytes = result.copiedBytes
        self.init(
            task: task, attempt: result.attempt, state: state, outcome: outcome, hops: result.hops.map(TaskHop.init))
        if let app = result.app {
            origin = Origin(app: app, function: result.func ?? "", takenAt: max(0, result.takenAt ?? 0))
        }
    }
}

extension TaskReport {
    /// The same, but a state that this version does not know says that nobody can say how the attempt ended.
    init?(anyOf result: TaskResult) {
        if let report = TaskReport(result) {
            self = report
            return
        }
        guard let task = ElvesID(rawValue: result.taskId) else { return nil }
        self.init(
            task: task, attempt: result.attempt, state: .unknown,
            outcome: TaskOutcome(
                code: ErrorCode.schedulerAgentLost.code,
                message:
                    "the agent says that it ended in state \(result.state.rawValue), which this version does not know"))
    }
}

extension TaskFile {
    init(_ file: FileRef) {
        self.init(name: file.name, digest: file.digest, size: file.size, mode: file.mode ?? 0o644)
    }
}

extension FileRef {
    init(_ file: TaskFile) {
        self.init(name: file.name, digest: file.digest, size: file.size, mode: file.mode)
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
