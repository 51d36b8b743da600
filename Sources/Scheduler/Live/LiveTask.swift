import AgentLinks
import ElvesCore
import Synchronization

/// A task in memory: from its creation until its end is written to the store.
///
/// What happens to it is in `LiveTask+Sending` (its ways to the agent) and `LiveTask+Ending`.
final class LiveTask: Sendable {
    /// What the task itself waits for, beside those who wait for it.
    enum Expectation: Sendable {
        /// Its turn is to come.
        case turn
        /// Its next attempt is to begin.
        case pause
        /// Its agent is to connect.
        case connection
        /// Its agent is to answer.
        case answer
        /// The connection ended after the attempt was sent: its agent is to come back and say what became of it.
        case word
    }

    struct State {
        var record: Execution
        var waits = WaitList()
        var expectation: Expectation?
        var expectedBy = Int64.max
        /// The channel where the task holds a place.
        var channel: AgentChannel?
        /// Whether the present attempt may have been sent before: after a restart nobody knows for sure.
        var again = false
        /// Whether it counts among the tasks in flight.
        var isInFlight = false
        /// Why it is to end, once somebody asked for that.
        var endWish: String?
        /// When its agent is told once more that it is to end, in microseconds.
        var killAgainAt = Int64.max
        var killsLeft = LiveTask.killRepeats

        var due: Int64 { min(waits.due, expectedBy, killAgainAt) }

        /// Sets what it waits for.
        mutating func expect(_ expectation: Expectation?, by deadline: Int64 = .max) {
            self.expectation = expectation
            expectedBy = expectation == nil ? .max : deadline
        }
    }

    /// How often an agent is told once more to end a task that does not: word of it can be lost on its way, or come to
    /// an agent that is full.
    fileprivate static let killRepeats = 10
    /// Before the first of them, in microseconds; each waits twice as long as the one before, up to a minute.
    fileprivate static let killPauseMicros: Int64 = 5_000_000

    let id: ElvesID
    /// When it was made, on the monotonic clock: hops count from here.
    let bornMicros: Int64
    /// The batch that it belongs to.
    let batch: LiveBatch?
    /// The machine as the caller named it.
    let target: TaskTarget
    /// When its agent must be connected at the latest, in microseconds; nil: at once.
    let startBy: Int64?
    /// Whether its worker must have started by then, too.
    let isStartLimited: Bool
    /// Recorded before it is sent; waits its turn.
    let isDurable: Bool
    /// Taken up from its record: what an earlier process sent after that was written is not known.
    let isRecovered: Bool
    let state: Mutex<State>
    /// When the sweep has to look at it, in microseconds; read without the lock.
    let dueMicros = Atomic<Int64>(.max)
    /// A `Registration`.
    private let registration: Atomic<Int>
    /// Times that it stands in the writer's queue.
    private let queued = Atomic<Int>(0)
    private let isKept = Atomic(false)
    private let isDropped = Atomic(false)
    /// The latest attempt that its record, safe from a power loss, says may be sent.
    private let attemptOnDisk: Atomic<Int32>

    /// What the store knows of a task.
    private enum Registration: Int {
        /// Nothing: a crash would leave no trace of it.
        case none
        /// It is being created: until that is decided nobody else writes it.
        case claiming
        /// It has a record, or stands in its batch's plan.
        case known
        /// It has a record that is out of date.
        case changed
    }

    /// - Parameters:
    ///   - startByMs: milliseconds within which its agent must be connected; 0: at once.
    ///   - claims: it is created in the store before anything else may record it.
    ///   - isInFlight: whether a place among the tasks in flight was taken for it.
    ///   - again: whether it may have been sent by an earlier process.
    init(
        _ record: Execution, bornMicros: Int64, batch: LiveBatch? = nil, startByMs: Int64 = 0, claims: Bool = false,
        isInFlight: Bool = true, again: Bool = false
    ) {
        id = record.id
        self.bornMicros = bornMicros
        self.batch = batch
        target = record.target
        isDurable = record.isDurable
        isRecovered = again
        startBy = startByMs > 0 ? bornMicros + startByMs * 1_000 : nil
        isStartLimited = startByMs > 0
        registration = Atomic((batch != nil ? .known : claims ? .claiming : Registration.none).rawValue)
        attemptOnDisk = Atomic(record.attempt)
        var record = record
        // Its own steps and its agent's.
        record.hops.reserveCapacity(10)
        record.hops.append(TaskHop(event: "created", atMicros: 0))
        var state = State(record: record)
        state.isInFlight = isInFlight
        state.again = again
        self.state = Mutex(state)
    }

    /// Takes up a task from its record.
    ///
    /// - Parameters:
    ///   - startBy: when its agent must be connected at the latest, in microseconds; nil: at once.
    ///   - again: whether its present attempt may have been sent.
    ///   - endWish: why it is to end, if somebody asked for that.
    ///   - isKnown: whether the store has its record.
    init(
        recorded record: Execution, bornMicros: Int64, batch: LiveBatch? = nil, startBy: Int64? = nil,
        isInFlight: Bool, again: Bool = true, endWish: String? = nil, isKnown: Bool = true
    ) {
        id = record.id
        self.bornMicros = bornMicros
        self.batch = batch
        // An attempt that was sent went to the agent that its record names.
        target = record.target
        isDurable = record.isDurable
        isRecovered = true
        self.startBy = startBy
        isStartLimited = record.startBy > 0
        registration = Atomic((isKnown ? Registration.known : .none).rawValue)
        attemptOnDisk = Atomic(record.attempt)
        var state = State(record: record)
        state.again = again
        state.endWish = endWish
        state.isInFlight = isInFlight
        self.state = Mutex(state)
    }

    /// The record as it is now.
    var record: Execution { state.withLock { $0.record } }

    /// Bytes of its param.
    var paramBytes: Int { state.withLock { $0.record.call.param?.utf8.count ?? 0 } }

    /// When its worker must have started, in microseconds; nil without a limit.
    var startLimit: Int64? { isStartLimited ? startBy : nil }

    /// Whether the attempt may have been sent to this agent.
    func mayHaveGone(_ attempt: Int32, to agent: AgentIdentity) -> Bool {
        state.withLock { state in
            let target = state.record.target
            guard target.id.map({ $0 == agent.id }) ?? (target.ip == agent.ip) else { return false }
            if attempt < state.record.attempt { return true }
            let isOut = state.record.state != .created || state.again
            return isOut && (attempt == state.record.attempt || state.again)
        }
    }

    /// Whether its present attempt may have been sent.
    var mayHaveBeenSent: Bool { state.withLock { $0.again } }

    /// Why it is to end; nil while nobody asked for that.
    var endWish: String? { state.withLock { $0.endWish } }

    /// Whether it has ended.
    var hasEnded: Bool { state.withLock { $0.record.state.isEnd } }

    // MARK: The store's view

    /// Whether the store would miss something after a crash.
    var isUnknownToStore: Bool {
        let registration = registration.load(ordering: .relaxed)
        return registration == Registration.none.rawValue || registration == Registration.changed.rawValue
    }

    /// Whether it is not decided yet that it is a task at all.
    var isBeingClaimed: Bool { registration.load(ordering: .relaxed) == Registration.claiming.rawValue }

    func becameKnownToStore() { registration.store(Registration.known.rawValue, ordering: .relaxed) }

    /// Notes that its record in the store is out of date.
    func changed() {
        _ = registration.compareExchange(
            expected: Registration.known.rawValue, desired: Registration.changed.rawValue, ordering: .relaxed)
    }

    /// Notes that it was put into the writer's queue.
    func wasQueued() {
        queued.add(1, ordering: .relaxed)
        isDropped.store(false, ordering: .relaxed)
    }

    /// Notes that the writer is done with it once; true when it stands in the queue no more.
    func leftQueue() -> Bool { queued.subtract(1, ordering: .relaxed).newValue == 0 }

    /// Whether it stands in the writer's queue.
    var isQueued: Bool { queued.load(ordering: .relaxed) > 0 }

    /// Whether the writer gave its record up, because too much waited.
    var wasDropped: Bool { isDropped.load(ordering: .acquiring) }

    /// Notes that its record was given up.
    func dropped() { isDropped.store(true, ordering: .releasing) }

    /// Notes that its record with this attempt is safe from a power loss.
    func isOnDisk(_ attempt: Int32) { attemptOnDisk.store(attempt, ordering: .relaxed) }

    /// Whether its record has to say first that the present attempt may be sent.
    ///
    /// The next process goes by the record. Agents do not sync the attempts of a task that is not durable: after a crash
    /// here and a power loss there nobody else would know of the attempt, and it would start once more.
    var needsRecordToStart: Bool {
        state.withLock { $0.record.attempt } > attemptOnDisk.load(ordering: .relaxed)
    }

    /// Whether its end is in a result that its agent keeps until the record with it is written.
    var isKeptByAgent: Bool {
        get { isKept.load(ordering: .acquiring) }
        set { isKept.store(newValue, ordering: .releasing) }
    }

    // MARK: Waiting for its end

    /// How many calls wait for its end.
    var waitCount: Int { state.withLock { $0.waits.count } }

    func isDue(_ now: Int64) -> Bool { dueMicros.load(ordering: .relaxed) <= now }

    /// Lets the sweep see what is due; under the lock.
    func publishDue(_ state: borrowing State) {
        dueMicros.store(state.due, ordering: .relaxed)
    }

    /// Suspends until the end, until `deadline`, or until the waiting task is cancelled.
    func waitForEnd(until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.record.state.isEnd || Task.isCancelled { return false }
                state.waits.add(ticket, until: deadline, continuation)
                publishDue(state)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
    }

    /// What has become due.
    struct Due {
        /// Calls that have waited long enough.
        let waits: [CheckedContinuation<Void, Never>]
        /// What did not come in time.
        var missed: Expectation?
        /// Who is to be told once more that it is to end, and why.
        var kill: (AgentChannel, String)?
    }

    func takeDue(_ now: Int64) -> Due {
        state.withLock { state in
            var due = Due(waits: state.waits.takeDue(now))
            if state.expectedBy <= now {
                due.missed = state.expectation
                state.expect(nil)
            }
            if state.killAgainAt <= now { due.kill = state.killAgain(now) }
            publishDue(state)
            return due
        }
    }

    /// Wakes everyone who waits, as when the scheduler stops.
    func takeWaits() -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.waits.takeAll() }
    }
}

extension LiveTask.State {
    /// Has its agent told once more that it is to end, unless it ends soon.
    mutating func expectKill(_ now: Int64) {
        killsLeft = LiveTask.killRepeats
        killAgainAt = now + LiveTask.killPauseMicros
    }

    /// Whom to tell that it is to end, and why. While its agent is away nobody: it hears of that when it is back.
    fileprivate mutating func killAgain(_ now: Int64) -> (AgentChannel, String)? {
        killAgainAt = .max
        guard !record.state.isEnd, let endWish, let channel, killsLeft > 0 else { return nil }
        killsLeft -= 1
        let pause = LiveTask.killPauseMicros << Int64(LiveTask.killRepeats - killsLeft)
        killAgainAt = killsLeft > 0 ? now + min(pause, 60_000_000) : .max
        return (channel, endWish)
    }
}
