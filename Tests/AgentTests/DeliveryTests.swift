import ElvesContracts
import ElvesCore
import Logging
import Runner
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Agent

/// What an agent answers of attempts that it has, and how their results reach the center.
@Suite struct DeliveryTests {
    /// Workers that end when they are told to, and count how often they were started.
    private final class HeldWorkers: WorkerRunning {
        private let gate = Gate(isOpen: false)
        private let started = Mutex<[AttemptKey: Int]>([:])

        func open() { gate.open() }
        func starts(_ task: Int64) -> Int { started.withLock { $0[AttemptKey(taskId: task)] ?? 0 } }

        func run(_ order: WorkerOrder) async throws -> WorkerEnd {
            started.withLock { $0[order.key, default: 0] += 1 }
            try await gate.pass()
            var end = WorkerEnd(key: order.key, status: .exited(0))
            end.result = Array("\"\(order.key.marker)\"".utf8)
            return end
        }

        func kill(taskId: Int64) async throws { open() }
        func adopt(_ key: AttemptKey) async -> WorkerEnd? { nil }
    }

    /// A scheduler that records what it hears, or not.
    private final class Scheduler: TaskReportServiceHandler {
        struct State {
            var pages: [[AttemptRef]] = []
            var results: [AttemptRef: TaskResult] = [:]
            var started: [AttemptRef] = []
            var records = true
            var refuses: Int64 = 0
        }

        let state = Mutex(State())

        func report(results: [TaskResult], context: CallContext) async throws -> [AttemptRef] {
            let refs = results.map { AttemptRef(taskId: $0.taskId, attempt: $0.attempt) }
            return try state.withLock { state in
                state.pages.append(refs)
                guard !refs.contains(where: { $0.taskId == state.refuses }) else {
                    throw ElvesError(.elvesInternal, "not this one").fault
                }
                for (ref, result) in zip(refs, results) { state.results[ref] = result }
                return state.records ? refs : []
            }
        }

        func started(attempts: [AttemptRef], context: CallContext) async throws {
            state.withLock { $0.started += attempts }
        }

        func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit { OutputCredit() }
        func fetchBlob(
            attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
        ) async throws -> [UInt8] { [] }
        func putBlob(
            attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
        ) async throws -> Int64 { 0 }

        var caller: any ThriftCaller {
            InProcessCaller(
                ThriftRouter([TaskReportServiceProcessor(self)]), as: PeerIdentity(role: "agent", instance: "1"))
        }
    }

    private let folder: Folder
    private let journal: AttemptJournal
    private let workers = HeldWorkers()
    private let tasks: TaskHost

    init() throws {
        folder = try Folder()
        journal = try AttemptJournal(folder: folder.path)
        tasks = Self.host(journal, workers)
    }

    private static func host(_ journal: AttemptJournal, _ workers: HeldWorkers) -> TaskHost {
        let history = HistoryHook { 0 }
        return TaskHost(
            history: history, admission: AdmissionHook(running: 2, waiting: 8),
            hooks: [JournalHook(journal, history: history) { 9 }], workers: workers, journal: journal
        ) { 7 }
    }

    private func ask(_ task: Int64, again: Bool? = nil) -> RunTask {
        RunTask(taskId: task, attempt: 1, app: "app", func: "f", again: again)
    }

    private func fault(_ body: () async throws -> Void) async -> String {
        do { try await body() } catch let error as ElvesError { return error.code.code } catch { return "\(error)" }
        return ""
    }

    // MARK: Questions

    @Test func aDuplicateJoinsAndStartsNothing() async throws {
        let first = Task { try await tasks.run(ask(1)) }
        #expect(try await eventually { workers.starts(1) == 1 })
        let second = Task { try await tasks.run(ask(1, again: true)) }
        let third = Task { try await tasks.resume(AttemptKey(taskId: 1)) }
        #expect(try await eventually { await tasks.asked == 2 })
        workers.open()
        let answers = [try await first.value, try await second.value, try await third.value]
        #expect(answers.allSatisfy { $0.result == "\"0000000000000001.1\"" && $0.state == .succeeded })
        #expect(answers[2].app == "app" && answers[2].func == "f" && answers[2].takenAt == 7)
        #expect(workers.starts(1) == 1)
        // Late, while its result is kept, and after that.
        #expect(try await tasks.run(ask(1)).result == answers[0].result)
        #expect(try await tasks.resume(AttemptKey(taskId: 1)).result == answers[0].result)
        journal.record([1])
        #expect(await fault { _ = try await tasks.run(ask(1)) } == "agent.attempt.taken")
        #expect(await fault { _ = try await tasks.resume(AttemptKey(taskId: 1)) } == "agent.attempt.taken")
        #expect(workers.starts(1) == 1)
    }

    @Test func whatWasNeverTakenIsUnknownAndMayBeSentAgain() async throws {
        #expect(await fault { _ = try await tasks.resume(AttemptKey(taskId: 5)) } == "agent.attempt.unknown")
        workers.open()
        #expect(try await tasks.run(ask(5, again: true)).state == .succeeded)
    }

    @Test func anAgentThatCannotTellRefusesWhatMayHaveBeenSentBefore() async throws {
        workers.open()
        _ = try await tasks.run(ask(5))
        let path = folder.path + "/" + (segments(folder).last ?? "")
        try Disk.replace(path, with: try Disk.read(path).dropLast(2))
        let journal = try AttemptJournal(folder: folder.path)
        let next = Self.host(journal, workers)
        #expect(await fault { _ = try await next.run(ask(6, again: true)) } == "agent.attempt.forgotten")
        #expect(await fault { _ = try await next.resume(AttemptKey(taskId: 6)) } == "agent.attempt.forgotten")
        #expect(workers.starts(6) == 0)
        #expect(try await next.run(ask(7)).state == .succeeded)
    }

    /// The agent that follows the one that found the damage has a whole journal, and no better memory.
    @Test func whatCannotBeToldIsRefusedInEveryLaterLife() async throws {
        workers.open()
        _ = try await tasks.run(ask(5))
        journal.close()
        let path = folder.path + "/" + (segments(folder).last ?? "")
        var bytes = try Disk.read(path)
        bytes[bytes.count - 20] ^= 1
        try Disk.replace(path, with: bytes)
        let finder = try AttemptJournal(folder: folder.path)
        #expect(finder.wasCut)
        finder.close()
        let journal = try AttemptJournal(folder: folder.path)
        #expect(!journal.wasCut)
        let next = Self.host(journal, workers)
        #expect(await fault { _ = try await next.run(ask(6, again: true)) } == "agent.attempt.forgotten")
        #expect(workers.starts(6) == 0)
        #expect(try await next.run(ask(7)).state == .succeeded)
    }

    @Test func itSaysHowAttemptsStand() async throws {
        workers.open()
        _ = try await tasks.run(ask(1))
        _ = try await tasks.run(ask(2))
        journal.record([2])
        let slow = HeldWorkers()
        let busy = Self.host(journal, slow)
        var running: [Task<TaskResult, any Error>] = []
        for (count, task) in [(1, 3), (2, 4), (3, 5)] as [(Int, Int64)] {
            running.append(Task { try await busy.run(ask(task)) })
            #expect(try await eventually { await busy.count == count })
        }
        let words = await busy.words(on: (1...6).map { AttemptKey(taskId: $0) })
        #expect(words.map(\.standing) == [.ended, .ended, .running, .running, .waiting, .never])
        #expect(words.map { $0.result != nil } == [true, false, false, false, false, false])
        slow.open()
        for task in running { _ = try await task.value }
    }

    @Test func oneThatWasRefusedLeavesNoTrace() async throws {
        let busy = [1, 2].map { task in Task { try await tasks.run(ask(Int64(task))) } }
        #expect(try await eventually { workers.starts(1) + workers.starts(2) == 2 })
        let late = try await tasks.run(
            RunTask(taskId: 3, attempt: 1, app: "app", func: "f", startByMs: 1))
        #expect(late.state == .expired)
        #expect(await fault { _ = try await tasks.resume(AttemptKey(taskId: 3)) } == "agent.attempt.unknown")
        workers.open()
        for task in busy { _ = try await task.value }
    }

    // MARK: The courier

    private func withCourier(
        _ scheduler: Scheduler, patience: Duration = .seconds(3600), _ body: (ResultCourier) async throws -> Void
    ) async throws {
        let courier = ResultCourier(
            journal, scheduler: scheduler.caller, patience: patience, logger: Logger(label: "test"))
        let running = Task { try await courier.run() }
        try await body(courier)
        running.cancel()
        _ = await running.result
    }

    @Test func aNewConnectionHearsEveryResultInPages() async throws {
        for task in 1...250 as ClosedRange<Int64> { try await journal.run(task) }
        let long = "\"" + String(repeating: "x", count: 700_000) + "\""
        for task in 251...253 as ClosedRange<Int64> { try await journal.run(task, text: long) }
        let scheduler = Scheduler()
        try await withCourier(scheduler) { courier async throws in
            courier.connected()
            #expect(try await eventually { journal.keptCount.results == 0 })
        }
        let state = scheduler.state.withLock { $0 }
        #expect(state.pages.map(\.count) == [100, 100, 51, 1, 1])
        #expect(state.results.count == 253)
        let one = state.results[AttemptRef(taskId: 9, attempt: 1)]
        #expect(one?.app == "app" && one?.func == "f" && one?.takenAt == 90 && one?.state == .succeeded)
        #expect(journal.standing(9) == .recorded && journal.standing(253) == .recorded)
    }

    @Test func withoutAWordTheyAreToldAgain() async throws {
        try await journal.run(1)
        let scheduler = Scheduler()
        scheduler.state.withLock { $0.records = false }
        try await withCourier(scheduler, patience: .milliseconds(50)) { courier async throws in
            courier.connected()
            #expect(try await eventually { scheduler.state.withLock { $0.pages.count } >= 3 })
            #expect(journal.standing(1) == .kept)
            scheduler.state.withLock { $0.records = true }
            #expect(try await eventually { journal.standing(1) == .recorded })
        }
    }

    @Test func oneThatTheSchedulerRefusesHoldsUpNoOther() async throws {
        for task in 1...5 as ClosedRange<Int64> { try await journal.run(task) }
        let scheduler = Scheduler()
        scheduler.state.withLock { $0.refuses = 3 }
        try await withCourier(scheduler) { courier async throws in
            courier.connected()
            #expect(try await eventually { journal.keptCount.results == 1 })
            #expect(journal.standing(3) == .kept)
        }
    }

    @Test func aResultThatNobodyWaitsForIsToldAtOnce() async throws {
        let scheduler = Scheduler()
        try await withCourier(scheduler) { courier async throws in
            let history = HistoryHook { 0 }
            let tasks = TaskHost(
                history: history, admission: AdmissionHook(running: 2, waiting: 8),
                hooks: [JournalHook(journal, history: history) { 9 }], workers: workers, journal: journal, now: { 7 },
                unheard: { courier.hurry() })
            let caller = Task { try await tasks.run(ask(1)) }
            #expect(try await eventually { workers.starts(1) == 1 })
            // Its connection ended.
            caller.cancel()
            workers.open()
            #expect(try await eventually { journal.standing(1) == .recorded })
        }
    }

    @Test func aWorkerThatRunsForAWhileIsSaidToHaveStarted() async throws {
        let scheduler = Scheduler()
        let starts = StartReports(tasks.running, scheduler: scheduler.caller) { true }
        let reporting = Task { try await starts.run() }
        let caller = Task { try await tasks.run(ask(1)) }
        let first = AttemptRef(taskId: 1, attempt: 1)
        #expect(try await eventually { scheduler.state.withLock { $0.started } == [first] })
        // A new connection may not know.
        starts.connected()
        #expect(try await eventually { scheduler.state.withLock { $0.started } == [first, first] })
        workers.open()
        _ = try await caller.value
        reporting.cancel()
    }

    @Test func whatEndsBeforeItsMomentIsNeverSaid() {
        let running = RunningAttempts()
        let keys = (1...3).map { AttemptKey(taskId: $0) }
        for key in keys { running.began(key) }
        let later = ContinuousClock.now + .seconds(1)
        #expect(running.takeUnsaid(since: later - .seconds(3600)) == ([], true))
        running.ended(keys[0])
        let (due, isMore) = running.takeUnsaid(since: later)
        #expect(Set(due) == [keys[1], keys[2]] && !isMore)
        #expect(running.takeUnsaid(since: later) == ([], false))
        running.ended(keys[1])
        running.sayAgain()
        #expect(running.takeUnsaid(since: later + .seconds(1)) == ([keys[2]], false))
        #expect(running.contains(keys[2]) && !running.contains(keys[0]))
    }
}
