import AgentLinks
import ElvesCore
import Synchronization

/// A task's ends: by its agent's word, by a rule, by request; and what follows a bad one.
extension LiveTask {
    /// An end that somebody proposes.
    struct End {
        let state: TaskState
        let outcome: TaskOutcome
        /// The agent's own hops.
        var hops: [TaskHop] = []
        /// What decided.
        var rule = ""
        /// The attempt that it is about; nil: whichever is under way.
        var attempt: Int32?
    }

    /// What an end sets free.
    struct Release {
        let waits: [CheckedContinuation<Void, Never>]
        /// The channel that held a place for the task.
        let channel: AgentChannel?
        let wasInFlight: Bool
        /// What it waited for.
        let expectation: Expectation?
        /// Why it was to end, if it ended while its agent was away.
        let openWish: String?
    }

    /// What came of a proposed end.
    enum Ending {
        case ended(Release)
        /// Another attempt follows: the task waits for it.
        case again(Release)
        /// The task had ended, or the attempt is not the present one; nothing changed.
        case late
        /// The task's state does not lead there; nothing changed.
        case illegal
    }

    /// The moment of an end, on both clocks.
    struct Moment {
        let wallMs: Int64
        let micros: Int64
    }

    /// Ends the task, or lets another attempt follow. Nothing follows an end. `jitter`: a number from 0 to its
    /// argument.
    func end(_ end: End, at now: Moment, jitter: (Int64) -> Int64) -> Ending {
        let ending: Ending = state.withLock { state in
            if state.record.state.isEnd { return .late }
            if let attempt = end.attempt, attempt != state.record.attempt { return .late }
            var lifecycle = TaskLifecycle(state.record.state)
            // The agent tells the end of an attempt of which only the agent still knows that it was sent.
            if end.attempt != nil, state.again, lifecycle.state == .created { _ = lifecycle.move(to: .dispatched) }
            guard lifecycle.move(to: end.state) == .moved else { return .illegal }
            let delay =
                batch?.isStopping == true
                ? nil : state.delayBeforeNext(end, at: now, startLimit: startLimit, jitter: jitter)
            if let delay {
                let release = state.release(waits: [])
                state.startOver(after: end, target, again: isRecovered, atMicros: now.micros - bornMicros)
                state.record.nextAttemptAt = now.wallMs + delay
                state.expect(.pause, by: now.micros + delay * 1_000)
                publishDue(state)
                return .again(release)
            }
            state.record.state = lifecycle.state
            state.record.outcome = end.outcome
            state.record.endedAt = now.wallMs
            state.record.nextAttemptAt = 0
            state.record.hops += end.hops
            state.record.hops.append(TaskHop(event: "ended", atMicros: now.micros - bornMicros, rule: end.rule))
            let release = state.release(waits: state.waits.takeAll())
            publishDue(state)
            return .ended(release)
        }
        if case .again = ending { changed() }
        return ending
    }

    /// Takes the agent's definite word on a task that ended as `unknown`; false when it did not, or when the word is
    /// about another attempt.
    func learn(_ report: TaskReport, at now: Moment) -> Bool {
        state.withLock { state in
            guard state.record.state == .unknown, state.record.attempt == report.attempt else { return false }
            var lifecycle = TaskLifecycle(.unknown)
            guard lifecycle.move(to: report.state) == .moved else { return false }
            state.record.state = lifecycle.state
            state.record.outcome = report.outcome
            state.record.endedAt = now.wallMs
            state.record.hops += report.hops
            state.record.hops.append(
                TaskHop(event: "ended", atMicros: now.micros - bornMicros, rule: "agent.lateWord"))
            return true
        }
    }

    /// Follows the agent, which knows of a later attempt than the record: the record of that was lost.
    func catchUp(with attempt: Int32) {
        state.withLock { state in
            guard state.again, !state.record.state.isEnd, state.record.attempt < attempt else { return }
            state.record.attempt = attempt
        }
    }

    /// Its place among its batch's ends.
    func setBatchPlace(_ place: Int64) {
        state.withLock { $0.record.batchPlace = place }
    }

    // MARK: By request

    /// What came of the wish that it ends.
    enum Asked {
        /// It has not started and never will.
        case notStarted
        /// It may have started: its agent is to end it. Nil: its agent is away, and hears of it when it is back.
        case mayRun(AgentChannel?)
        /// An earlier process may have sent it, and this one has not: its agent is to be asked. It waited for this.
        case mayRunUnsent(Expectation?)
        /// It may have started, and only what has not was to end.
        case started
        case ended
    }

    /// Asks it to end. The first wish counts: a second one gets the same answer.
    func ask(toEnd reason: String, evenIfRunning: Bool, now: Int64) -> Asked {
        let asked: Asked = state.withLock { state in
            if state.record.state.isEnd { return .ended }
            let mayRun = state.record.state != .created || state.again
            if mayRun, !evenIfRunning { return .started }
            if state.endWish == nil {
                state.endWish = reason
                state.record.hops.append(
                    TaskHop(event: Self.wishEvent, atMicros: now - bornMicros, rule: reason))
            }
            guard mayRun else { return .notStarted }
            guard state.record.state == .created else {
                if state.channel != nil, state.killAgainAt == .max { state.expectKill(now) }
                publishDue(state)
                return .mayRun(state.channel)
            }
            let expectation = state.expectation
            state.record.state = .dispatched
            state.expect(nil)
            publishDue(state)
            return .mayRunUnsent(expectation)
        }
        changed()
        return asked
    }

    /// Has a task that waits to start wait for its agent's word instead, because an earlier process may have sent it and
    /// this one is to send it no more. False when it does not wait to start, or was certainly not sent. `leave`: takes
    /// it out of where it waited.
    func turnToAsking(leave: (Expectation?) -> Void) -> Bool {
        let (turned, expectation): (Bool, Expectation?) = state.withLock { state in
            guard state.record.state == .created, state.again else { return (false, nil) }
            let expectation = state.expectation
            state.record.state = .dispatched
            state.expect(nil)
            publishDue(state)
            return (true, expectation)
        }
        guard turned else { return false }
        changed()
        leave(expectation)
        return true
    }

    /// The agent's hop of a worker that is about to start: its journal has the attempt.
    static let startingEvent = "starting"
    /// The hop that keeps a wish over a restart; its rule is the reason.
    static let wishEvent = "end asked"
}

extension LiveTask.State {
    /// Milliseconds before the next attempt; nil when none follows.
    fileprivate func delayBeforeNext(
        _ end: LiveTask.End, at now: LiveTask.Moment, startLimit: Int64?, jitter: (Int64) -> Int64
    ) -> Int64? {
        guard let rule = record.retryRule, endWish == nil, record.attempt < rule.attempts,
            rule.mayFollow(end.state, code: end.outcome.code)
        else { return nil }
        let delay = jitter(rule.longestDelay(after: record.attempt))
        if let startLimit, now.micros + delay * 1_000 >= startLimit { return nil }
        return delay
    }

    fileprivate mutating func release(waits: [CheckedContinuation<Void, Never>]) -> LiveTask.Release {
        let release = LiveTask.Release(
            waits: waits, channel: channel, wasInFlight: isInFlight, expectation: expectation,
            openWish: channel == nil && record.state == .unknown ? endWish : nil)
        channel = nil
        isInFlight = false
        expect(nil)
        killAgainAt = .max
        return release
    }

    /// The next attempt's beginning.
    fileprivate mutating func startOver(
        after end: LiveTask.End, _ target: TaskTarget, again: Bool, atMicros: Int64
    ) {
        let code = end.outcome.code.isEmpty ? "" : " \(end.outcome.code)"
        record.hops.append(
            TaskHop(
                event: "attempt \(record.attempt) \(end.state.name)", atMicros: atMicros,
                rule: end.rule.isEmpty ? "retry\(code)" : "retry\(code) \(end.rule)"))
        record.state = .created
        record.attempt += 1
        record.dispatchedAt = 0
        record.startedAt = 0
        record.boot = ""
        record.target = target
        self.again = again
    }
}
