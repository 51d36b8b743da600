import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

@Suite struct IdempotencyTests {
    @Test func theSameRequestUnderTheSameKeyIsTheSameTask() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        let first = try await service.execute(.test(7, key: "k"), waitMs: 5_000)
        let second = try await service.execute(.test(7, key: "k"), waitMs: 5_000)
        #expect(first == second)
        #expect(agent.attempts.count == 1)
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    /// Over REST a call without `wait` is durable; its repetition may wait.
    @Test(arguments: [true, false]) func whoRepeatsACallMayWaitThisTime(isFirstDurable: Bool) async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        try await service.whileRunning { () async throws in
            var order = ExecutionOrder.test(7, key: "k")
            order.isDurable = isFirstDurable
            let first = try await service.execute(order, waitMs: 5_000)
            order.isDurable.toggle()
            let second = try await service.execute(order, waitMs: 5_000)
            #expect(first.id == second.id && second.state == .succeeded)
            #expect(agent.attempts.count == 1)
        }
    }

    @Test func manyAtOnceAreOneTaskAndAllHearItsEnd() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        let ends = try await withThrowingTaskGroup(of: Execution.self) { group in
            for _ in 0..<50 { group.addTask { try await service.execute(.test(7, key: "k"), waitMs: 10_000) } }
            try await eventually("the attempt is out") { answers.count == 1 }
            answers.answer()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ends.map(\.id)).count == 1)
        #expect(ends.allSatisfy { $0.state == .succeeded })
        #expect(agent.attempts.count == 1)
    }

    @Test func anotherRequestUnderTheSameKeyIsRefused() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        _ = try await service.execute(.test(7, key: "k"), waitMs: 5_000)
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, key: "k", param: "{}"), waitMs: 5_000)
        }
        #expect(error?.code == .schedulerIdempotencyConflict)
        #expect(agent.attempts.count == 1)
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func anotherCallersKeyIsAnotherKey() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        var order = ExecutionOrder.test(7, key: "k")
        _ = try await service.execute(order, waitMs: 5_000)
        order.caller = "key-2"
        _ = try await service.execute(order, waitMs: 5_000)
        #expect(agent.attempts.count == 2)
    }

    @Test func theTaskIsRecordedBeforeItIsSent() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let record = try await service.execute(.test(7, key: "k"), waitMs: 0)
        #expect(try await store.execution(record.id)?.state == .created)
    }

    @Test func nothingIsSentWhenItCannotBeRecorded() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        store.fails = true
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, key: "k"), waitMs: 5_000)
        }
        #expect(error?.code == .elvesStoreUnavailable)
        #expect(agent.attempts.isEmpty)
        #expect(service.figures["tasks_in_flight"] == 0)
        store.fails = false
        #expect(try await service.execute(.test(7, key: "k"), waitMs: 5_000).state == .succeeded)
    }

    @Test(arguments: [true, false]) func aClaimThatFailsLeavesNoRecord(isTaken: Bool) async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        if isTaken { _ = try await service.execute(.test(7, key: "k"), waitMs: 5_000) }
        while await service.writer.writeSome() {}
        store.claims.close()
        let call = Task { try await service.execute(.test(7, key: "k"), waitMs: 5_000) }
        try await eventually("the claim waits") { store.claims.waitingCount == 1 }
        // What the writer does now and then with tasks that still run.
        _ = await service.writer.writeSome(running: service.live.filter(\.isUnknownToStore))
        store.fails = !isTaken
        store.claims.open()
        if isTaken {
            #expect(try await call.value.state == .succeeded)
        } else {
            await #expect(throws: ElvesError.self) { try await call.value }
        }
        #expect(try await store.unfinished(limit: 10).isEmpty)
        #expect(service.live.count == 0)
        #expect(service.figures["tasks_in_flight"] == 0)
        #expect(agent.attempts.count == (isTaken ? 1 : 0))
    }

    @Test func aBatchUnderTheSameKeyIsTheSameBatch() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        try await service.whileRunning {
            let first = try await service.createBatch(.test([7], key: "k"))
            let second = try await service.createBatch(.test([7], key: "k"))
            #expect(first.id == second.id)
            #expect(try await service.batch(first.id, waitMs: 5_000).states == [.succeeded: 1])
            let error = await #expect(throws: ElvesError.self) {
                try await service.createBatch(.test([7, 8], key: "k"))
            }
            #expect(error?.code == .schedulerIdempotencyConflict)
        }
        #expect(agent.attempts.count == 1)
    }
}
