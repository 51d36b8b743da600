package import ElvesContracts
internal import ElvesCore
package import Runner
internal import Thrift

/// A task on its way through the agent's hooks.
package struct TaskRun: Sendable {
    package let task: RunTask
    package let key: AttemptKey
    package let receivedAt: ContinuousClock.Instant
    /// UTC milliseconds by this machine's clock.
    package let receivedAtMs: Int64
    /// The version that runs it; set by the lookup.
    package var app: ShelvedApp?
    /// What the runner is asked for; the hooks fill it.
    package var order: WorkerOrder
    /// Whether its worker was started by the agent before this one, whose caller is gone.
    package var isAdopted = false
    /// What is answered; complete after the last hook.
    package var result: TaskResult

    package init(_ task: RunTask, at receivedAt: ContinuousClock.Instant, ms: Int64) {
        self.task = task
        self.receivedAt = receivedAt
        receivedAtMs = ms
        key = AttemptKey(taskId: task.taskId, attempt: task.attempt)
        order = WorkerOrder(key: key, command: [])
        result = TaskResult(taskId: task.taskId, attempt: task.attempt, state: .unknown, flag: -1)
    }

    /// When its start-by time passes.
    var startBy: ContinuousClock.Instant? {
        task.startByMs.flatMap { $0 > 0 ? receivedAt + .milliseconds($0) : nil }
    }

    mutating func note(_ event: String, place: String = "agent", at now: ContinuousClock.Instant, rule: String = "") {
        let micros = (now - receivedAt).components
        result.hops.append(
            Hop(
                place: place, event: event,
                atMicros: micros.seconds * 1_000_000 + micros.attoseconds / 1_000_000_000_000, rule: rule))
    }

    /// Takes the worker's end as the task's.
    mutating func finish(_ end: WorkerEnd, reportLimit: Int) {
        let verdict = Verdict(
            end, workerProtocol: app?.manifest.workerProtocol ?? .json, timeout: order.timeout)
        result.state = verdict.state
        result.flag = verdict.flag
        result.message = verdict.message
        result.result = verdict.result
        result.code = verdict.code?.code ?? ""
        result.costMs = end.cost.wholeMilliseconds
        result.stdout = OutputText(end.output, limit: reportLimit)
        result.stderr = OutputText(end.errors, limit: reportLimit)
        result.stdoutBytes = end.outputBytes
        result.stderrBytes = end.errorBytes
        result.copiedBytes = end.copiedBytes
        result.survivors = Int32(clamping: end.survivors)
        switch end.status {
        case .exited(let code): result.exitCode = code
        case .signaled(let signal): result.signal = signal
        default: break
        }
        if end.survivors > 0 {
            result.message += "; \(end.survivors) of its processes outlived KILL"
            result.code = ErrorCode.runnerSurvivors.code
        }
    }

    /// The task ends without its worker's word.
    mutating func fail(_ error: ElvesError) {
        result.state = Self.state(of: error.code)
        result.flag = -1
        result.code = error.code.code
        result.message = error.message
        result.survivors = error.survivors.map { Int32(clamping: $0) }
        if !error.hint.isEmpty, error.hint != error.code.hint { result.message += ". " + error.hint }
    }

    /// `rejected`: nothing was started and another try may help. `unknown`: it may have started. Else it failed:
    /// the agent could not run it, for a reason that another try would meet again.
    private static func state(of code: ErrorCode) -> ElvesContracts.TaskState {
        switch code {
        case .agentFull, .agentAppFull, .runnerFull, .agentStopping, .elvesStopping, .agentDiskFull, .agentJournal,
            .agentJournalFull, .agentAttemptTaken, .runnerAttemptTaken, .agentAppInstalling, .agentFilesMissing:
            .rejected
        case .agentAttemptExpired: .expired
        case .schedulerTaskCancelled: .cancelled
        case .agentRunnerLost, .agentRestarted, .runnerAttemptUnknown: .unknown
        case .agentWorkerKilled: .killed
        default: .failed
        }
    }
}
