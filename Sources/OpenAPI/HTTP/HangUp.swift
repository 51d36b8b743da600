import Synchronization

/// Whether a connection's caller has gone, and what is to end then.
final class HangUp: Sendable {
    private enum State {
        case quiet
        case armed(@Sendable () -> Void)
        case fired
    }

    private let state = Mutex(State.quiet)

    /// Says what ends when the caller goes; at once when they have gone already.
    func arm(_ end: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            if case .fired = state { return true }
            state = .armed(end)
            return false
        }
        if isGone { end() }
    }

    /// The caller has gone; the second time nothing happens.
    func fire() {
        let end = state.withLock { state -> (@Sendable () -> Void)? in
            defer { state = .fired }
            guard case .armed(let end) = state else { return nil }
            return end
        }
        end?()
    }
}
