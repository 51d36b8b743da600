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
            waiting.release(task.target)
            wait(task)
        } else {
            finishUnreachable(task, "agent \(task.target.words) is not connected", rule: "agent.notConnected")
        }
    }

    /// Lets the task wait for its agent, or ends it when it may not.
    func waitOrEnd(_ task: LiveTask) {
        guard task.startBy != nil else {
            return finishUnreachable(task, "agent \(task.target.words) is not connected", rule: "agent.notConnected")
        }
        wait(task)
    }

    private func wait(_ task: LiveTask) {
        // First the room, then the deadline: who finds the task due finds it in the room, or started.
        waiting.admit(task, for: task.target)
        task.awaitConnection(rule: "startBy", now: time.micros())
        // It may have ended, or its agent may have connected, since that was looked for.
        if task.hasEnded { _ = waiting.leave(task, for: task.target) }
        if let channel = channel(for: task.target), waiting.leave(task, for: task.target) { connected(task, channel) }
    }

    /// What an agent's new connection sets in motion.
    func arrived(_ channel: AgentChannel) {
        noteAgent(of: channel)
        for kill in kills.take(channel.agent.id) { channel.link.kill(kill.task, reason: kill.reason) }
        for task in lost.take(channel.agent) { resume(task, over: channel) }
        for task in waiting.take(channel.agent) { connected(task, channel) }
        dispatch()
    }

    /// Has the dispatcher know whether the agent is there.
    func noteAgent(of channel: AgentChannel) {
        dispatcher.note(channel.agent) {
            let link = agents.link(of: channel.agent.id)
            guard let link, link.isOpen else { return nil }
            return (link.agent, link.link.maxRunning)
        }
    }

    /// The agent that the task waited for is there.
    private func connected(_ task: LiveTask, _ channel: AgentChannel) {
        if task.isDurable { submit(task) } else { start(task, over: channel) }
    }

    /// Takes a place on the channel for the task and sends it.
    func start(_ task: LiveTask, over channel: AgentChannel) {
        guard dispatcher.seat(task.record, at: channel.agent.id) else {
            let code = ErrorCode.schedulerAgentOverloaded.code
            let why = "\(limits.tasksInFlightPerAgent) tasks are in flight on the agent already"
            let rule = "limit.tasksInFlightPerAgent"
            // Of one that may have been sent nobody can say that it did not start.
            guard !task.mayHaveBeenSent else { return finishUnknown(task, why, code: code, rule: rule) }
            return finish(task, .rejected, TaskOutcome(code: code, message: why), rule: rule)
        }
        send(task, over: channel)
    }

    /// Sends the task over a channel where it holds a place.
    func send(_ task: LiveTask, over channel: AgentChannel) {
        let now = time.micros()
        guard let sending = task.dispatch(over: channel, wallMs: time.wallMs(), now: now, patience: backstopMs) else {
            return freePlaces(of: task)
        }
        // The sweep gives the task up first; the channel's own deadline is for when it cannot.
        let attempt = TaskAttempt(
            task: task.id, number: sending.attempt, call: sending.call, caller: sending.caller, trace: sending.trace,
            isDurable: task.isDurable, again: sending.again, startByMs: task.startByMs(now),
            patienceMs: sending.patienceMs + 10_000, recorded: channel.takeRecorded())
        channel.link.run(attempt) { end in self.settle(task, attempt.name, channel, sent: attempt, end) }
        // A kill may have overtaken the attempt: the agent did not know the task yet.
        if let reason = task.wish(over: channel) { channel.link.kill(task.id, reason: reason) }
    }

    /// Asks the agent that is back for what became of the task.
    private func resume(_ task: LiveTask, over channel: AgentChannel) {
        guard let asked = task.resume(over: channel, now: time.micros(), patience: backstopMs) else { return }
        numbers.resumed.add(1, ordering: .relaxed)
        if let reason = asked.endWish { channel.link.kill(task.id, reason: reason) }
        channel.link.resume(asked.attempt, patienceMs: asked.patienceMs + 10_000) { end in
            self.settle(task, asked.attempt, channel, sent: nil, end)
        }
    }

    /// When a task is given up whose agent does not answer: past every time the agent itself keeps.
    private func backstopMs(_ call: FunctionCall) -> Int64 {
        guard let timeout = call.timeoutMs, timeout > 0 else { return limits.longestTaskMs }
        return min(timeout, limits.longestTaskMs) + limits.backstopSlackMs
    }

    // MARK: Answers

    /// What comes back for an attempt. `sent`: nil when it was only asked for again.
    private func settle(
        _ task: LiveTask, _ name: AttemptName, _ channel: AgentChannel, sent: TaskAttempt?, _ end: AttemptEnd
    ) {
        switch end {
        case .reported(let report): take(report, of: task, as: name, from: channel.agent.id)
        case .refused(let code, let message): refused(task, name, channel, sent, code, message)
        case .notSent(let why):
            guard let sent else { return lose(task, name, channel, rule: "channel.notSent") }
            notSent(task, sent, channel, why)
        case .lost: lose(task, name, channel, rule: "channel.lost")
        case .silent(let why): finishUnknown(task, why, rule: "backstop", attempt: name)
        case .unreadable(let why):
            finishUnknown(task, "the agent's answer cannot be read: \(why)", rule: "agent.answer", attempt: name)
        }
    }

    /// Takes the agent's word on the attempt `name` of the task. `receipt`: of who waits until it is recorded.
    func take(
        _ report: TaskReport, of task: LiveTask, as name: AttemptName, from agent: ElvesID, receipt: Receipt? = nil
    ) {
        let kept = WriterQueue.KeptResult(agent: agent, attempt: name, receipt: receipt)
        guard report.name == name, report.state.isAgentsWord else {
            let said = "task \(report.task), attempt \(report.attempt), \(report.state)"
            return finishUnknown(
                task, "the agent's answer does not fit: \(said)", rule: "agent.answer", attempt: name, kept: kept)
        }
        let weight = report.weight
        guard weight <= limits.answerBytes else {
            return finishUnknown(
                task, "the agent's answer holds \(weight) bytes; at most \(limits.answerBytes) are kept",
                rule: "limit.answerBytes", attempt: name, kept: kept)
        }
        if report.state == .rejected, report.outcome.code == ErrorCode.agentAttemptTaken.code {
            return finishUnknown(task, report.outcome.message, rule: "agent.taken", attempt: name, kept: kept)
        }
        finish(
            task,
            LiveTask.End(state: report.state, outcome: report.outcome, hops: report.hops, attempt: name.number),
            kept: kept, late: report)
    }

    private func refused(
        _ task: LiveTask, _ name: AttemptName, _ channel: AgentChannel, _ sent: TaskAttempt?, _ code: String,
        _ message: String
    ) {
        switch code {
        case ErrorCode.agentAttemptUnknown.code where sent == nil: neverTaken(task, name, channel, message)
        case ErrorCode.agentAttemptForgotten.code, ErrorCode.agentAttemptTaken.code:
            finishUnknown(task, message, code: code, rule: "agent.forgotten", attempt: name)
        case ErrorCode.agentAttemptExpired.code:
            finish(
                task,
                LiveTask.End(
                    state: .expired, outcome: TaskOutcome(code: code, message: message), rule: "startBy",
                    attempt: name.number))
        case ErrorCode.agentStopping.code, ErrorCode.channelOverloaded.code:
            if sent == nil {
                // It stops, or is overwhelmed: the next connection is asked.
                if code == ErrorCode.agentStopping.code { return lose(task, name, channel, rule: code) }
            } else if task.isDurable, let sent, pause(task, sent, rule: code) {
                return
            }
            refuse(task, name, code, message, wasSent: sent != nil)
        default: refuse(task, name, code, message, wasSent: sent != nil)
        }
    }

    /// The attempt was refused. Only of one that was sent just now does that say that it did not start.
    private func refuse(_ task: LiveTask, _ name: AttemptName, _ code: String, _ message: String, wasSent: Bool) {
        finish(
            task,
            LiveTask.End(
                state: wasSent ? .rejected : .unknown, outcome: TaskOutcome(code: code, message: message),
                rule: "agent.refused", attempt: name.number))
    }

    /// The agent is sure that it never took the attempt.
    private func neverTaken(_ task: LiveTask, _ name: AttemptName, _ channel: AgentChannel, _ message: String) {
        let record = task.record
        let wasRebooted = record.boot.isEmpty || record.boot != channel.link.boot
        if let reason = task.endWish, record.state == .dispatched, task.isDurable || !wasRebooted {
            return finish(
                task,
                LiveTask.End(
                    state: .cancelled, outcome: Self.cancelled(reason), rule: "request",
                    attempt: name.number))
        }
        guard task.isDurable else {
            guard record.state == .dispatched, !wasRebooted else {
                let why = "the machine was restarted, and the attempt was not safe on its disk"
                return finishUnknown(
                    task, record.state == .dispatched ? why : message, rule: "agent.rebooted", attempt: name)
            }
            return finish(
                task,
                LiveTask.End(
                    state: .unreachable,
                    outcome: TaskOutcome(code: ErrorCode.schedulerAgentUnreachable.code, message: message),
                    rule: "agent.neverTook", attempt: name.number))
        }
        guard let held = task.neverTaken(name, now: time.micros()) else {
            return finishUnknown(task, message, rule: "agent.answer", attempt: name)
        }
        free(held, of: task)
        if carryOutWish(task) { return }
        if let batch = task.batch, batch.isStopping { return finishUnstarted(task, of: batch) }
        if let limit = task.startLimit, limit <= time.micros() { return finishExpired(task) }
        submit(task)
    }

    /// Lets a durable task whose attempt was not taken try again after a moment; false when it has ended.
    private func pause(_ task: LiveTask, _ attempt: TaskAttempt, rule: String) -> Bool {
        guard let held = task.takeBack(attempt, rule: rule, now: time.micros()) else { return false }
        task.pause(until: time.micros() + limits.briefPauseMs * 1_000)
        free(held, of: task)
        carryOutWish(task)
        return true
    }

    /// The attempt never left, because the connection has just ended: a task that may wait for its agent does.
    private func notSent(_ task: LiveTask, _ attempt: TaskAttempt, _ channel: AgentChannel, _ why: String) {
        if attempt.again {
            // An earlier try may have left: only the agent knows.
            return lose(task, attempt.name, channel, rule: "channel.notSent")
        }
        guard let startBy = task.startBy, startBy > time.micros() else {
            return finishUnreachable(task, why, rule: "channel.notSent", neverSent: true)
        }
        let isDurable = task.isDurable
        guard isDurable || waiting.reserve(task.target, limit: limits.tasksInFlightPerAgent) else {
            return finishUnreachable(task, why, rule: "channel.notSent", neverSent: true)
        }
        let held = task.takeBack(attempt, rule: "channel.notSent", now: time.micros(), keepsFlight: !isDurable)
        if !isDurable { waiting.release(task.target) }
        guard let held else {
            numbers.late.add(1, ordering: .relaxed)
            return
        }
        free(held, of: task)
        if !carryOutWish(task) { wait(task) }
    }

    /// The connection ended under the attempt: the task waits for its agent's word.
    private func lose(_ task: LiveTask, _ name: AttemptName, _ channel: AgentChannel, rule: String) {
        let now = time.micros()
        let deadline = now + limits.lostPatienceMs * 1_000
        // It keeps its places: the worker may still run.
        guard task.lose(name, over: channel, until: deadline, rule: rule, now: now) != nil else { return }
        let target = TaskTarget(id: channel.agent.id)
        lost.admit(task, for: target)
        // It may have ended, or its agent may be back over another connection, since.
        if task.hasEnded { _ = lost.leave(task, for: target) }
        guard let next = agents.link(of: channel.agent.id), next !== channel, next.isOpen else { return }
        _ = lost.leave(task, for: target)
        resume(task, over: next)
    }

    /// Asks the agent for the task's end, if it is there.
    func askAgain(_ task: LiveTask) {
        let target = task.record.target
        guard let channel = channel(for: target) else { return }
        _ = lost.leave(task, for: target)
        resume(task, over: channel)
    }

    /// Lets a task that was taken up from its record wait for the word of the agent that it was sent to.
    func awaitWord(_ task: LiveTask, until deadline: Int64) {
        task.awaitWord(until: deadline)
        lost.admit(task, for: task.record.target)
    }

    // MARK: What is set free

    private func free(_ held: LiveTask.Held, of task: LiveTask) {
        guard held.wasInFlight else { return }
        numbers.release()
        freePlaces(of: task)
    }

    /// Gives the task's places to whoever's turn it is.
    func freePlaces(of task: LiveTask) {
        dispatcher.release(task.id)
        dispatch()
    }
}

extension TaskTarget {
    /// The target for a message.
    var words: String {
        [name, id?.description ?? "", ip].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
