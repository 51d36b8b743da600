package import ElvesCore
internal import Runner
internal import Synchronization

/// Bounds how many tasks run and how many wait; refuses the rest at once.
///
/// Before everything that costs. Runs once a task; `settle` gives the place to who has waited longest.
package final class AdmissionHook: TaskHook {
    private enum Answer {
        case admitted, full, stopping, withdrawn, expired
    }

    private struct Waiter {
        let key: AttemptKey
        let place: CheckedContinuation<Answer, Never>
    }

    private struct State {
        var running = 0
        var isStopping = false
        var waiting: [Waiter] = []
    }

    private let state = Mutex(State())
    private let running: Int
    private let waiting: Int

    package init(running: Int, waiting: Int) {
        self.running = running
        self.waiting = waiting
    }

    /// Tasks that hold a place.
    package var runningCount: Int { state.withLock { $0.running } }

    /// Refuses every task from now on, those that wait among them.
    package func stop() {
        state.withLock { $0.isStopping = true }
        dismiss(.stopping) { _ in true }
    }

    /// Ends the waiting of a task.
    package func withdraw(taskId: Int64) {
        dismiss(.withdrawn) { $0.taskId == taskId }
    }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        switch await place(for: run.key, startBy: run.startBy) {
        case .admitted: return
        case .stopping: throw ElvesError(.agentStopping)
        case .withdrawn: throw ElvesError(.schedulerTaskCancelled, "stopped by request before it started")
        case .expired: throw ElvesError(.agentAttemptExpired)
        case .full: throw ElvesError(.agentFull, "\(running) tasks run here and \(waiting) more may wait, no more")
        }
    }

    package func settle(_ run: inout TaskRun) async {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.place.resume(returning: .admitted)
    }

    private func place(for key: AttemptKey, startBy: ContinuousClock.Instant?) async -> Answer {
        if let answer = state.withLock({ answer(for: key, startBy, in: &$0, place: nil) }) { return answer }
        guard let startBy else { return await wait(key, startBy) }
        return await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await self.wait(key, startBy) }
            group.addTask {
                guard (try? await Task.sleep(until: startBy, clock: .continuous)) != nil else { return nil }
                self.dismiss(.expired) { $0 == key }
                return nil
            }
            for await answer in group {
                guard let answer else { continue }
                group.cancelAll()
                return answer
            }
            return .expired
        }
    }

    private func wait(_ key: AttemptKey, _ startBy: ContinuousClock.Instant?) async -> Answer {
        await withCheckedContinuation { place in
            if let answer = state.withLock({ answer(for: key, startBy, in: &$0, place: place) }) {
                place.resume(returning: answer)
            }
        }
    }

    /// The answer that can be given at once; without one the task waits, if it brought a place to wait at.
    private func answer(
        for key: AttemptKey, _ startBy: ContinuousClock.Instant?, in state: inout State,
        place: CheckedContinuation<Answer, Never>?
    ) -> Answer? {
        if state.isStopping { return .stopping }
        // Whoever comes to wait after the time was called would not hear of it.
        if let startBy, startBy <= .now { return .expired }
        if state.running < running {
            state.running += 1
            return .admitted
        }
        if state.waiting.count >= waiting { return .full }
        if let place { state.waiting.append(Waiter(key: key, place: place)) }
        return nil
    }

    private func dismiss(_ answer: Answer, where isMeant: (AttemptKey) -> Bool) {
        let leaving = state.withLock { state in
            let leaving = state.waiting.filter { isMeant($0.key) }
            state.waiting.removeAll { isMeant($0.key) }
            return leaving
        }
        for waiter in leaving { waiter.place.resume(returning: answer) }
    }
}
