import AgentLinks
import ElvesCore
import Synchronization

/// Ends, and what follows them.
extension SchedulerService {
    /// Ends a task whose agent is not there. `neverSent`: nothing of it ever left.
    func finishUnreachable(_ task: LiveTask, _ why: String, rule: String, neverSent: Bool = false) {
        // Of an attempt that may have been sent nobody can say that it did not start.
        guard neverSent || !task.mayHaveBeenSent else { return finishUnknown(task, why, rule: rule) }
        finish(
            task, .unreachable, TaskOutcome(code: ErrorCode.schedulerAgentUnreachable.code, message: why), rule: rule)
    }

    func finishUnknown(
        _ task: LiveTask, _ why: String, code: String = ErrorCode.schedulerAgentLost.code, rule: String,
        attempt: AttemptName? = nil, kept: WriterQueue.KeptResult? = nil
    ) {
        finish(
            task,
            LiveTask.End(
                state: .unknown, outcome: TaskOutcome(code: code, message: why), rule: rule,
                attempt: attempt?.number), kept: kept)
    }

    /// Ends the task by a rule of the scheduler.
    func finish(_ task: LiveTask, _ state: TaskState, _ outcome: TaskOutcome, rule: String) {
        finish(task, LiveTask.End(state: state, outcome: outcome, rule: rule))
    }

    /// Ends the task once: frees its places, hands its record on, and wakes who waits; or lets another attempt follow.
    ///
    /// - Parameters:
    ///   - kept: the agent's result, until it is recorded.
    ///   - late: the agent's word, for a task that has ended without it.
    func finish(
        _ task: LiveTask, _ end: LiveTask.End, kept: WriterQueue.KeptResult? = nil, late: TaskReport? = nil
    ) {
        let now = LiveTask.Moment(wallMs: time.wallMs(), micros: time.micros())
        outputEnds(task, end)
        // What was refused before the agent's journal is in none.
        task.isKeptByAgent = kept != nil && end.hops.contains { $0.event == LiveTask.startingEvent }
        defer { output?.followers.wake(task.id) }
        switch task.end(end, at: now, jitter: jitter) {
        case .ended(let release): ended(task, end, release, kept, now)
        case .again(let release):
            numbers.retried.add(1, ordering: .relaxed)
            free(release, of: task)
            freePlaces(of: task)
            if kept != nil || task.needsRecordToStart {
                writer.add(task, weight: 512, kept: kept, isSynced: task.needsRecordToStart)
            }
        case .late: tooLate(task, late, kept, now)
        case .illegal:
            let said = "the agent says \(end.state) of a task that it has said to run"
            finishUnknown(task, said, rule: "agent.answer", attempt: kept?.attempt, kept: kept)
        }
    }

    private func ended(
        _ task: LiveTask, _ end: LiveTask.End, _ release: LiveTask.Release, _ kept: WriterQueue.KeptResult?,
        _ now: LiveTask.Moment
    ) {
        free(release, of: task)
        numbers.ended.add(1, ordering: .relaxed)
        if task.isDurable, task.batch == nil { numbers.letGo() }
        let noted = task.batch?.note(task.id, end.state, wallMs: now.wallMs)
        if let noted { task.setBatchPlace(noted.place) }
        // Before its places are free: nothing starts in them that the batch does not want any more.
        if let batch = task.batch, noted?.stops == true { closeRest(batch) }
        dispatcher.release(task.id)
        // The tasks of a batch share one param.
        let param = task.batch == nil ? task.paramBytes : 0
        let weight = end.outcome.weight + param + end.hops.reduce(0) { $0 + $1.weight } + 512
        writer.add(task, weight: weight, kept: kept)
        for wait in release.waits { wait.resume() }
        if let batch = task.batch, let noted {
            if batch.handOn() { complete(batch) }
            for wait in noted.waits { wait.resume() }
        }
        dispatch()
    }

    /// The agent's word on a task that has ended without it: a definite one follows `unknown`, once. Either way the
    /// agent hears when the record with it is committed.
    private func tooLate(
        _ task: LiveTask, _ report: TaskReport?, _ kept: WriterQueue.KeptResult?, _ now: LiveTask.Moment
    ) {
        numbers.late.add(1, ordering: .relaxed)
        guard let kept else { return }
        guard let report, task.learn(report, at: now) else { return writer.add(task, weight: 0, kept: kept) }
        writer.add(task, weight: report.weight + 512, kept: kept)
        task.batch?.amend(from: .unknown, to: report.state)
        if let batch = task.batch?.id ?? task.record.batchID { writer.recount(batch) }
    }

    /// Gives back what the task held, and takes it out of where it waited.
    private func free(_ release: LiveTask.Release, of task: LiveTask) {
        if release.wasInFlight { numbers.release() }
        leave(release.expectation, task)
        if let reason = release.openWish, let agent = task.record.target.id {
            kills.add(OpenKills.Kill(task: task.id, reason: reason), at: agent)
        }
    }

    /// Takes the task out of where it waited for that.
    func leave(_ expectation: LiveTask.Expectation?, _ task: LiveTask) {
        switch expectation {
        case .turn: withdraw(task)
        case .connection: _ = waiting.leave(task, for: task.target)
        case .word: _ = lost.leave(task, for: task.record.target)
        case .pause, .answer, nil: break
        }
    }

    /// The next attempt may begin once the record says so.
    private func pauseIsOver(_ task: LiveTask) {
        guard task.needsRecordToStart else { return submit(task) }
        if !task.isQueued { writer.add(task, weight: 512, isSynced: true) }
        // The next sweep looks again.
        task.pause(until: time.micros())
    }

    /// The start-by time of a task passed while it waited for its turn.
    private func expire(_ task: LiveTask) {
        // Of one that an earlier process may have sent nobody can say that it did not start, but its agent.
        if askInstead(task) { return }
        finishExpired(task)
    }

    /// Ends a task that did not start by its time.
    func finishExpired(_ task: LiveTask) {
        let why = "its start-by time passed while it waited for its turn"
        finish(
            task, .expired, TaskOutcome(code: ErrorCode.schedulerTaskExpired.code, message: why), rule: "startBy")
    }

    /// What a task waited for did not come in time.
    func missed(_ expectation: LiveTask.Expectation, _ task: LiveTask) {
        switch expectation {
        case .turn:
            withdraw(task)
            expire(task)
        case .pause: pauseIsOver(task)
        case .connection:
            // Somebody else has it when it is not there: its agent has just connected.
            guard waiting.leave(task, for: task.target) else { return }
            finishUnreachable(task, "agent \(task.target.words) did not connect in time", rule: "startBy")
        case .word:
            _ = lost.leave(task, for: task.record.target)
            finishUnknown(
                task, "the connection broke, and the agent has not been back within \(limits.lostPatienceMs / 1_000) s",
                rule: "lostPatience")
        case .answer:
            if let id = task.record.target.id {
                agents.link(of: id)?.link.kill(task.id, reason: "no answer within its timeout and the grace after it")
            }
            finishUnknown(
                task, "the agent did not answer within the timeout and the grace after it", rule: "backstop")
        }
    }
}
