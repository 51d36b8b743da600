internal import Synchronization

/// Wakes those who wait for a generation above the one they know.
final class ChangeSignal: Sendable {
    private struct Waiter {
        let above: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var generation: Int64 = 0
        var waiters: [UInt64: Waiter] = [:]
        var cancelled: Set<UInt64> = []
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Tells of a new generation; lower ones than the last are ignored.
    func raise(to generation: Int64) {
        let woken = state.withLock { state -> [Waiter] in
            state.generation = max(state.generation, generation)
            let ready = state.waiters.filter { $0.value.above < state.generation }
            for number in ready.keys { state.waiters[number] = nil }
            return Array(ready.values)
        }
        for waiter in woken { waiter.continuation.resume() }
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
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state in
                    guard state.generation <= generation, state.cancelled.remove(number) == nil else { return true }
                    state.waiters[number] = Waiter(above: generation, continuation: continuation)
                    return false
                }
                if now { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                guard let waiter = state.waiters.removeValue(forKey: number) else {
                    state.cancelled.insert(number)
                    return nil as Waiter?
                }
                return waiter
            }
            waiter?.continuation.resume()
        }
        _ = state.withLock { $0.cancelled.remove(number) }
    }
}
