internal import ElvesCore
internal import Synchronization

/// Counts beats, so that whoever needs news can wait for a beat that began after it asked.
final class BeatRounds: Sendable {
    /// From the begin of a beat to the next one that a caller asks for: wrong calls must not become a storm of beats.
    static let pause = Duration.milliseconds(250)

    private struct State {
        var begun: Int64 = 0
        var ended: Int64 = 0
        var begunAt: ContinuousClock.Instant?
        var waits = WaitList()
    }

    private let state = Mutex(State())

    /// A beat is about to be sent.
    func begin() {
        state.withLock { state in
            state.begun += 1
            state.begunAt = .now
        }
    }

    /// The beat was answered, and what the answer asked for is done or has failed.
    func end() {
        let done = state.withLock { state in
            state.ended = state.begun
            return state.waits.takeDue(state.ended)
        }
        for wait in done { wait.resume() }
    }

    /// Waits for the end of a beat that begins after this call, which `ask` brings about; false when `patience` ended
    /// first.
    func next(within patience: Duration, ask: @escaping @Sendable () -> Void) async -> Bool {
        let round = state.withLock { $0.begun + 1 }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: patience) }
            group.addTask { await self.reach(round, ask) }
            await group.next()
            group.cancelAll()
        }
        return state.withLock { $0.ended >= round }
    }

    private func reach(_ round: Int64, _ ask: @Sendable () -> Void) async {
        let pause = state.withLock { $0.begunAt.map { $0 + Self.pause - .now } ?? .zero }
        if pause > .zero { try? await Task.sleep(for: pause) }
        if Task.isCancelled { return }
        if state.withLock({ $0.begun < round }) { ask() }
        await waitForEnd(of: round)
    }

    private func waitForEnd(of round: Int64) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if state.ended >= round || Task.isCancelled { return false }
                state.waits.add(ticket, until: round, continuation)
                return true
            }
        } withdraw: { ticket in
            state.withLock { $0.waits.take(ticket) }
        }
    }
}
