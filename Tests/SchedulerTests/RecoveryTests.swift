import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// What a process leaves unfinished goes on in the next one.
@Suite struct RecoveryTests {
    /// The next process over the same store, a generator of its own.
    private func next(
        _ store: any SchedulerStore, time: TestTime = TestTime(),
        _ configure: (inout SchedulerLimits) -> Void = { _ in }
    ) async throws -> SchedulerService {
        try await SchedulerService.serving(store, time: time.keeper, generator: 2, configure)
    }

    @Test(arguments: StoreKind.allCases) func aDurableTaskThatWaitedGoesOn(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let first = try await SchedulerService.serving(store)
            let rule = RetryRule(attempts: 2)
            let task = try await first.execute(
                .test(7, timeoutMs: 5_000, startByMs: 600_000, param: "[1]", durable: true, retry: rule), waitMs: 0)
            // kill -9: nothing more is written.
            let service = try await next(store, time: TestTime(wallMs: task.createdAt + 10_000))
            let found = try await service.execution(task.id, waitMs: 0)
            #expect(found.state == .created && found.call == task.call && found.retryRule == rule)
            #expect(service.figures["tasks_held"] == 1 && service.figures["tasks_in_flight"] == 0)
            let agent = FakeTaskLink(7)
            _ = try await service.connect(agent)
            #expect(try await service.execution(task.id, waitMs: 0).state == .succeeded)
            // The record of its dispatch may be lost: the agent decides.
            #expect(agent.attempts.map(\.again) == [true])
            #expect(agent.attempts.map(\.startByMs) == [590_000])
        }
    }

    @Test func afterAStopInOrderItIsCertainThatNothingWasSent() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let task = try await first.whileRunning {
            try await first.execute(.test(7, startByMs: 600_000, durable: true), waitMs: 0)
        }
        let second = try await next(store, time: .init(wallMs: task.createdAt))
        let agent = FakeTaskLink(7)
        // The process after that cannot know what the second one did.
        let third = try await next(store, time: .init(wallMs: task.createdAt))
        _ = try await third.connect(agent)
        _ = try await second.connect(agent)
        #expect(agent.attempts.map(\.again) == [true, false])
    }

    @Test(arguments: [true, false]) func anAgentThatStaysAwayLeavesUnknown(_ isCertain: Bool) async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let order = ExecutionOrder.test(7, startByMs: 600_000, durable: true)
        let task =
            isCertain
            ? try await first.whileRunning { try await first.execute(order, waitMs: 0) }
            : try await first.execute(order, waitMs: 0)
        let time = TestTime(wallMs: task.createdAt)
        let service = try await next(store, time: time)
        time.advance(ms: 599_999)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == .created)
        time.advance(ms: 1)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == (isCertain ? .unreachable : .unknown))
    }

    @Test(arguments: StoreKind.allCases) func whatWasSentAwaitsItsAgentsWord(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let first = try await SchedulerService.serving(store)
            _ = try await first.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
            let plain = try await first.execute(.test(7), waitMs: 0)
            let durable = try await first.execute(.test(7, durable: true), waitMs: 0)
            await first.writeOpen()
            let service = try await next(store)
            #expect(service.figures["tasks_awaiting_word"] == 2)
            let agent = FakeTaskLink(7)
            _ = try await service.connect(agent)
            #expect(agent.resumed.map(\.task) == [plain.id, durable.id])
            #expect(try await service.execution(plain.id, waitMs: 0).state == .unreachable)
            #expect(try await service.execution(durable.id, waitMs: 0).state == .succeeded)
            #expect(agent.attempts.map(\.task) == [durable.id] && agent.attempts.map(\.again) == [true])
            await service.writeAll()
            #expect(service.figures["tasks_in_flight"] == 0 && service.figures["tasks_held"] == 0)
            #expect(try await store.unfinished(limit: 10).isEmpty)
        }
    }

    @Test func patienceCountsFromTheStartOfServing() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        _ = try await first.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let task = try await first.execute(.test(7), waitMs: 0)
        await first.writeOpen()
        let time = TestTime()
        let service = try await next(store, time: time)
        time.advance(ms: 59_999)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == .dispatched)
        time.advance(ms: 1)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == .unknown)
    }

    /// Recorded under its key, perhaps sent, perhaps not: a synchronous attempt is never sent again.
    @Test func aSynchronousTaskWithAKeyIsAskedForAndNotSent() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        _ = try await first.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let task = try await first.execute(.test(7, key: "k"), waitMs: 0)
        let service = try await next(store)
        let agent = FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded)
        _ = try await service.connect(agent)
        #expect(try await service.execute(.test(7, key: "k"), waitMs: 0).id == task.id)
        #expect(try await service.execution(task.id, waitMs: 0).state == .succeeded)
        #expect(agent.attempts.isEmpty)
    }

    @Test func aPauseBetweenAttemptsGoesOn() async throws {
        let store = InMemorySchedulerStore()
        let time = TestTime()
        let first = try await SchedulerService.serving(store, time: time.keeper)
        _ = try await first.connect(FakeTaskLink(7) { $1(.reported(.failure($0.name))) })
        let rule = RetryRule(attempts: 2, firstDelayMs: 90_000, longestDelayMs: 90_000)
        let task = try await first.execute(.test(7, durable: true, retry: rule), waitMs: 0)
        await first.writeAll()
        time.advance(ms: 30_000)
        let service = try await next(store, time: time)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        time.advance(ms: 59_999)
        service.sweep()
        #expect(agent.attempts.isEmpty)
        time.advance(ms: 1)
        service.sweep()
        #expect(agent.attempts.map(\.number) == [2] && agent.attempts.map(\.again) == [true])
        #expect(try await service.execution(task.id, waitMs: 0).state == .succeeded)
    }

    @Test func aWishIsCarriedOutByTheNextProcess() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        _ = try await first.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let task = try await first.execute(.test(7, durable: true), waitMs: 0)
        _ = try await first.cancel(task.id, kill: true, reason: "OPS-12", waitMs: 0)
        await first.writeOpen()
        let service = try await next(store)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        #expect(agent.killed == [task.id] && agent.attempts.isEmpty)
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == .cancelled && record.outcome.message == "OPS-12")
    }

    /// Nobody knows whether the last process sent it: its agent says so when it is back.
    @Test func whatMayHaveBeenSentIsKilledAtItsAgent() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let task = try await first.execute(.test(7, startByMs: 600_000, durable: true), waitMs: 0)
        let service = try await next(store, time: TestTime(wallMs: task.createdAt))
        let agent = FakeTaskLink(7)
        let error = await #expect(throws: ElvesError.self) {
            try await service.cancel(task.id, kill: false, reason: "", waitMs: 0)
        }
        #expect(error?.code == .schedulerTaskStarted)
        #expect(try await service.cancel(task.id, kill: true, reason: "off", waitMs: 0).state == .dispatched)
        _ = try await service.connect(agent)
        #expect(agent.killed == [task.id] && agent.attempts.isEmpty)
        #expect(try await service.execution(task.id, waitMs: 0).state == .cancelled)
        #expect(service.figures["tasks_held"] == 0 && service.figures["tasks_in_flight"] == 0)
    }

    /// It waits for its turn when its start-by time passes, and the last process may have sent it: only its agent knows.
    @Test(arguments: [(FakeTaskLink.neverTook, TaskState.expired), (FakeTaskLink.hasSucceeded, .succeeded)])
    func whatMayHaveBeenSentDoesNotJustExpire(_ memory: @escaping FakeTaskLink.Memory, _ end: TaskState) async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let task = try await first.execute(.test(7, startByMs: 90_000, durable: true), waitMs: 0)
        let time = TestTime(wallMs: task.createdAt)
        let service = try await SchedulerService.serving(store, time: time.keeper, generator: 2) {
            $0.tasksInFlightPerAgent = 1
        }
        let agent = FakeTaskLink(7, FakeTaskLink.keepsQuiet, resume: memory)
        #expect(service.dispatcher.seat(Execution.ended(99, .dispatched), at: .test(7)))
        _ = try await service.connect(agent)
        #expect(agent.attempts.isEmpty)
        time.advance(ms: 90_000)
        service.sweep()
        #expect(agent.resumed == [AttemptName(task: task.id, number: 1)] && agent.attempts.isEmpty)
        #expect(try await service.execution(task.id, waitMs: 0).state == end)
        #expect(service.figures["tasks_held"] == 0)
    }

    /// The agent ran the second attempt; the record with it was lost.
    @Test func theAgentKnowsOfALaterAttempt() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let task = try await first.execute(
            .test(7, startByMs: 60_000, durable: true, retry: RetryRule(attempts: 3)), waitMs: 0)
        let service = try await next(store)
        let name = AttemptName(task: task.id, number: 2)
        #expect(try await service.reported([.success(name)], by: FakeTaskLink(7)) == [name])
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == .succeeded && record.attempt == 2)
    }

    @Test func aStoreThatTakesNothingStopsTheStart() async throws {
        let inner = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(inner)
        _ = try await first.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0)
        let store = FaultyStore(inner)
        store.fails = true
        await #expect(throws: ElvesError.self) { _ = try await next(store) }
    }

    @Test(arguments: StoreKind.allCases) func aBatchGoesOn(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let first = try await SchedulerService.serving(store)
            let answers = Answers()
            for agent: Int64 in 1...6 { _ = try await first.connect(FakeTaskLink(agent, answers.behaviour)) }
            let batch = try await first.createBatch(.test(1...6, concurrency: 3))
            first.dispatch()
            // One has ended, three are out, two have no record.
            answers.answerOne()
            #expect(answers.count == 3)
            await first.writeAll()
            let service = try await next(store)
            let agents = (1...6).map { FakeTaskLink($0, resume: FakeTaskLink.hasSucceeded) }
            for agent in agents { _ = try await service.connect(agent) }
            try await service.whileRunning { () async throws in
                let ended = try await service.batch(batch.id, waitMs: 60_000)
                try await eventually("it has ended") {
                    try await service.batch(batch.id, waitMs: 0).endedAt > 0
                }
                #expect(ended.total == 6)
            }
            let ended = try await service.batch(batch.id, waitMs: 0)
            #expect(ended.states == [.succeeded: 6])
            let ends = try await service.batchEnds(batch.id, after: 0, limit: 10, waitMs: 0)
            // Places go on far above those of the first process.
            let places = ends.executions.map(\.batchPlace)
            #expect(places.count == 6 && places == places.sorted() && places[0] == 1 && places[1] > 6 && ends.done)
            #expect(agents.flatMap(\.attempts).count == 2)
            #expect(agents.flatMap(\.attempts).allSatisfy { $0.again })
            #expect(agents.flatMap(\.resumed).count == 3)
        }
    }

    @Test(arguments: StoreKind.allCases) func aBatchOfWhichOnlyTheEndIsMissingEnds(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let first = try await SchedulerService.serving(store)
            _ = try await first.connect(FakeTaskLink(1))
            let batch = try await first.createBatch(.test([1]))
            first.dispatch()
            // Its task is written, it is not: as when the process dies in between.
            let record = try #require(
                try await first.batchEnds(batch.id, after: 0, limit: 1, waitMs: 0).executions.first)
            try await store.write([record], batches: [], .buffered)
            let service = try await next(store)
            let ended = try await service.batch(batch.id, waitMs: 0)
            #expect(ended.states == [.succeeded: 1] && ended.endedAt > 0)
        }
    }

    /// The agent reports the result of a planned task before the batch has come to it.
    @Test func aPlannedTaskIsNotTakenForAForgottenOne() async throws {
        let store = InMemorySchedulerStore()
        let first = try await SchedulerService.serving(store)
        let batch = try await first.createBatch(.test([1, 2]))
        let planned = try await store.unrecorded(of: batch.id, limit: 10)
        let service = try await next(store)
        let name = AttemptName(task: planned[0].id, number: 1)
        let agent = FakeTaskLink(1)
        #expect(try await service.reported([.success(name)], by: agent).isEmpty)
        #expect(try await store.execution(name.task) == nil)
    }

    @Test func aLateWordCountsInItsBatch() async throws {
        let store = InMemorySchedulerStore()
        let time = TestTime()
        let service = try await SchedulerService.serving(store, time: time.keeper)
        let answers = Answers()
        let gone = FakeTaskLink(1, answers.behaviour)
        let channel = try await service.connect(gone)
        let batch = try await service.createBatch(.test([1]))
        service.dispatch()
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        time.advance(ms: 60_000)
        service.sweep()
        await service.writeAll()
        #expect(try await service.batch(batch.id, waitMs: 0).states == [.unknown: 1])
        let name = try #require(try await service.batchEnds(batch.id, after: 0, limit: 1, waitMs: 0).executions.first)
        _ = try await service.reported([.success(AttemptName(task: name.id, number: 1))], by: FakeTaskLink(1))
        await service.writeAll()
        #expect(try await service.batch(batch.id, waitMs: 0).states == [.succeeded: 1])
    }
}
