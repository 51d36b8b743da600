import AgentLinks
package import ElvesCore

/// Ends by request, and doing it again.
extension SchedulerService {
    /// Ends a task that has not started; with `kill` also one that may run. Answers with its end, or with how it stands
    /// after `waitMs`. A task that ended is answered as it is, and a second wish like the first.
    package func cancel(
        _ id: ElvesID, kill: Bool, reason: String, waitMs: Int64
    ) async throws(ElvesError) -> Execution {
        try serves()
        guard let task = live[id] ?? bringUp(id), !task.isBeingClaimed else {
            return try await execution(id, waitMs: 0)
        }
        guard end(task, evenIfRunning: kill, outcome: Self.cancelled(reason)) else {
            throw ElvesError(
                .schedulerTaskStarted, "task \(id) was sent to its agent and may run: only killing ends it",
                details: ["task": id.description])
        }
        return try await execution(id, waitMs: waitMs)
    }

    /// Has the task end. False when it may run, and only what has not started is to end.
    ///
    /// One that has not been sent ends at once, with `outcome`. One that may run ends by its agent's word; when the
    /// agent is away it hears of the wish when it is back.
    @discardableResult
    func end(_ task: LiveTask, evenIfRunning: Bool, outcome: TaskOutcome, rule: String = "request") -> Bool {
        let reason = outcome.message
        switch task.ask(toEnd: reason, evenIfRunning: evenIfRunning, now: time.micros()) {
        case .ended: break
        case .started: return false
        case .notStarted: finish(task, .cancelled, outcome, rule: rule)
        case .mayRun(let channel): channel?.link.kill(task.id, reason: reason)
        case .mayRunUnsent(let expectation):
            leave(expectation, task)
            awaitWord(task, until: time.micros() + limits.lostPatienceMs * 1_000)
            askAgain(task)
        }
        return true
    }

    /// Ends a task that waits to start again and was to end while it was under way; false when nobody asked for that.
    @discardableResult
    func carryOutWish(_ task: LiveTask) -> Bool {
        guard let reason = task.endWish else { return false }
        return end(task, evenIfRunning: true, outcome: Self.cancelled(reason))
    }

    /// Has a task that waits to start wait for its agent's word instead, when an earlier process may have sent it; false
    /// when it does not, or was certainly not sent.
    func askInstead(_ task: LiveTask) -> Bool {
        guard task.turnToAsking(leave: { leave($0, task) }) else { return false }
        awaitWord(task, until: time.micros() + limits.lostPatienceMs * 1_000)
        askAgain(task)
        return true
    }

    /// How a task ends that was cancelled.
    static func cancelled(_ reason: String) -> TaskOutcome {
        TaskOutcome(
            code: ErrorCode.schedulerTaskCancelled.code,
            message: reason.isEmpty ? ErrorCode.schedulerTaskCancelled.title : reason)
    }

    /// A new task that does an ended one again: durable, with the same call on the same agent.
    ///
    /// - Parameter once: it gets one attempt, whatever the ended one's retry rule.
    package func retry(
        _ id: ElvesID, once: Bool = false, idempotencyKey: String, caller: String, trace: String, waitMs: Int64
    ) async throws(ElvesError) -> Execution {
        try serves()
        let record = try await execution(id, waitMs: 0)
        guard record.state.isEnd else {
            throw ElvesError(
                .schedulerTaskRunning, "task \(id) is \(record.state): only one that has ended is done again",
                details: ["task": id.description])
        }
        var order = ExecutionOrder(
            call: record.call, target: record.target,
            startByMs: record.startBy > 0 ? record.startBy - record.createdAt : 0, idempotencyKey: idempotencyKey,
            caller: caller, trace: trace)
        order.isDurable = true
        order.retryRule = once ? nil : record.retryRule
        order.owner = record.owner
        order.retryOf = id
        return try await execute(order, waitMs: waitMs)
    }
}
