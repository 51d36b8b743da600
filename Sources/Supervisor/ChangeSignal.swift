internal import ElvesCore
internal import Synchronization

/// Wakes those who wait for a generation above the one they know.
final class ChangeSignal: Sendable {
    private struct State {
        var generation: Int64 = 0
        var waits = WaitList()
    }

    private let state = Mutex(State())

    /// Tells of a new generation; lower ones than the last are ignored.
    func raise(to generation: Int64) {
        let woken = state.withLock { state in
            state.generation = max(state.generation, generation)
            return state.waits.takeDue(state.generation)
        }
        for wait in woken { wait.resume() }
    }

    /// Returns when there is a generation above the given one, when the time is up, or when cancelled.
    func wait(above generation: Int64, atMost patience: Duration) async {
        guard patience > .zero, !isAbove(generation) else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.arrival(above: generation) }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func isAbove(_ generation: Int64) -> Bool { state.withLock { $0.generation > generation } }

    private func arrival(above generation: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.generation > generation || Task.isCancelled { return false }
                state.waits.add(ticket, until: min(generation, .max - 1) + 1, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
    }
}
