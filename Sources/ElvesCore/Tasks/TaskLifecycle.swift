/// A task's way from creation to its end: which state may follow which.
///
/// Pure: times, ids and stores are the caller's.
package struct TaskLifecycle: Hashable, Sendable {
    /// What came of a wish to move.
    package enum Step: Hashable, Sendable {
        /// The state changed.
        case moved
        /// It was already so: a result that was delivered again.
        case already
        /// The present state does not lead there; nothing changed.
        case refused
    }

    /// Where the task stands.
    package private(set) var state: TaskState

    /// A task as it begins, or as its record says.
    package init(_ state: TaskState = .created) {
        self.state = state
    }

    /// Moves to `next` if that is legal.
    package mutating func move(to next: TaskState) -> Step {
        if next == state { return .already }
        guard Self.allows(state, to: next) else { return .refused }
        state = next
        return .moved
    }

    /// Goes back to the beginning: an attempt never started, or another follows one that ended badly. False when the
    /// task has ended.
    package mutating func startOver() -> Bool {
        guard !state.isEnd else { return false }
        state = .created
        return true
    }

    /// Whether `next` may follow `state`.
    ///
    /// News that the worker started may be overtaken by its end, so `dispatched` leads to every end but
    /// `skipped`. Nothing follows an end, with one exception: a task whose end was `unknown` gets the definite end
    /// that its agent tells later, once.
    package static func allows(_ state: TaskState, to next: TaskState) -> Bool {
        switch state {
        case .created:
            switch next {
            case .dispatched, .skipped, .cancelled, .rejected, .unreachable, .expired, .unknown: true
            default: false
            }
        case .dispatched:
            next == .running || next == .created || (next.isEnd && next != .skipped)
        case .running:
            switch next {
            case .created, .succeeded, .failed, .timedOut, .killed, .unknown: true
            default: false
            }
        case .unknown:
            next.isAgentsWord && next != .unknown
        default:
            false
        }
    }
}

extension TaskState {
    /// Whether an agent may say so of an attempt that it took.
    package var isAgentsWord: Bool {
        switch self {
        case .succeeded, .failed, .timedOut, .killed, .cancelled, .rejected, .expired, .unknown: true
        default: false
        }
    }
}
