internal import Synchronization

/// Holds those who pass while it is closed, without looking at a clock.
package final class Gate: Sendable {
    private struct State {
        var isOpen: Bool
        var last: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    }

    private let state: Mutex<State>

    package init(isOpen: Bool = true) { state = Mutex(State(isOpen: isOpen)) }

    /// Who is held now.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Whoever comes from now on is held.
    package func close() { state.withLock { $0.isOpen = false } }

    /// Lets all go that are held, and whoever comes.
    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for place in waiting { place.resume() }
    }

    /// Returns once it is open; throws when the task is cancelled before.
    package func pass() async throws {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (place: CheckedContinuation<Void, any Error>) in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.isOpen { return .success(()) }
                    state.waiting[number] = place
                    return nil
                }
                if let outcome { place.resume(with: outcome) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }
}
