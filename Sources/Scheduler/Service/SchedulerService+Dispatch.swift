import AgentLinks
import ElvesCore
import Synchronization

/// A task's way to its agent and back.
extension SchedulerService {
    /// Starts the task over a channel where it holds a place, lets it wait for its agent where it holds a place
    /// to wait, or ends it.
    func begin(_ task: LiveTask, over channel: AgentChannel?) {
        numbers.started.add(1, ordering: .relaxed)
        if let channel {
            send(task, over: channel)
        } else if task.startBy != nil {
            wait(task)
        } else {
            finishUnreachable(task, "agent \(task.target.words) is not connected", rule: "agent.notConnected")
        }
    }

    /// Starts a task of a batch, or ends it when its agent is not connected.
    func begin(_ task: LiveTask, at target: TaskTarget) {
        guard let channel = channel(for: target) else { return begin(task, over: nil) }
        numbers.started.add(1, ordering: .relaxed)
        start(task, over: channel)
    }

    /// Lets the task wait for its agent, on the place that was taken for it.
    private func wait(_ task: LiveTask) {
        // First the room, then the deadline: who finds the task due finds it in the room, or started.
        waiting.enter(task, for: task.target)
        task.awaitConnection(rule: "startBy", now: time.micros())
        // It may have connected since it was looked for.
        if let channel = channel(for: task.target), waiting.leave(task, for: task.target) {
            start(task, over: channel)
        }
    }

    /// Takes a place on the channel for the task and sends it.
    func start(_ task: LiveTask, over channel: AgentChannel) {
        guard channel.reserve(limit: limits.tasksInFlightPerAgent) else {
            finish(
                task, .rejected,
                TaskOutcome(
                    code: ErrorCode.schedulerAgentOverloaded.code,
                    message: "\(limits.tasksInFlightPerAgent) tasks are in flight on the agent already"),
                rule: "limit.tasksInFlightPerAgent")
            return
        }
        send(task, over: channel)
    }

    private func send(_ task: LiveTask, over channel: AgentChannel) {
        let now = time.micros()
        let record = task.record
        let patienceMs = backstopMs(record.call)
        guard task.dispatch(over: channel, answerBy: now + patienceMs * 1_000, wallMs: time.wallMs(), now: now) else {
            channel.release()
            return
        }
        // The sweep gives the task up first; the channel's own deadline is for when it cannot.
        let attempt = TaskAttempt(
            task: task.id, number: record.attempt, call: record.call, caller: record.caller, trace: record.trace,
            startByMs: task.startByMs(now), patienceMs: patienceMs + 10_000)
        channel.link.run(attempt) { end in self.settle(task, attempt, end) }
    }

    /// When a task is given up whose agent does not answer: past every time the agent itself keeps.
    private func backstopMs(_ call: FunctionCall) -> Int64 {
        guard let timeout = call.timeoutMs, timeout > 0 else { return limits.longestTaskMs }
        return min(timeout, limits.longestTaskMs) + limits.backstopSlackMs
    }

    private func settle(_ task: LiveTask, _ attempt: TaskAttempt, _ end: AttemptEnd) {
        switch end {
        case .reported(let report):
            guard report.task == attempt.task, report.attempt == attempt.number, report.state.isAgentsWord else {
                let said = "task \(report.task), attempt \(report.attempt), \(report.state)"
                finishUnknown(
                    task, .schedulerAgentLost, "the agent's answer does not fit: \(said)", rule: "agent.answer")
                return
            }
            let weight = report.outcome.weight + report.hops.reduce(0) { $0 + $1.weight }
            guard weight <= limits.answerBytes else {
                finishUnknown(
                    task, .schedulerAgentLost,
                    "the agent's answer holds \(weight) bytes; at most \(limits.answerBytes) are kept",
                    rule: "limit.answerBytes")
                return
            }
            finish(task, report.state, report.outcome, hops: report.hops)
        case .refused(let code, let message):
            finish(task, .rejected, TaskOutcome(code: code, message: message), rule: "agent.refused")
        case .notSent(let why):
            notSent(task, attempt, why)
        case .lost(let why):
            finishUnknown(task, .schedulerAgentLost, why, rule: "channel.lost")
        case .unreadable(let why):
            finishUnknown(task, .schedulerAgentLost, "the agent's answer cannot be read: \(why)", rule: "agent.answer")
        }
    }

    /// The attempt never left, because the connection has just ended: a task that may wait for its agent does.
    private func notSent(_ task: LiveTask, _ attempt: TaskAttempt, _ why: String) {
        guard let startBy = task.startBy, startBy > time.micros(),
            waiting.reserve(task.target, limit: limits.tasksInFlightPerAgent)
        else { return finishUnreachable(task, why, rule: "channel.notSent") }
        guard let channel = task.takeBack(attempt, now: time.micros()) else {
            numbers.late.add(1, ordering: .relaxed)
            return waiting.release(task.target)
        }
        channel.release()
        wait(task)
    }

    private func finishUnreachable(_ task: LiveTask, _ why: String, rule: String) {
        finish(
            task, .unreachable, TaskOutcome(code: ErrorCode.schedulerAgentUnreachable.code, message: why), rule: rule)
    }

    private func finishUnknown(_ task: LiveTask, _ code: ErrorCode, _ why: String, rule: String) {
        finish(task, .unknown, TaskOutcome(code: code.code, message: why), rule: rule)
    }

    /// Ends the task once: frees its places, hands its record on, and wakes who waits. Later words are counted.
    func finish(
        _ task: LiveTask, _ state: TaskState, _ outcome: TaskOutcome, hops: [TaskHop] = [], rule: String = ""
    ) {
        let wallMs = time.wallMs()
        outputEnds(task, outcome)
        guard
            let release = task.end(state, outcome, hops: hops, rule: rule, wallMs: wallMs, now: time.micros())
        else {
            numbers.late.add(1, ordering: .relaxed)
            return
        }
        release.channel?.release()
        numbers.release()
        numbers.ended.add(1, ordering: .relaxed)
        let noted = task.batch?.note(task.id, state, wallMs: wallMs)
        if let noted { task.setBatchPlace(noted.place) }
        // The tasks of a batch share one param.
        let param = task.batch == nil ? task.record.call.param?.utf8.count ?? 0 : 0
        writer.add(task, weight: outcome.weight + param + hops.reduce(0) { $0 + $1.weight } + 512)
        for wait in release.waits { wait.resume() }
        output?.followers.wake(task.id)
        guard let batch = task.batch, let noted else { return }
        if batch.handOn() { writer.add(batch) }
        for wait in noted.waits { wait.resume() }
        pump(batch)
    }

    /// What a task waited for did not come in time.
    func missed(_ expectation: LiveTask.Expectation, _ task: LiveTask) {
        switch expectation {
        case .connection:
            // Somebody else has it when it is not there: its agent has just connected.
            guard waiting.leave(task, for: task.target) else { return }
            finishUnreachable(
                task, "agent \(task.target.words) did not connect in time", rule: "startBy")
        case .answer:
            if let id = task.record.target.id {
                agents.link(of: id)?.link.kill(task.id, reason: "no answer within its timeout and the grace after it")
            }
            finishUnknown(
                task, .schedulerAgentLost, "the agent did not answer within the timeout and the grace after it",
                rule: "backstop")
        }
    }
}

extension TaskTarget {
    /// The target for a message.
    var words: String {
        [name, id?.description ?? "", ip].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension TaskState {
    /// Whether an agent may say so of an attempt that it took.
    fileprivate var isAgentsWord: Bool {
        switch self {
        case .succeeded, .failed, .timedOut, .killed, .cancelled, .rejected, .expired, .unknown: true
        default: false
        }
    }
}
