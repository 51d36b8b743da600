import ElvesCore
import Synchronization

/// Ends of tasks that never started.
///
/// They come many at once, and all alike: each stretch of them is one entry, from which its records are made when they
/// are asked for or written.
extension LiveBatch {
    /// Tasks that ended together without a start.
    struct Closing: Sendable {
        /// Places in `ends`.
        let ends: Range<Int>
        let end: Unstarted
        let wallMs: Int64
    }

    /// How a task ends that never started.
    struct Unstarted: Sendable, Hashable {
        let state: TaskState
        let code: String
        let message: String
        let rule: String
    }

    /// Keeps its tasks from being started; false when that was decided before.
    func stop(_ reason: StopReason) -> Bool {
        state.withLock { state in
            guard state.record.stopReason.isEmpty, state.ended < total else { return false }
            state.record.stopReason = reason.text
            return true
        }
    }

    /// The record as long as not all of its tasks are recorded.
    var openRecord: Batch {
        var record = record
        record.endedAt = 0
        return record
    }

    /// Notes that its record says that it was stopped.
    func stopIsRecorded() {
        let waits = state.withLock { state in
            state.isStopRecorded = true
            return state.stopWaits.takeAll()
        }
        for wait in waits { wait.resume() }
    }

    /// Waits until its record says that it was stopped; false when that was not within the time.
    func waitForStop(until deadline: Int64) async -> Bool {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.isStopRecorded || Task.isCancelled { return false }
                state.stopWaits.add(ticket, until: deadline, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.stopWaits.take(ticket) }
        }
        return state.withLock { $0.isStopRecorded }
    }

    /// Whether its tasks have waited for their agents long enough; true once.
    func isDue(_ now: Int64) -> Bool {
        guard let startByMicros, startByMicros <= now else { return false }
        return state.withLock { state in
            defer { state.hasEndedWaiting = true }
            return !state.hasEndedWaiting
        }
    }

    /// Begins all tasks that have not begun, as such that an earlier process may have sent.
    func beginRest() -> [PlannedTask] {
        state.withLock { state in
            let rest = tasks.indices.filter { state.begun.set($0) }
            state.record.states.move(rest.count, from: .created, to: .dispatched)
            return rest.map { tasks[$0] }
        }
    }

    /// Ends tasks that have not begun: all of those, in their order, for which `end` says how. Answers with who waited
    /// for that.
    func close(wallMs: Int64, _ end: (PlannedTask) -> Unstarted?) -> [CheckedContinuation<Void, Never>] {
        // What asks about agents has locks of its own: it is asked outside of ours.
        let begun = state.withLock { $0.begun }
        var ends: [(Int, Unstarted)] = []
        for index in tasks.indices where !begun[index] {
            if let end = end(tasks[index]) { ends.append((index, end)) }
        }
        let groups = Dictionary(grouping: ends) { $0.1 }.sorted { ($0.value.first?.0 ?? 0) < ($1.value.first?.0 ?? 0) }
        return state.withLock { state in
            for (end, members) in groups {
                let first = state.ends.count
                for (index, _) in members where state.begun.set(index) { state.ends.append(tasks[index].id) }
                let count = state.ends.count - first
                guard count > 0 else { continue }
                state.closings.append(Closing(ends: first..<state.ends.count, end: end, wallMs: wallMs))
                state.record.states.move(count, from: .created, to: end.state)
                state.ended += count
                state.failures += count
            }
            return state.takeWaits(total: total, wallMs)
        }
    }

    // MARK: Their records

    /// An end of a page: with its record when the task never started, else to be looked up.
    enum ListedEnd {
        case recorded(ElvesID)
        case unstarted(Execution)
    }

    /// Ends after the place `after`, and whether no more will follow them.
    func ends(after: Int64, limit: Int) -> (ends: [ListedEnd], done: Bool) {
        state.withLock { state in
            let first = min(Int(max(0, after - firstPlace)), state.ends.count)
            let last = min(first + limit, state.ends.count)
            let page = (first..<last).map { place in
                state.closing(of: place).map { .unstarted(record(at: place, $0, state)) }
                    ?? ListedEnd.recorded(state.ends[place])
            }
            return (page, last == state.ends.count && state.ended == total)
        }
    }

    /// Takes out up to `limit` records of tasks that never started, to be written: each once.
    func takeUnstarted(_ limit: Int) -> [Execution] {
        state.withLock { state in
            var records: [Execution] = []
            var before = 0
            for closing in state.closings where records.count < limit {
                let first = max(0, state.unstartedTaken - before)
                before += closing.ends.count
                for place in closing.ends.dropFirst(first).prefix(limit - records.count) {
                    records.append(record(at: place, closing, state))
                }
            }
            state.unstartedTaken += records.count
            return records
        }
    }

    /// Notes that the records that were taken out last could not be written.
    func putBackUnstarted(_ count: Int) {
        state.withLock { $0.unstartedTaken -= count }
    }

    /// The record of a planned task that has not begun, or never did; nil when it has.
    func plannedRecord(_ task: ElvesID) -> Execution? {
        guard let index = index(of: task) else { return nil }
        return state.withLock { state in
            if !state.begun[index] { return fresh(tasks[index]) }
            guard let closing = state.closings.first(where: { state.ends[$0.ends].contains(task) }),
                let place = state.ends[closing.ends].firstIndex(of: task)
            else { return nil }
            return record(at: place, closing, state)
        }
    }

    /// A planned task's record before anything happened to it.
    func fresh(_ task: PlannedTask) -> Execution {
        var record = Execution(
            id: task.id, batchID: id, call: call, target: task.target, caller: caller, trace: trace,
            createdAt: createdAt)
        record.isDurable = true
        record.owner = owner
        record.retryRule = retryRule
        record.startBy = startBy
        return record
    }

    private func record(at place: Int, _ closing: Closing, _ state: borrowing State) -> Execution {
        let task = state.ends[place]
        let planned = index(of: task).map { tasks[$0] } ?? PlannedTask(id: task, target: TaskTarget(id: nil))
        var record = fresh(planned)
        record.state = closing.end.state
        record.endedAt = closing.wallMs
        record.batchPlace = firstPlace + Int64(place) + 1
        record.outcome = TaskOutcome(code: closing.end.code, message: closing.end.message)
        record.hops = [
            TaskHop(event: "created", atMicros: 0),
            TaskHop(
                event: "ended", atMicros: max(0, closing.wallMs - createdAt) * 1_000, rule: closing.end.rule),
        ]
        return record
    }
}

extension LiveBatch.State {
    /// The stretch that the place lies in.
    fileprivate func closing(of place: Int) -> LiveBatch.Closing? {
        closings.last { $0.ends.contains(place) }
    }
}
