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
    private let state: Mutex<State>
    /// When the sweep has to look at it, in microseconds; read without the lock.
    private let dueMicros = Atomic<Int64>(.max)
    /// Whether the store knows of it, as a record or in its batch's plan.
    private let known: Atomic<Bool>

    init(_ record: Execution, bornMicros: Int64, batch: LiveBatch? = nil) {
        id = record.id
        self.bornMicros = bornMicros
        self.batch = batch
        known = Atomic(batch != nil)
        var record = record
        record.hops.reserveCapacity(4)
        record.hops.append(TaskHop(event: "created", atMicros: 0))
        state = Mutex(State(record: record))
    }

    /// The record as it is now.
    var record: Execution { state.withLock { $0.record } }

    /// Whether the store would miss it after a crash.
    var isUnknownToStore: Bool { !known.load(ordering: .relaxed) }

    func becameKnownToStore() { known.store(true, ordering: .relaxed) }

    func isDue(_ now: Int64) -> Bool { dueMicros.load(ordering: .relaxed) <= now }

    /// Notes that the agent is not there yet. Nothing happens after the end.
    func awaitConnection(until deadline: Int64, rule: String, now: Int64) {
        state.withLock { state in
            guard !state.record.state.isEnd else { return }
            state.expectation = .connection
            state.expectedBy = deadline
            state.record.hops.append(TaskHop(event: "waiting", atMicros: now - bornMicros, rule: rule))
            dueMicros.store(state.due, ordering: .relaxed)
        }
    }

    /// Milliseconds that are left for its agent to connect; nil when it does not wait for that.
    func startByMs(_ now: Int64) -> Int64? {
        state.withLock { state in
            guard state.expectation == .connection else { return nil }
            return max(1, (state.expectedBy - now) / 1_000)
        }
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

    /// Suspends until the end or until `deadline`.
    func waitForEnd(until deadline: Int64) async {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                if state.record.state.isEnd { return true }
                state.waits.add(until: deadline, continuation)
                dueMicros.store(state.due, ordering: .relaxed)
                return false
            }
            if ended { continuation.resume() }
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
