import ElvesCore
import Synchronization

/// What somebody who handed in results waits for: which of them are recorded.
final class Receipt: Sendable {
    private struct State {
        /// Results that are with the writer.
        var open = 0
        var recorded: [AttemptName] = []
        /// Whether nobody waits any more.
        var isClosed = false
        var waits = WaitList()
    }

    private let state = Mutex(State())

    /// Counts one more result that is with the writer.
    func expect() {
        state.withLock { $0.open += 1 }
    }

    /// Notes a result that is in the store already.
    func note(_ attempt: AttemptName) {
        state.withLock { $0.recorded.append(attempt) }
    }

    /// Takes word of a commit; false when nobody waits for it any more, so that the agent is told in another way.
    func take(_ attempt: AttemptName) -> Bool {
        let (isTaken, waits) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
            guard !state.isClosed else { return (false, []) }
            state.recorded.append(attempt)
            state.open -= 1
            return (true, state.open == 0 ? state.waits.takeAll() : [])
        }
        for wait in waits { wait.resume() }
        return isTaken
    }

    /// The store takes nothing now: whoever waits gets what there is.
    func giveUp() {
        let waits = state.withLock { state in
            state.isClosed = true
            return state.waits.takeAll()
        }
        for wait in waits { wait.resume() }
    }

    /// Waits until all is decided, or until the waiting task is cancelled, and answers with what is recorded.
    func wait() async -> [AttemptName] {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.open == 0 || state.isClosed || Task.isCancelled { return false }
                state.waits.add(ticket, until: .max, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
        return state.withLock { state in
            state.isClosed = true
            return state.recorded
        }
    }
}
