package import ElvesContracts
package import ElvesCore
package import Runner
package import ServiceCore

/// Runs tasks: hooks, worker, hooks. A task belongs to the agent, not to the connection that brought it.
package actor TaskHost {
    /// Where attempts and their results are on record.
    package nonisolated let journal: AttemptJournal?
    /// Attempts whose workers run.
    package nonisolated let running: RunningAttempts
    private let hooks: [any TaskHook]
    private let admission: AdmissionHook
    private let workers: any WorkerRunning
    private let now: WallClock
    private let executor: (any TaskExecutor)?
    /// Told when a result is kept that nobody waits for.
    private let unheard: @Sendable () -> Void
    private var attempts: [AttemptKey: Task<TaskRun, Never>] = [:]
    /// Attempts that were brought here, refused ones among them.
    package private(set) var asked: Int64 = 0
    /// Bytes of each output that an answer holds.
    private static let reportLimit = 64 << 10

    /// The hooks run in this order after `admission`; `history` sees every end.
    ///
    /// Tasks run on `executor`: that of the loop where their calls arrive and their workers' ends are told spares
    /// each of them the ways between threads. Without one they run in the shared pool.
    package init(
        history: HistoryHook, admission: AdmissionHook, hooks: [any TaskHook], workers: any WorkerRunning,
        journal: AttemptJournal? = nil, running: RunningAttempts = RunningAttempts(),
        executor: (any TaskExecutor)? = nil, now: @escaping WallClock, unheard: @escaping @Sendable () -> Void = {}
    ) {
        self.hooks = [history, admission] + hooks
        self.admission = admission
        self.workers = workers
        self.journal = journal
        self.running = running
        self.executor = executor
        self.now = now
        self.unheard = unheard
    }

    /// Tasks that have not ended.
    package var count: Int { attempts.count }

    /// Runs an attempt to its end, also when the caller no longer waits. One that was taken before is not started
    /// again: the answer is its end.
    ///
    /// - Throws: `agent.attempt.taken` when its result was recorded and is gone, `agent.attempt.forgotten` when it may
    ///   have been sent before and nobody can tell; every other trouble is an end.
    package func run(_ task: RunTask) async throws(ElvesError) -> TaskResult {
        asked += 1
        let run = TaskRun(task, at: .now, ms: now())
        let key = run.key
        if attempts[key] != nil { return try await resume(key) }
        if let journal {
            switch journal.standing(of: key) {
            case .never: break
            case .forgotten: if task.again == true { throw Self.forgotten(key) }
            case .open, .kept, .recorded: return try await resume(key)
            }
        }
        let attempt = Task.immediate(executorPreference: executor) { [hooks, workers, running] in
            await Self.perform(run, hooks, workers, running)
        }
        attempts[key] = attempt
        return try await end(of: key, attempt).result
    }

    /// Waits for the end of an attempt that was taken before, without starting anything.
    package func resume(_ key: AttemptKey) async throws(ElvesError) -> TaskResult {
        if let attempt = attempts[key] {
            let done = try await end(of: key, attempt)
            var result = done.result
            result.app = done.task.app
            result.func = done.task.func
            result.takenAt = done.receivedAtMs
            return result
        }
        switch journal?.standing(of: key) ?? .never {
        case .never: throw ElvesError(.agentAttemptUnknown, "attempt \(key.marker) was never taken here")
        case .forgotten: throw Self.forgotten(key)
        case .kept:
            guard let result = await journal?.result(of: key) else { throw Self.taken(key) }
            journal?.said([key])
            return result
        case .open, .recorded: throw Self.taken(key)
        }
    }

    /// How attempts stand, without waiting: with their results as long as they fit into `bytes`.
    package func words(on keys: [AttemptKey], bytes: Int = 1 << 20) async -> [AttemptWord] {
        let page = await journal?.page(of: keys, count: keys.count, bytes: bytes).results ?? []
        var results: [AttemptKey: TaskResult] = [:]
        for result in page { results[AttemptKey(taskId: result.taskId, attempt: result.attempt)] = result }
        return keys.map { AttemptWord(ref: $0.ref, standing: standing(of: $0), result: results[$0]) }
    }

    private func standing(of key: AttemptKey) -> Standing {
        if attempts[key] != nil { return running.contains(key) ? .running : .waiting }
        switch journal?.standing(of: key) ?? .forgotten {
        case .never: return .never
        case .open: return .running
        case .kept, .recorded: return .ended
        case .forgotten: return .forgotten
        }
    }

    /// Ends a task, running or waiting; returns when nothing of it is left.
    package func kill(taskId: Int64) async throws(ElvesError) {
        let mine = attempts.keys.filter { $0.taskId == taskId }
        guard !mine.isEmpty else {
            throw ElvesError(.agentTaskUnknown, "no task \(Hex.encode(UInt64(bitPattern: taskId))) runs here")
        }
        // Again until it has ended: it may be coming to wait, and its worker may be starting just now.
        while mine.contains(where: { attempts[$0] != nil }) {
            for hook in hooks { await hook.withdraw(taskId: taskId) }
            do { try await workers.kill(taskId: taskId) } catch { throw ElvesError(wrapping: error) }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Takes over what ran when the agent last stopped or died: waits for each end, or learns that nobody knows it.
    ///
    /// Before any task is run: an attempt that is open in the journal has its place here from then on.
    package func adopt() {
        guard let journal else { return }
        for taken in journal.open where attempts[taken.key] == nil {
            let isLost = journal.isOfEarlierBoot
            let run = Self.resumed(taken)
            admission.resume(taken.key, app: taken.app, function: taken.function)
            attempts[taken.key] = Task {
                let run = await Self.adopted(run, isLost: isLost, hooks, workers, running)
                attempts[taken.key] = nil
                // Who asked for it is gone; whoever asks again joins, and else the courier tells.
                hear(taken.key)
                return run
            }
        }
    }

    /// Takes no more tasks, and gives those that run `patience` to end.
    package func rest(patience: Duration) async {
        admission.stop()
        let deadline = ContinuousClock.now + patience
        while !attempts.isEmpty, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Takes no more tasks; gives those that run `patience` to end, then ends them, all within one grace.
    package func stop(patience: Duration) async {
        await rest(patience: patience)
        await withTaskGroup(of: Void.self) { group in
            for taskId in Set(attempts.keys.map(\.taskId)) {
                group.addTask { try? await self.kill(taskId: taskId) }
            }
        }
    }

    private func end(of key: AttemptKey, _ attempt: Task<TaskRun, Never>) async throws(ElvesError) -> TaskRun {
        let done = await attempt.value
        forget(key, attempt)
        // The connection that asked is gone: the answer goes nowhere.
        if Task.isCancelled { hear(key) }
        if done.result.code == ErrorCode.agentAttemptTaken.code { throw Self.taken(key) }
        return done
    }

    private func forget(_ key: AttemptKey, _ attempt: Task<TaskRun, Never>) {
        if attempts[key] == attempt { attempts[key] = nil }
    }

    private func hear(_ key: AttemptKey) {
        journal?.said([key], isHeard: false)
        unheard()
    }

    private static func taken(_ key: AttemptKey) -> ElvesError {
        ElvesError(.agentAttemptTaken, "attempt \(key.marker) was taken before, and its result is recorded")
    }

    private static func forgotten(_ key: AttemptKey) -> ElvesError {
        ElvesError(.agentAttemptForgotten, "nobody can tell any more whether attempt \(key.marker) was taken here")
    }

    // MARK: One attempt

    private static func perform(
        _ run: TaskRun, _ hooks: [any TaskHook], _ workers: any WorkerRunning, _ running: RunningAttempts
    ) async -> TaskRun {
        var run = run
        var prepared = 0
        do throws(ElvesError) {
            for hook in hooks {
                try await hook.prepare(&run)
                prepared += 1
            }
            run.note("starting", at: .now)
            running.began(run.key)
            defer { running.ended(run.key) }
            let end = try await work(run.order, workers)
            run.note("ended", place: "worker", at: .now)
            run.finish(end, reportLimit: reportLimit)
        } catch {
            run.fail(error)
            run.note("refused", at: .now, rule: error.code.code)
        }
        for hook in hooks[..<prepared].reversed() { await hook.settle(&run) }
        return run
    }

    private static func work(
        _ order: WorkerOrder, _ workers: any WorkerRunning
    ) async throws(ElvesError) -> WorkerEnd {
        do { return try await workers.run(order) } catch {
            let known = (error as? HostRefusal)?.error ?? error as? ElvesError
            guard let known else {
                // It may have started: what is not known is not called a failure.
                throw ElvesError(
                    .agentRunnerLost, "attempt \(order.key.marker) has no known end: \(error)", cause: error)
            }
            guard known.code == .runnerAttemptTaken else { throw known }
            // A journal that was cut did not have it; the runner has.
            if let end = await workers.adopt(order.key) { return end }
            throw ElvesError(.agentRestarted, "attempt \(order.key.marker) ran before, and nobody can say how it ended")
        }
    }

    private static func resumed(_ taken: TakenAttempt) -> TaskRun {
        let task = RunTask(taskId: taken.key.taskId, attempt: taken.key.attempt, app: taken.app, func: taken.function)
        var run = TaskRun(task, at: .now, ms: taken.at)
        run.isAdopted = true
        run.result.version = taken.version
        run.app = ShelvedApp(
            manifest: AppManifest(
                name: taken.app, version: taken.version,
                workerProtocol: WorkerProtocol(rawValue: taken.workerProtocol)))
        return run
    }

    private static func adopted(
        _ run: TaskRun, isLost: Bool, _ hooks: [any TaskHook], _ workers: any WorkerRunning,
        _ running: RunningAttempts
    ) async -> TaskRun {
        var run = run
        let key = run.key
        if isLost {
            run.fail(
                ElvesError(
                    .agentRestarted, "the machine was restarted while attempt \(key.marker) ran"))
        } else {
            running.began(key)
            if let end = await workers.adopt(key) {
                run.finish(end, reportLimit: reportLimit)
            } else {
                let left = await workers.endStrays(of: key)
                run.fail(.lost(.agentRestarted, "nobody can say how attempt \(key.marker) ended", survivors: left))
            }
            running.ended(key)
        }
        for hook in hooks.reversed() where hook.settlesAdopted { await hook.settle(&run) }
        return run
    }
}
