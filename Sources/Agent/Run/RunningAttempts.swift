package import Runner
internal import Synchronization

/// Attempts whose workers have been asked for, and which of them the center should hear of.
package final class RunningAttempts: Sendable {
    private struct State {
        /// When each began; nil once it was said.
        var attempts: [AttemptKey: ContinuousClock.Instant?] = [:]
        /// How many of them were not said.
        var unsaid = 0
    }

    private let state = Mutex(State())
    /// Rung when the first attempt begins that was not said.
    let bell = Bell()

    package init() {}

    /// An attempt's worker is asked for.
    package func began(_ key: AttemptKey) {
        let isFirst = state.withLock { state in
            guard state.attempts.updateValue(.now, forKey: key) == nil else { return false }
            state.unsaid += 1
            return state.unsaid == 1
        }
        if isFirst { bell.ring() }
    }

    /// An attempt's worker ended.
    package func ended(_ key: AttemptKey) {
        state.withLock { state in
            if let began = state.attempts.removeValue(forKey: key), began != nil { state.unsaid -= 1 }
        }
    }

    /// Whether an attempt's worker runs.
    package func contains(_ key: AttemptKey) -> Bool { state.withLock { $0.attempts[key] != nil } }

    /// Attempts that run since before `moment` and were not said: from now on they count as said. And whether others
    /// are still to be said.
    func takeUnsaid(since moment: ContinuousClock.Instant) -> (due: [AttemptKey], isMore: Bool) {
        state.withLock { state in
            guard state.unsaid > 0 else { return ([], false) }
            let due = state.attempts.compactMap { entry -> AttemptKey? in
                guard let began = entry.value else { return nil }
                return began <= moment ? entry.key : nil
            }
            for key in due { state.attempts[key] = .some(nil) }
            state.unsaid -= due.count
            return (due, state.unsaid > 0)
        }
    }

    /// Has all that run said again.
    func sayAgain() {
        let isAny = state.withLock { state in
            let now = ContinuousClock.now
            for (key, began) in state.attempts where began == nil { state.attempts[key] = now }
            defer { state.unsaid = state.attempts.count }
            return state.unsaid == 0 && !state.attempts.isEmpty
        }
        if isAny { bell.ring() }
    }
}
