internal import ElvesContracts
package import ElvesCore
package import Runner
internal import Synchronization

/// Bounds how many tasks run and how many wait, of the agent and of each app, and keeps the machine's locks; refuses
/// the rest at once.
///
/// Before everything that costs. With a lookup it finds the app first, whose manifest says what a task needs. Runs once
/// a task; `settle` gives what it held to who has waited longest for it.
package final class AdmissionHook: TaskHook {
    private enum Answer {
        case admitted, full, appFull, appWaitingFull, stopping, withdrawn, expired
    }

    /// Tasks that hold a place, and tasks that wait: for one, for a lock, or for an app that is on its way.
    package struct Load: Hashable, Sendable {
        package var running = 0
        package var waiting = 0
    }

    /// A task that comes for a place.
    private struct Request {
        let key: AttemptKey
        let need: AdmissionQueue.Need
        /// Tasks of its app that may wait; nil: the app's share.
        let appWaiting: Int?
        let startBy: ContinuousClock.Instant?
    }

    /// A task whose app is on its way.
    private struct Arrival {
        let app: String
        /// Its end was asked for.
        var isWithdrawn = false
    }

    private struct Waiter {
        let key: AttemptKey
        let need: AdmissionQueue.Need
        let place: CheckedContinuation<Answer, Never>
    }

    private struct State {
        var queue: AdmissionQueue
        var isStopping = false
        var nextTicket: AdmissionQueue.Ticket = 0
        var waiting: [AdmissionQueue.Ticket: Waiter] = [:]
        var held: [AttemptKey: AdmissionQueue.Need] = [:]
        var arriving: [AttemptKey: Arrival] = [:]

        mutating func leave(_ tickets: [AdmissionQueue.Ticket], _ answer: Answer) -> [(Waiter, Answer)] {
            var told: [(Waiter, Answer)] = []
            for ticket in tickets {
                // One that leaves may make way for one that leaves next.
                guard let admitted = queue.leave(ticket) else { continue }
                if let waiter = waiting.removeValue(forKey: ticket) { told.append((waiter, answer)) }
                told += self.admitted(admitted)
            }
            return told
        }

        mutating func admitted(_ tickets: [AdmissionQueue.Ticket]) -> [(Waiter, Answer)] {
            tickets.compactMap { ticket in
                guard let waiter = waiting.removeValue(forKey: ticket) else { return nil }
                held[waiter.key] = waiter.need
                return (waiter, .admitted)
            }
        }
    }

    private let state: Mutex<State>
    private let lookup: LookupHook?
    private let running: Int
    private let waiting: Int

    package init(running: Int, waiting: Int, lookup: LookupHook? = nil) {
        self.running = running
        self.waiting = waiting
        self.lookup = lookup
        state = Mutex(State(queue: AdmissionQueue(running: running, waiting: waiting)))
    }

    /// Tasks that hold a place.
    package var runningCount: Int { state.withLock { $0.queue.runningCount } }

    /// Tasks that wait for a place.
    package var waitingCount: Int { state.withLock { $0.queue.waitingCount } }

    /// What each app has here now; apps that have nothing are not named.
    package var load: [String: Load] {
        state.withLock { state in
            var load = state.queue.counts.mapValues { Load(running: $0.running, waiting: $0.waiting) }
            for arrival in state.arriving.values { load[arrival.app, default: Load()].waiting += 1 }
            return load
        }
    }

    /// Refuses every task from now on, those that wait among them.
    package func stop() {
        let told = state.withLock { state in
            state.isStopping = true
            return state.leave(state.waiting.keys.sorted(by: >), .stopping)
        }
        for (waiter, answer) in told { waiter.place.resume(returning: answer) }
    }

    /// Ends the waiting of a task.
    package func withdraw(taskId: Int64) { dismiss(.withdrawn) { $0.taskId == taskId } }

    /// Counts a task that an earlier agent started: it holds its place, and its lock, until `settle`.
    package func resume(_ key: AttemptKey, app: String, function: String) {
        let need = Self.need(app: app, function: function, lookup?.installed(app))
        state.withLock { state in
            guard state.held.updateValue(need, forKey: key) == nil else { return }
            state.queue.take(need)
        }
    }

    /// Also of those that an earlier agent started.
    package var settlesAdopted: Bool { true }

    package func prepare(_ run: inout TaskRun) async throws(ElvesError) {
        try await arrive(&run)
        while true {
            let need = Self.need(of: run, run.app)
            let request = Request(
                key: run.key, need: need, appWaiting: Self.waitingLimit(run.app), startBy: run.startBy)
            let (answer, hasWaited) = await place(for: request)
            guard answer == .admitted else { throw refusal(answer, need, request.appWaiting) }
            guard hasWaited, let lookup else { return }
            // The app may have been updated meanwhile: the version that runs says what is needed.
            do throws(ElvesError) { try lookup.find(&run) } catch {
                giveBack(run.key)
                throw error
            }
            if Self.need(of: run, run.app) == need { return }
            giveBack(run.key)
        }
    }

    package func settle(_ run: inout TaskRun) async { giveBack(run.key) }

    private func giveBack(_ key: AttemptKey) {
        let told = state.withLock { state -> [(Waiter, Answer)] in
            guard let need = state.held.removeValue(forKey: key) else { return [] }
            return state.admitted(state.queue.release(need))
        }
        for (waiter, answer) in told { waiter.place.resume(returning: answer) }
    }

    private static func need(of run: TaskRun, _ app: ShelvedApp?) -> AdmissionQueue.Need {
        need(app: run.task.app, function: run.task.func, app)
    }

    private static func need(app name: String, function: String, _ app: ShelvedApp?) -> AdmissionQueue.Need {
        guard let manifest = app?.manifest else { return AdmissionQueue.Need(app: name) }
        let function = manifest.functions.first { $0.name == function }
        return AdmissionQueue.Need(
            app: name, appLimit: manifest.maxRunning.flatMap { $0 > 0 ? Int($0) : nil },
            lock: function?.exclusive ?? manifest.exclusive)
    }

    private static func waitingLimit(_ app: ShelvedApp?) -> Int? {
        app?.manifest.maxWaiting.flatMap { $0 >= 0 ? Int($0) : nil }
    }

    /// Finds the app, and waits for it if it is on its way.
    private func arrive(_ run: inout TaskRun) async throws(ElvesError) {
        guard let lookup else { return }
        let key = run.key
        if lookup.installed(run.task.app) != nil { return try lookup.find(&run) }
        let refused = state.withLock { state -> Answer? in
            if state.isStopping { return .stopping }
            guard state.arriving.count < running + waiting else { return .full }
            let others = state.arriving.values.count { $0.app == run.task.app }
            guard others < running + state.queue.appShare else { return .appWaitingFull }
            state.arriving[key] = Arrival(app: run.task.app)
            return nil
        }
        if let refused { throw refusal(refused, Self.need(of: run, nil)) }
        var failure: ElvesError?
        do throws(ElvesError) { try await lookup.prepare(&run) } catch { failure = error }
        if state.withLock({ $0.arriving.removeValue(forKey: key) })?.isWithdrawn == true {
            throw refusal(.withdrawn, Self.need(of: run, nil))
        }
        if let failure { throw failure }
    }

    private func refusal(
        _ answer: Answer, _ need: AdmissionQueue.Need, _ appWaiting: Int? = nil
    ) -> ElvesError {
        switch answer {
        case .admitted, .expired: ElvesError(.agentAttemptExpired)
        case .stopping: ElvesError(.agentStopping)
        case .withdrawn: .withdrawn
        case .full: ElvesError(.agentFull, "\(running) tasks run here and \(waiting) more may wait, no more")
        case .appFull: appRefusal(need, "of all tasks at most \(waiting) may wait, and as many do")
        case .appWaitingFull: appRefusal(need, waitingBound(of: need.app, appWaiting))
        }
    }

    private func appRefusal(_ need: AdmissionQueue.Need, _ bound: String) -> ElvesError {
        let reasons = [
            need.appLimit.map { "of \(need.app)'s tasks at most \($0) may run here at once" },
            need.lock.map { "one task at a time holds the lock \"\($0)\"" },
        ]
        return ElvesError(
            .agentAppFull, (reasons.compactMap { $0 } + [bound]).joined(separator: "; "), details: ["app": need.app])
    }

    /// Which limit an app's tasks have met that may not wait, and how it is changed.
    private func waitingBound(of app: String, _ limit: Int?) -> String {
        switch limit {
        case 0: "no task of \(app) may wait (limits.waiting in its app.yaml is 0)"
        case let limit?: "of \(app)'s tasks at most \(limit) may wait, and as many do (limits.waiting in its app.yaml)"
        case nil:
            "of \(app)'s tasks at most \(state.withLock { $0.queue.appShare }) may wait, and as many do: half of the "
                + "agent's max_waiting, unless limits.waiting in its app.yaml says another number"
        }
    }

    // MARK: Waiting

    private func place(for request: Request) async -> (Answer, hasWaited: Bool) {
        if let early = state.withLock({ answer(to: request, in: &$0, place: nil) }) { return (early, false) }
        guard let startBy = request.startBy else { return (await wait(request), true) }
        let late = await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await self.wait(request) }
            group.addTask {
                guard (try? await Task.sleep(until: startBy, clock: .continuous)) != nil else { return nil }
                self.dismiss(.expired) { $0 == request.key }
                return nil
            }
            for await answer in group {
                guard let answer else { continue }
                group.cancelAll()
                return answer
            }
            return .expired
        }
        return (late, true)
    }

    private func wait(_ request: Request) async -> Answer {
        await withCheckedContinuation { place in
            if let answer = state.withLock({ answer(to: request, in: &$0, place: place) }) {
                place.resume(returning: answer)
            }
        }
    }

    /// The answer that can be given at once; without one the task waits, if it brought a place to wait at.
    private func answer(
        to request: Request, in state: inout State, place: CheckedContinuation<Answer, Never>?
    ) -> Answer? {
        if state.isStopping { return .stopping }
        // Whoever comes to wait after the time was called would not hear of it.
        if let startBy = request.startBy, startBy <= .now { return .expired }
        state.nextTicket += 1
        let ticket = state.nextTicket
        let (key, need) = (request.key, request.need)
        switch state.queue.ask(need, ticket: ticket, appWaiting: request.appWaiting, mayWait: place != nil) {
        case .admitted:
            state.held[key] = need
            return .admitted
        case .full: return .full
        case .appFull: return .appFull
        case .appWaitingFull: return .appWaitingFull
        case .waits:
            if let place { state.waiting[ticket] = Waiter(key: key, need: need, place: place) }
            return nil
        }
    }

    private func dismiss(_ answer: Answer, where isMeant: (AttemptKey) -> Bool) {
        let told = state.withLock { state in
            for key in state.arriving.keys where isMeant(key) { state.arriving[key]?.isWithdrawn = true }
            return state.leave(state.waiting.filter { isMeant($0.value.key) }.keys.sorted(by: >), answer)
        }
        for (waiter, answer) in told { waiter.place.resume(returning: answer) }
    }
}
