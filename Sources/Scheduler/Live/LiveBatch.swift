import ElvesCore
import Synchronization

/// A batch in memory: from its acceptance until its end is written to the store.
///
/// It keeps its plan and the order of its ends, not its records. How tasks end that never started is in
/// `LiveBatch+Closing`.
final class LiveBatch: Sendable {
    struct State {
        var record: Batch
        /// Planned tasks that have begun, or ended without that.
        var begun: BitField
        /// Ids in the order in which they ended, in this process.
        var ends: [ElvesID] = []
        /// Ends that were no success.
        var failures = 0
        /// Ended tasks, in all processes.
        var ended = 0
        /// Those whose records are with the writer.
        var handedOn = 0
        /// Ends of tasks that never started, each a stretch of `ends`.
        var closings: [Closing] = []
        /// How many of these have been taken to be written.
        var unstartedTaken = 0
        /// Whether its record says that it was stopped.
        var isStopRecorded = false
        /// Whether its tasks wait for agents no longer.
        var hasEndedWaiting = false
        /// Calls that wait until it does.
        var stopWaits = WaitList()
        /// Calls that wait for the batch's end.
        var endWaits = WaitList()
        /// Calls that wait for at least one more end.
        var moreWaits = WaitList()
    }

    /// What a task's end sets free.
    struct Noted {
        /// The task's place among the ends.
        let place: Int64
        /// Whether this was the failure that stops the batch.
        let stops: Bool
        let waits: [CheckedContinuation<Void, Never>]
    }

    let id: ElvesID
    let call: FunctionCall
    let caller: String
    let trace: String
    let createdAt: Int64
    let total: Int
    let concurrency: Int
    let owner: String
    let retryRule: RetryRule?
    /// UTC milliseconds by which its tasks must have started; 0 without a limit.
    let startBy: Int64
    /// The same on the monotonic clock, in microseconds.
    let startByMicros: Int64?
    /// Places of ends that came in this process are above it.
    let firstPlace: Int64
    /// Whether it was taken up from its record: its planned tasks may have been sent by an earlier process.
    let isResumed: Bool
    /// Planned tasks by growing id; of a batch that was taken up, those without an end.
    let tasks: [PlannedTask]
    let state: Mutex<State>

    /// A batch that was just accepted.
    convenience init(_ record: Batch, tasks: [PlannedTask], startByMicros: Int64? = nil) {
        self.init(record, tasks: tasks, startByMicros: startByMicros, resumed: nil)
    }

    /// What is known of a batch that is taken up from its record.
    struct Resumed {
        /// Its ended tasks by state.
        let ends: [TaskState: Int]
        /// Those of its tasks that have a record and no end.
        let open: Set<ElvesID>
        /// Places that were given out are not above it.
        let lastPlace: Int64
    }

    init(_ record: Batch, tasks: [PlannedTask], startByMicros: Int64?, resumed: Resumed?) {
        id = record.id
        call = record.call
        caller = record.caller
        trace = record.trace
        createdAt = record.createdAt
        total = record.total
        concurrency = record.concurrency
        owner = record.owner
        retryRule = record.retryRule
        startBy = record.startBy
        self.startByMicros = startByMicros
        self.tasks = tasks
        isResumed = resumed != nil
        firstPlace = resumed?.lastPlace ?? 0
        var state = State(record: record, begun: BitField(count: tasks.count))
        if let resumed {
            state.record.states = resumed.ends
            state.record.states.add(tasks.count - resumed.open.count, .created)
            state.record.states.add(resumed.open.count, .dispatched)
            state.ended = resumed.ends.values.reduce(0, +)
            state.handedOn = state.ended
            state.failures = state.ended - (resumed.ends[.succeeded] ?? 0)
            for (index, task) in tasks.enumerated() where resumed.open.contains(task.id) { state.begun.set(index) }
        }
        self.state = Mutex(state)
    }

    /// The record as it is now.
    var record: Batch { state.withLock { $0.record } }

    /// Whether no more of its tasks are started.
    var isStopping: Bool { state.withLock { !$0.record.stopReason.isEmpty } }

    /// A task's place in the plan.
    func index(of task: ElvesID) -> Int? {
        var (low, high) = (0, tasks.count)
        while low < high {
            let middle = (low + high) / 2
            if tasks[middle].id < task { low = middle + 1 } else { high = middle }
        }
        return low < tasks.count && tasks[low].id == task ? low : nil
    }

    /// Whether the task is one of its plan.
    func plans(_ task: ElvesID) -> Bool { index(of: task) != nil }

    /// Tasks that have not begun, those with the largest ids below `before` first.
    func planned(before: Int64, limit: Int) -> [PlannedTask] {
        state.withLock { state in
            var unbegun: [PlannedTask] = []
            for index in tasks.indices.reversed() where tasks[index].id.rawValue < before && !state.begun[index] {
                unbegun.append(tasks[index])
                if unbegun.count >= limit { break }
            }
            return unbegun
        }
    }

    /// Places in the plan of tasks that have begun.
    var begunIndices: [Int] { state.withLock { state in tasks.indices.filter { state.begun[$0] } } }

    /// Begins a task; nil when it has begun, or when no more are started.
    func begin(_ index: Int) -> PlannedTask? {
        state.withLock { state in
            guard state.record.stopReason.isEmpty, state.begun.set(index) else { return nil }
            state.record.states.move(from: .created, to: .dispatched)
            return tasks[index]
        }
    }

    /// Notes that one of its tasks ended.
    func note(_ task: ElvesID, _ end: TaskState, wallMs: Int64) -> Noted {
        state.withLock { state in
            state.record.states.move(from: .dispatched, to: end)
            state.ends.append(task)
            state.ended += 1
            if end != .succeeded { state.failures += 1 }
            let stops = state.stopIfFailed()
            let waits = state.takeWaits(total: total, wallMs)
            return Noted(place: firstPlace + Int64(state.ends.count), stops: stops, waits: waits)
        }
    }

    /// Stops it when too many of its tasks ended badly before this process began; false when it goes on, or was stopped.
    func stopIfFailed() -> Bool { state.withLock { $0.stopIfFailed() } }

    /// The place of its last end.
    var lastPlace: Int64 { state.withLock { firstPlace + Int64($0.ends.count) } }

    /// Counts one of its ended tasks under another end.
    func amend(from old: TaskState, to new: TaskState) {
        state.withLock { state in
            state.record.states.move(from: old, to: new)
            if new == .succeeded { state.failures -= 1 }
        }
    }

    /// Notes that the records of more ended tasks are with the writer; true when they were the last. Ends are handed on
    /// by many threads, so the last to be noted need not be the last to come here.
    func handOn(_ count: Int = 1) -> Bool {
        state.withLock { state in
            state.handedOn += count
            return state.handedOn == total
        }
    }

    // MARK: Its end

    /// Suspends until the batch's end, until `deadline`, or until the waiting task is cancelled.
    func waitForEnd(until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.record.endedAt > 0 || Task.isCancelled { return false }
                state.endWaits.add(ticket, until: deadline, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.endWaits.take(ticket) }
        }
    }

    /// Suspends until there is an end after the place `after`, until `deadline`, or until the waiting task is
    /// cancelled.
    func waitForMore(after: Int64, until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                let isReady = firstPlace + Int64(state.ends.count) > after || state.ended == total
                if isReady || Task.isCancelled { return false }
                state.moreWaits.add(ticket, until: deadline, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.moreWaits.take(ticket) }
        }
    }

    /// Calls that have waited long enough.
    func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.endWaits.takeDue(now) + $0.moreWaits.takeDue(now) + $0.stopWaits.takeDue(now) }
    }

    /// Everyone who waits, as when the scheduler stops.
    func takeWaits() -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.endWaits.takeAll() + $0.moreWaits.takeAll() + $0.stopWaits.takeAll() }
    }
}

extension LiveBatch.State {
    /// Stops the batch when too many tasks ended badly; false when it goes on, or was stopped before.
    fileprivate mutating func stopIfFailed() -> Bool {
        guard let limit = record.failureLimit, failures > limit, record.stopReason.isEmpty else { return false }
        record.stopReason = StopReason.failures(failures, limit: limit).text
        return true
    }

    /// Who waits for what has happened now: more ends, and the batch's end when all tasks have ended.
    mutating func takeWaits(total: Int, _ wallMs: Int64) -> [CheckedContinuation<Void, Never>] {
        let waits = moreWaits.takeAll()
        guard ended == total, record.endedAt == 0 else { return waits }
        record.endedAt = wallMs
        return waits + endWaits.takeAll()
    }
}

extension [TaskState: Int] {
    /// Counts tasks in another state.
    mutating func move(_ count: Int = 1, from old: TaskState, to new: TaskState) {
        let left = (self[old] ?? 0) - count
        self[old] = left > 0 ? left : nil
        add(count, new)
    }

    mutating func add(_ count: Int, _ state: TaskState) {
        if count > 0 { self[state, default: 0] += count }
    }
}

/// A bit for each planned task.
struct BitField: Sendable {
    private var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    subscript(index: Int) -> Bool { words[index / 64] & 1 << (index % 64) != 0 }

    /// Sets it; false when it was set.
    @discardableResult
    mutating func set(_ index: Int) -> Bool {
        guard !self[index] else { return false }
        words[index / 64] |= 1 << (index % 64)
        return true
    }
}
