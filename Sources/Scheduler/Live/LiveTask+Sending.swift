import AgentLinks
import ElvesCore
import Synchronization

/// A task's ways to its agent.
extension LiveTask {
    /// Notes that the task waits for its turn; false when it waits to start no more.
    func awaitTurn() -> Bool {
        state.withLock { state in
            guard state.record.state == .created, state.endWish == nil else { return false }
            state.expect(.turn, by: startLimit ?? .max)
            publishDue(state)
            return true
        }
    }

    /// Notes that the agent is not there yet, once the task is in the waiting room. Nothing happens to a task that
    /// was taken out of it meanwhile.
    func awaitConnection(rule: String, now: Int64) {
        state.withLock { state in
            guard state.record.state == .created, let startBy else { return }
            state.expect(.connection, by: startBy)
            state.record.hops.append(TaskHop(event: "waiting", atMicros: now - bornMicros, rule: rule))
            publishDue(state)
        }
    }

    /// Milliseconds that are left for it to start; nil when there is no limit.
    func startByMs(_ now: Int64) -> Int64? {
        startLimit.map { max(1, ($0 - now) / 1_000) }
    }

    /// An attempt that goes out.
    struct Sending {
        let attempt: Int32
        let call: FunctionCall
        let caller: String
        let trace: String
        /// Whether it may have been sent before.
        let again: Bool
        /// Milliseconds that its end may take.
        let patienceMs: Int64
    }

    /// Notes that the attempt goes out over `channel`; nil when the task is not waiting to start. `patience`:
    /// milliseconds that the end of a call may take.
    func dispatch(
        over channel: AgentChannel, wallMs: Int64, now: Int64, patience: (FunctionCall) -> Int64
    ) -> Sending? {
        let sending: Sending? = state.withLock { state in
            guard state.record.state == .created, state.endWish == nil else { return nil }
            let patienceMs = patience(state.record.call)
            state.record.state = .dispatched
            state.record.dispatchedAt = wallMs
            state.record.nextAttemptAt = 0
            state.record.target.id = channel.agent.id
            state.record.target.ip = channel.agent.ip
            state.record.boot = channel.link.boot
            state.record.hops.append(
                TaskHop(event: "dispatched", atMicros: now - bornMicros, rule: state.again ? "again" : ""))
            state.channel = channel
            let again = state.again
            state.again = true
            state.expect(.answer, by: now + patienceMs * 1_000)
            publishDue(state)
            return Sending(
                attempt: state.record.attempt, call: state.record.call, caller: state.record.caller,
                trace: state.record.trace, again: again, patienceMs: patienceMs)
        }
        if sending != nil { changed() }
        return sending
    }

    /// Why it is to end, when it is under way over this channel and somebody asked for that.
    func wish(over channel: AgentChannel) -> String? {
        state.withLock { state in
            !state.record.state.isEnd && state.channel === channel ? state.endWish : nil
        }
    }

    /// What an attempt that goes no further held.
    struct Held {
        let channel: AgentChannel?
        let wasInFlight: Bool
    }

    /// Takes back an attempt that never left, so that it may still start; nil when the task has ended or the attempt
    /// is another. `keepsFlight`: it goes on counting among the tasks in flight.
    func takeBack(_ attempt: TaskAttempt, rule: String, now: Int64, keepsFlight: Bool = false) -> Held? {
        state.withLock { state in
            guard state.record.state == .dispatched, state.record.attempt == attempt.number else { return nil }
            // Whether an earlier try may have left is as open as it was.
            state.again = attempt.again
            let hop = TaskHop(event: "not sent", atMicros: now - bornMicros, rule: rule)
            let held = state.returnToStart(target, hop, keepsFlight: keepsFlight)
            publishDue(state)
            return held
        }
    }

    /// Puts the next try of a task that has not started off until then.
    func pause(until deadline: Int64) {
        state.withLock { state in
            guard state.record.state == .created else { return }
            state.expect(.pause, by: deadline)
            publishDue(state)
        }
    }

    /// Lets the task start again, because its agent is sure that it never took the attempt; nil when the task has
    /// ended, or when its worker is known to have run, which makes the agent's word worth nothing.
    func neverTaken(_ attempt: AttemptName, now: Int64) -> Held? {
        let held: Held? = state.withLock { state in
            guard state.record.state == .dispatched, state.record.attempt == attempt.number else { return nil }
            let hop = TaskHop(event: "never taken", atMicros: now - bornMicros, rule: "agent.neverTook")
            let held = state.returnToStart(target, hop)
            publishDue(state)
            return held
        }
        if held != nil { changed() }
        return held
    }

    /// Notes that the connection ended under the attempt: its agent has until `deadline` to come back. Nil when the
    /// task has ended, or waits for another connection's word. Answers with the channel that held a place for it.
    func lose(
        _ attempt: AttemptName, over channel: AgentChannel, until deadline: Int64, rule: String, now: Int64
    ) -> AgentChannel? {
        state.withLock { state in
            guard !state.record.state.isEnd, state.record.attempt == attempt.number, state.channel === channel else {
                return nil
            }
            state.channel = nil
            state.record.hops.append(TaskHop(event: "connection lost", atMicros: now - bornMicros, rule: rule))
            state.expect(.word, by: deadline)
            publishDue(state)
            return channel
        }
    }

    /// Lets a task that was taken up from its record wait for its agent's word.
    func awaitWord(until deadline: Int64) {
        state.withLock { state in
            guard !state.record.state.isEnd else { return }
            state.expect(.word, by: deadline)
            publishDue(state)
        }
    }

    /// An attempt that is asked for again.
    struct Resumption {
        let attempt: AttemptName
        let patienceMs: Int64
        /// Why it is to end, if somebody asked for that meanwhile.
        let endWish: String?
    }

    /// Notes that the agent is back, over `channel`, and is asked for the attempt; nil when the task does not wait
    /// for its word.
    func resume(
        over channel: AgentChannel, now: Int64, patience: (FunctionCall) -> Int64
    ) -> Resumption? {
        state.withLock { state in
            guard state.expectation == .word else { return nil }
            let patienceMs = patience(state.record.call)
            state.channel = channel
            state.record.hops.append(TaskHop(event: "agent back", atMicros: now - bornMicros))
            state.expect(.answer, by: now + patienceMs * 1_000)
            if state.endWish != nil { state.expectKill(now) }
            publishDue(state)
            return Resumption(
                attempt: AttemptName(task: id, number: state.record.attempt), patienceMs: patienceMs,
                endWish: state.endWish)
        }
    }

    /// Notes that the worker runs; false when that is no news.
    func started(_ attempt: Int32, at agent: ElvesID, wallMs: Int64, now: Int64) -> Bool {
        let isNews = state.withLock { state in
            guard state.record.attempt == attempt, state.record.target.id == agent,
                state.record.state == .dispatched
            else { return false }
            var lifecycle = TaskLifecycle(state.record.state)
            guard lifecycle.move(to: .running) == .moved else { return false }
            state.record.state = .running
            state.record.startedAt = wallMs
            state.record.hops.append(TaskHop(event: "running", atMicros: now - bornMicros))
            return true
        }
        if isNews { changed() }
        return isNews
    }

    /// Notes, before the scheduler stops, that the task is handed to the next process; false when it has ended. What
    /// its record says now is certain: a task that has not been sent was not.
    func handsBack(_ now: Int64) -> Bool {
        state.withLock { state in
            guard !state.record.state.isEnd else { return false }
            let certain = state.record.state != .created || !state.again
            state.record.hops.append(
                TaskHop(
                    event: Self.stoppedEvent, atMicros: now - bornMicros, rule: certain ? Self.stoppedRule : ""))
            return true
        }
    }

    /// The hop of a scheduler that stopped in order.
    static let stoppedEvent = "scheduler stopped"
    static let stoppedRule = "scheduler.stop"

    /// Counts it among the tasks in flight; false when it is counted, or has ended.
    func entersFlight() -> Bool {
        state.withLock { state in
            guard !state.isInFlight, !state.record.state.isEnd else { return false }
            state.isInFlight = true
            return true
        }
    }
}

extension LiveTask.State {
    /// Back to `created`, for an attempt that is not under way after all.
    fileprivate mutating func returnToStart(
        _ target: TaskTarget, _ hop: TaskHop, keepsFlight: Bool = false
    ) -> LiveTask.Held {
        record.state = .created
        record.dispatchedAt = 0
        record.target = target
        record.hops.append(hop)
        expect(nil)
        let held = LiveTask.Held(channel: channel, wasInFlight: isInFlight && !keepsFlight)
        channel = nil
        if !keepsFlight { isInFlight = false }
        return held
    }
}
