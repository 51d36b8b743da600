import ElvesCore
import Synchronization

/// What happened in the fleet.
package enum FleetEventKind: String, Sendable, Hashable {
    case agentUp = "agent.up"
    case agentDown = "agent.down"
    case appInstalled = "app.installed"
    case appFailed = "app.failed"
}

/// Something that happened in the fleet.
package struct FleetNote: Sendable, Hashable {
    /// Grows by one with each of this start; 0 before it is kept.
    package var id: Int64 = 0
    /// UTC milliseconds.
    package let at: Int64
    package let kind: FleetEventKind
    package let record: AgentRecord
    /// Of an app's event.
    package var app: String = ""
    package var version: String = ""
    /// Why; empty when nothing went wrong.
    package var problem: String = ""
}

/// A part of what happened.
package struct FleetNotes: Sendable, Hashable {
    package var epoch: Int64
    package var notes: [FleetNote]
    package var nextAfter: Int64
    package var lost: Bool
}

/// The last events of the fleet, since this start. Older ones are forgotten.
final class FleetEventRing: Sendable {
    private struct State {
        /// In a ring: the one of id `n` is at `(n - 1) % capacity`.
        var notes: [FleetNote] = []
        var last: Int64 = 0
        var waits = WaitList()
    }

    /// Of this start: ids of another mean nothing.
    let epoch: Int64
    private let capacity: Int
    private let state = Mutex(State())

    init(epoch: Int64, capacity: Int) {
        self.epoch = max(1, epoch)
        self.capacity = max(1, capacity)
    }

    func add(_ notes: [FleetNote]) {
        guard !notes.isEmpty else { return }
        let waits = state.withLock { state in
            for var note in notes {
                state.last += 1
                note.id = state.last
                if state.notes.count < capacity {
                    state.notes.append(note)
                } else {
                    state.notes[Int((state.last - 1) % Int64(capacity))] = note
                }
            }
            return state.waits.takeAll()
        }
        for wait in waits { wait.resume() }
    }

    /// Events after `after` of that epoch; where the newest is for epoch 0; all that is kept for another epoch.
    func notes(epoch: Int64, after: Int64, limit: Int) -> FleetNotes {
        state.withLock { state in
            guard epoch != 0 else {
                return FleetNotes(epoch: self.epoch, notes: [], nextAfter: state.last, lost: false)
            }
            let oldest = state.last - Int64(state.notes.count)
            // A place past the newest is none of this start's either.
            let isKnown = epoch == self.epoch && after <= state.last && after >= 0
            let from = isKnown ? max(after, oldest) : oldest
            let upTo = min(state.last, from + Int64(limit))
            let notes = (from..<upTo).map { state.notes[Int($0 % Int64(capacity))] }
            return FleetNotes(epoch: self.epoch, notes: notes, nextAfter: upTo, lost: !isKnown || after < oldest)
        }
    }

    /// Suspends until there is an event after that place, until `deadline`, or until the task is cancelled.
    func wait(beyond after: Int64, until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.last > after || Task.isCancelled { return false }
                state.waits.add(ticket, until: deadline, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
    }

    /// Calls that have waited long enough.
    func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        state.withLock { $0.waits.takeDue(now) }
    }
}
