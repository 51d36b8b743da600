package import ElvesContracts
package import ElvesCore
internal import Runner
package import ServiceCore

/// Runs tasks: hooks, worker, hooks. A task belongs to the agent, not to the connection that brought it.
package actor TaskHost {
    private let hooks: [any TaskHook]
    private let admission: AdmissionHook
    private let workers: any WorkerRunning
    private let now: WallClock
    private let executor: (any TaskExecutor)?
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
        executor: (any TaskExecutor)? = nil, now: @escaping WallClock
    ) {
        self.hooks = [history, admission] + hooks
        self.admission = admission
        self.workers = workers
        self.executor = executor
        self.now = now
    }

    /// Tasks that have not ended.
    package var count: Int { attempts.count }

    /// Runs an attempt to its end, also when the caller no longer waits.
    ///
    /// - Throws: when the attempt was taken before; every other trouble is an end.
    package func run(_ task: RunTask) async throws(ElvesError) -> TaskResult {
        asked += 1
        let run = TaskRun(task, at: .now, ms: now())
        let key = run.key
        guard attempts[key] == nil else {
            throw ElvesError(.agentAttemptTaken, "attempt \(key.marker) was taken before")
        }
        let attempt = Task.immediate(executorPreference: executor) { [hooks, workers] in
            await Self.perform(run, hooks, workers)
        }
        attempts[key] = attempt
        let done = await attempt.value
        attempts[key] = nil
        let wasTaken = [ErrorCode.agentAttemptTaken.code, ErrorCode.runnerAttemptTaken.code]
        if wasTaken.contains(done.result.code) { throw ElvesError(.agentAttemptTaken, done.result.message) }
        return done.result
    }

    /// Ends a task, running or waiting; returns when nothing of it is left.
    package func kill(taskId: Int64) async throws(ElvesError) {
        let mine = attempts.keys.filter { $0.taskId == taskId }
        guard !mine.isEmpty else {
            throw ElvesError(.agentTaskUnknown, "no task \(Hex.encode(UInt64(bitPattern: taskId))) runs here")
        }
        // Again until it has ended: it may be coming to wait, and its worker may be starting just now.
        while mine.contains(where: { attempts[$0] != nil }) {
            admission.withdraw(taskId: taskId)
            do { try await workers.kill(taskId: taskId) } catch { throw ElvesError(wrapping: error) }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Takes over what ran when the agent last died: waits for each end, or learns that nobody knows it.
    package func adopt(_ open: [AttemptJournal.Start], journal: AttemptJournal, history: HistoryHook) {
        for start in open where attempts[start.key] == nil {
            admission.resume(start.key, app: start.app, function: start.function)
            attempts[start.key] = Task {
                var run = await Self.adopted(start, workers: workers, journal: journal, history: history)
                await admission.settle(&run)
                forget(start.key)
                return run
            }
        }
    }

    /// Takes no more tasks; gives those that run `patience` to end, then ends them, all within one grace.
    package func stop(patience: Duration) async {
        admission.stop()
        let deadline = ContinuousClock.now + patience
        while !attempts.isEmpty, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        await withTaskGroup(of: Void.self) { group in
            for taskId in Set(attempts.keys.map(\.taskId)) {
                group.addTask { try? await self.kill(taskId: taskId) }
            }
        }
    }

    private func forget(_ key: AttemptKey) { attempts[key] = nil }

    private static func perform(
        _ run: TaskRun, _ hooks: [any TaskHook], _ workers: any WorkerRunning
    ) async -> TaskRun {
        var run = run
        var prepared = 0
        do throws(ElvesError) {
            for hook in hooks {
                try await hook.prepare(&run)
                prepared += 1
            }
            run.note("starting", at: .now)
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
        do { return try await workers.run(order) } catch let refusal as HostRefusal {
            throw refusal.error
        } catch let known as ElvesError {
            throw known
        } catch {
            // It may have started: what is not known is not called a failure.
            throw ElvesError(
                .agentRunnerLost, "attempt \(order.key.marker) has no known end: \(error)", cause: error)
        }
    }

    private static func adopted(
        _ start: AttemptJournal.Start, workers: any WorkerRunning, journal: AttemptJournal, history: HistoryHook
    ) async -> TaskRun {
        let task = RunTask(taskId: start.key.taskId, attempt: start.key.attempt, app: start.app, func: start.function)
        var run = TaskRun(task, at: .now, ms: start.at)
        run.isAdopted = true
        run.result.version = start.version
        run.app = ShelvedApp(
            manifest: AppManifest(
                name: start.app, version: start.version,
                workerProtocol: WorkerProtocol(rawValue: start.workerProtocol)))
        if let end = await workers.adopt(start.key) {
            run.finish(end, reportLimit: reportLimit)
        } else {
            _ = await StrayWorkers.end(start.key)
            run.fail(ElvesError(.agentRestarted, "nobody can say how attempt \(start.key.marker) ended"))
        }
        journal.end(start.key, state: run.result.state.name ?? "")
        await history.settle(&run)
        return run
    }
}
