import ElvesCore
import Synchronization

/// Tells who waits for news of a store that some were committed.
///
/// Positions only grow. Take the position first, then ask the store, then wait for more than that position: so
/// nothing slips by in between.
package final class RecordFeed: Sendable {
    /// What is waited for.
    package enum Topic: Hashable, Sendable {
        /// Any event.
        case events
        /// An end of one of the owner's tasks.
        case results(owner: String)
        /// A delivery to a webhook.
        case deliveries
    }

    private struct State {
        var positions: [Topic: Int64] = [:]
        var waits: [Topic: WaitList] = [:]
    }

    private let state: Mutex<State>

    /// A feed of a store whose newest event has that position.
    package init(position: Int64 = 0) {
        state = Mutex(State(positions: [.events: position]))
    }

    /// The newest position of the topic; 0 when there was none since the start.
    package func position(_ topic: Topic) -> Int64 {
        state.withLock { $0.positions[topic] ?? 0 }
    }

    /// Notes what was committed, and wakes who waits for it.
    package func advance(_ topics: [Topic: Int64]) {
        let woken = state.withLock { state in
            var woken: [CheckedContinuation<Void, Never>] = []
            for (topic, position) in topics where position > state.positions[topic] ?? 0 {
                state.positions[topic] = position
                woken += state.waits[topic]?.takeAll() ?? []
                state.waits[topic] = nil
            }
            return woken
        }
        for wait in woken { wait.resume() }
    }

    /// Wakes who waits for the topic, without a new position: they look again.
    package func nudge(_ topic: Topic) {
        let woken = state.withLock { state in
            var list = state.waits.removeValue(forKey: topic)
            return list?.takeAll() ?? []
        }
        for wait in woken { wait.resume() }
    }

    /// Suspends until the topic has come past `position`, until `deadline`, or until the task is cancelled.
    package func wait(for topic: Topic, beyond position: Int64, until deadline: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.positions[topic] ?? 0 > position || Task.isCancelled { return false }
                state.waits[topic, default: WaitList()].add(ticket, until: deadline, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits[topic]?.take(ticket) }
        }
    }

    /// Calls that have waited long enough at `now`, on the clock of their deadlines.
    package func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            var due: [CheckedContinuation<Void, Never>] = []
            for topic in state.waits.keys {
                due += state.waits[topic]?.takeDue(now) ?? []
                if state.waits[topic]?.count == 0 { state.waits[topic] = nil }
            }
            return due
        }
    }
}
