import AgentLinks
import ElvesCore
import Synchronization

/// A task in memory: from its creation until its end is written to the store.
final class LiveTask: Sendable {
    /// What the task itself waits for, beside those who wait for it.
    enum Expectation: Sendable {
        /// Its agent is to connect.
        case connection
        /// Its agent is to answer.
        case answer
    }

    /// What an end sets free.
    struct Release {
        let waits: [CheckedContinuation<Void, Never>]
        /// The channel that held a place for the task.
        let channel: AgentChannel?
    }

    private struct State {
        var record: Execution
        var waits = WaitList()
        var expectation: Expectation?
        var expectedBy = Int64.max
        var channel: AgentChannel?

        var due: Int64 { min(waits.due, expectedBy) }
    }

    let id: ElvesID
    /// When it was made, on the monotonic clock: hops count from here.
    let bornMicros: Int64
    /// The batch that it belongs to.
    let batch: LiveBatch?
    /// The machine as the caller named it.
    let target: TaskTarget
    /// When its agent must be connected at the latest, in microseconds; nil: at once.
    let startBy: Int64?
    private let state: Mutex<State>
    /// When the sweep has to look at it, in microseconds; read without the lock.
    private let dueMicros = Atomic<Int64>(.max)
    /// A `Registration`.
    private let registration: Atomic<Int>

    /// What the store knows of a task.
    private enum Registration: Int {
        /// Nothing: a crash would leave no trace of it.
        case none
        /// Its idempotency key is being claimed: until that is decided nobody else writes it.
        case claiming
        /// It has a record, or stands in its batch's plan.
        case known
    }

    /// - Parameters:
    ///   - startByMs: milliseconds within which its agent must be connected; 0: at once.
    ///   - claims: its idempotency key is claimed before anything else may record it.
    init(
        _ record: Execution, bornMicros: Int64, batch: LiveBatch? = nil, startByMs: Int64 = 0, claims: Bool = false
    ) {
        id = record.id
        self.bornMicros = bornMicros
        self.batch = batch
        target = record.target
        startBy = startByMs > 0 ? bornMicros + startByMs * 1_000 : nil
        registration = Atomic((batch != nil ? .known : claims ? .claiming : Registration.none).rawValue)
        var record = record
        record.hops.reserveCapacity(4)
        record.hops.append(TaskHop(event: "created", atMicros: 0))
        state = Mutex(State(record: record))
    }

    /// The record as it is now.
    var record: Execution { state.withLock { $0.record } }

    /// Whether the store would miss it after a crash.
    var isUnknownToStore: Bool { registration.load(ordering: .relaxed) == Registration.none.rawValue }

    /// Whether it is not decided yet that it is a task at all.
    var isBeingClaimed: Bool { registration.load(ordering: .relaxed) == Registration.claiming.rawValue }

    func becameKnownToStore() { registration.store(Registration.known.rawValue, ordering: .relaxed) }

    func isDue(_ now: Int64) -> Bool { dueMicros.load(ordering: .relaxed) <= now }

    /// Notes that the agent is not there yet, once the task is in the waiting room. Nothing happens to a task that
    /// was taken out of it meanwhile.
    func awaitConnection(rule: String, now: Int64) {
        state.withLock { state in
            guard state.record.state == .created, let startBy else { return }
            state.expectation = .connection
            state.expectedBy = startBy
            state.record.hops.append(TaskHop(event: "waiting", atMicros: now - bornMicros, rule: rule))
            dueMicros.store(state.due, ordering: .relaxed)
        }
    }

    /// Milliseconds that are left for it to start; nil when there is no limit.
    func startByMs(_ now: Int64) -> Int64? {
        startBy.map { max(1, ($0 - now) / 1_000) }
    }

    /// Notes that the attempt goes out over `channel`; false when the task is not waiting to start.
    func dispatch(over channel: AgentChannel, answerBy deadline: Int64, wallMs: Int64, now: Int64) -> Bool {
        state.withLock { state in
            guard state.record.state == .created else { return false }
            state.record.state = .dispatched
            state.record.dispatchedAt = wallMs
            state.record.target.id = channel.agent.id
            state.record.target.ip = channel.agent.ip
            state.record.hops.append(TaskHop(event: "dispatched", atMicros: now - bornMicros))
            state.channel = channel
            state.expectation = .answer
            state.expectedBy = deadline
            dueMicros.store(state.due, ordering: .relaxed)
            return true
        }
    }

    /// Takes back an attempt that never left, so that it may still start elsewhere; nil when the task has ended or
    /// the attempt is another. Answers with the channel that held a place for it.
    func takeBack(_ attempt: TaskAttempt, now: Int64) -> AgentChannel? {
        state.withLock { state in
            guard state.record.state == .dispatched, state.record.attempt == attempt.number else { return nil }
            state.record.state = .created
            state.record.dispatchedAt = 0
            state.record.target = target
            state.record.hops.append(
                TaskHop(event: "not sent", atMicros: now - bornMicros, rule: "channel.notSent"))
            state.expectation = nil
            state.expectedBy = .max
            dueMicros.store(state.due, ordering: .relaxed)
            defer { state.channel = nil }
            return state.channel
        }
    }

    /// Ends the task; nil when it has ended already: nothing follows an end.
    func end(
        _ end: TaskState, _ outcome: TaskOutcome, hops: [TaskHop], rule: String, wallMs: Int64, now: Int64
    ) -> Release? {
        state.withLock { state in
            var lifecycle = TaskLifecycle(state.record.state)
            guard lifecycle.move(to: end) == .moved else { return nil }
            state.record.state = lifecycle.state
            state.record.outcome = outcome
            state.record.endedAt = wallMs
            state.record.hops += hops
            state.record.hops.append(TaskHop(event: "ended", atMicros: now - bornMicros, rule: rule))
            let release = Release(waits: state.waits.takeAll(), channel: state.channel)
            state.channel = nil
            state.expectation = nil
            state.expectedBy = .max
            dueMicros.store(.max, ordering: .relaxed)
            return release
        }
    }

    /// Its place among its batch's ends.
    func setBatchPlace(_ place: Int64) {
        state.withLock { $0.record.batchPlace = place }
    }

    /// How many calls wait for its end.
    var waitCount: Int { state.withLock { $0.waits.count } }

    /// Suspends until the end, until `deadline`, or until the waiting task is cancelled.
    func waitForEnd(until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.record.state.isEnd || Task.isCancelled { return false }
                state.waits.add(ticket, until: deadline, continuation)
                dueMicros.store(state.due, ordering: .relaxed)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
    }

    /// What has become due: calls that have waited long enough, and what did not come in time.
    func takeDue(_ now: Int64) -> (waits: [CheckedContinuation<Void, Never>], missed: Expectation?) {
        state.withLock { state in
            let waits = state.waits.takeDue(now)
            var missed: Expectation?
            if state.expectedBy <= now {
                missed = state.expectation
                state.expectation = nil
                state.expectedBy = .max
            }
            dueMicros.store(state.due, ordering: .relaxed)
            return (waits, missed)
        }
    }

    /// Wakes everyone who waits, as when the scheduler stops.
    func takeWaits() -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.waits.takeAll() }
    }
}
