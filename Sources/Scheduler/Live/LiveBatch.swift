import ElvesCore
import Synchronization

/// A batch in memory: from its acceptance until its end is written to the store.
final class LiveBatch: Sendable {
    private struct State {
        var record: Batch
        /// The next planned task to start.
        var next = 0
        var running = 0
        /// Ids in the order in which they ended.
        var ends: [ElvesID] = []
        /// Ended tasks whose records are with the writer.
        var handedOn = 0
        /// Calls that wait for the batch's end.
        var endWaits = WaitList()
        /// Calls that wait for at least one more end.
        var moreWaits = WaitList()
        /// Whether someone starts tasks right now.
        var isPumping = false
    }

    /// What a task's end sets free.
    struct Noted {
        /// The task's place among the ends, from 1.
        let place: Int64
        let waits: [CheckedContinuation<Void, Never>]
    }

    let id: ElvesID
    let call: FunctionCall
    let caller: String
    let trace: String
    let createdAt: Int64
    private let tasks: [PlannedTask]
    private let total: Int
    private let concurrency: Int
    /// Whether it was taken up from its record: its planned tasks may have been sent by an earlier process.
    let isResumed: Bool
    private let state: Mutex<State>

    init(_ record: Batch, tasks: [PlannedTask]) {
        id = record.id
        call = record.call
        caller = record.caller
        trace = record.trace
        createdAt = record.createdAt
        self.tasks = tasks
        concurrency = record.concurrency
        total = record.total
        isResumed = false
        var state = State(record: record)
        state.ends.reserveCapacity(tasks.count)
        self.state = Mutex(state)
    }

    /// Takes up a batch from its record: `tasks` have none, `running` have not ended, `ends` are in their order.
    init(resumed record: Batch, tasks: [PlannedTask], running: Int, ends: [ElvesID]) {
        id = record.id
        call = record.call
        caller = record.caller
        trace = record.trace
        createdAt = record.createdAt
        self.tasks = tasks
        concurrency = record.concurrency
        total = record.total
        isResumed = true
        var state = State(record: record)
        state.running = running
        state.ends = ends
        state.handedOn = ends.count
        self.state = Mutex(state)
    }

    /// The record as it is now.
    var record: Batch { state.withLock { $0.record } }

    /// Claims the right to start tasks: one at a time has it, and looks again before it gives it back.
    func beginPump() -> Bool {
        state.withLock { state in
            guard !state.isPumping else { return false }
            state.isPumping = true
            return true
        }
    }

    /// The next task to start; nil when all are started or enough of them run.
    func takeNext() -> PlannedTask? {
        state.withLock { state in
            guard state.next < tasks.count, state.running < concurrency else { return nil }
            state.running += 1
            state.next += 1
            state.record.move(from: .created, to: .dispatched)
            return tasks[state.next - 1]
        }
    }

    /// Puts the task that was taken last back, because the scheduler has no room for it now.
    func putBack() {
        state.withLock { state in
            state.running -= 1
            state.next -= 1
            state.record.move(from: .dispatched, to: .created)
        }
    }

    /// Gives the right back; false when there is more to start and the caller keeps it.
    func endPump(stalled: Bool) -> Bool {
        state.withLock { state in
            if !stalled, state.next < tasks.count, state.running < concurrency { return false }
            state.isPumping = false
            return true
        }
    }

    /// Whether a task could be started that nobody is about to start.
    var isStalled: Bool {
        state.withLock { !$0.isPumping && $0.next < tasks.count && $0.running < concurrency }
    }

    /// Notes that one of its tasks ended.
    func note(_ task: ElvesID, _ end: TaskState, wallMs: Int64) -> Noted {
        state.withLock { state in
            state.running -= 1
            state.record.move(from: .dispatched, to: end)
            state.ends.append(task)
            var waits = state.moreWaits.takeAll()
            let isLast = state.ends.count == total
            if isLast {
                state.record.endedAt = wallMs
                waits += state.endWaits.takeAll()
            }
            return Noted(place: Int64(state.ends.count), waits: waits)
        }
    }

    /// Counts one of its ended tasks under another end.
    func amend(from old: TaskState, to new: TaskState) {
        state.withLock { $0.record.move(from: old, to: new) }
    }

    /// Whether the task is one of its plan.
    func plans(_ task: ElvesID) -> Bool {
        guard let first = tasks.first?.id, let last = tasks.last?.id, first <= task, task <= last else { return false }
        return tasks.contains { $0.id == task }
    }

    /// Notes that the record of one more ended task is with the writer; true when it was the last one. Ends are
    /// handed on by many threads, so the last to be noted need not be the last to come here.
    func handOn() -> Bool {
        state.withLock { state in
            state.handedOn += 1
            return state.handedOn == total
        }
    }

    /// Ids of ends after the first `after`, and whether no more will follow them.
    func ends(after: Int64, limit: Int) -> (ids: [ElvesID], done: Bool) {
        state.withLock { state in
            let first = min(Int(after), state.ends.count)
            let page = state.ends[first..<min(first + limit, state.ends.count)]
            return (Array(page), page.endIndex == total)
        }
    }

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

    /// Suspends until there is an end after the first `after`, until `deadline`, or until the waiting task is
    /// cancelled.
    func waitForMore(after: Int64, until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                let isReady = state.ends.count > Int(after) || state.ends.count == total
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
        state.withLock { $0.endWaits.takeDue(now) + $0.moreWaits.takeDue(now) }
    }

    /// Everyone who waits, as when the scheduler stops.
    func takeWaits() -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.endWaits.takeAll() + $0.moreWaits.takeAll() }
    }
}

extension Batch {
    /// Counts one task in another state.
    mutating func move(from old: TaskState, to new: TaskState) {
        let left = (states[old] ?? 0) - 1
        states[old] = left > 0 ? left : nil
        states[new, default: 0] += 1
    }
}
