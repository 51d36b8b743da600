import ElvesCore
import Synchronization
import TestSupport
import Testing

@testable import Scheduler

/// Tasks that are recorded before they are answered, and wait their turn.
@Suite struct DurableTaskTests {
    @Test(arguments: StoreKind.allCases) func itIsRecordedBeforeItIsAnsweredAndSent(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            let agent = FakeTaskLink(7, FakeTaskLink.keepsQuiet)
            _ = try await service.connect(agent)
            var order = ExecutionOrder.test(7, durable: true, retry: RetryRule(attempts: 3))
            order.owner = "queue"
            let record = try await service.execute(order, waitMs: 0)
            let stored = try #require(try await store.execution(record.id))
            #expect(stored.state == .created && stored.isDurable && stored.owner == "queue")
            #expect(stored.retryRule == RetryRule(attempts: 3))
            #expect(agent.attempts.map(\.isDurable) == [true] && agent.attempts.map(\.again) == [false])
            await service.writeAll()
            #expect(try await store.execution(record.id)?.state == .dispatched)
            #expect(try await store.execution(record.id)?.boot == "boot-1")
        }
    }

    @Test func nothingIsSentWhenItCannotBeRecorded() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        store.fails = true
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, durable: true), waitMs: 5_000)
        }
        #expect(error?.code == .elvesStoreUnavailable)
        #expect(agent.attempts.isEmpty && service.live.count == 0)
        #expect(service.figures["tasks_held"] == 0)
    }

    @Test func aFullAgentMeansWaitingInOrder() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlightPerAgent = 2 }
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        var ids: [ElvesID] = []
        for _ in 0..<7 { ids.append(try await service.execute(.test(7, durable: true), waitMs: 0).id) }
        #expect(agent.attempts.map(\.task) == Array(ids.prefix(2)))
        #expect(try await service.execution(ids[2], waitMs: 0).state == .created)
        // What is synchronous is refused meanwhile.
        await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 0) }
        for _ in ids { answers.answerOne() }
        #expect(agent.attempts.map(\.task) == ids)
        for id in ids { #expect(try await service.execution(id, waitMs: 0).state == .succeeded) }
        #expect(service.figures["tasks_held"] == 0 && service.figures["tasks_in_flight"] == 0)
    }

    /// Its agent answers before `run` returns: turns follow one another without growing the stack.
    @Test func turnsOfAQuickAgentFollowOneAnother() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlightPerAgent = 1 }
        let answers = Answers()
        let quick = Mutex(false)
        let agent = FakeTaskLink(7) { attempt, ended in
            if quick.withLock({ $0 }) { ended(.reported(.success(attempt))) } else { answers.behaviour(attempt, ended) }
        }
        _ = try await service.connect(agent)
        for _ in 0..<5_000 { _ = try await service.execute(.test(7, durable: true), waitMs: 0) }
        quick.withLock { $0 = true }
        answers.answerOne()
        // One goes on with some of them on its way; the rest is the loop's.
        #expect(agent.attempts.count > 1)
        await service.dispatchAll()
        #expect(agent.attempts.count == 5_000 && service.figures["tasks_held"] == 0)
    }

    @Test func startByPassesWhileItWaitsForItsTurn() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper) { $0.tasksInFlightPerAgent = 1 }
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        _ = try await service.execute(.test(7, durable: true), waitMs: 0)
        let late = try await service.execute(.test(7, startByMs: 1_000, durable: true), waitMs: 0)
        let patient = try await service.execute(.test(7, startByMs: 9_000, durable: true), waitMs: 0)
        time.advance(ms: 1_000)
        service.sweep()
        let record = try await service.execution(late.id, waitMs: 0)
        #expect(record.state == .expired && record.outcome.code == "scheduler.task.expired")
        answers.answerOne()
        #expect(agent.attempts.last?.task == patient.id && agent.attempts.last?.startByMs == 8_000)
    }

    @Test func startByPassesWhileTheAgentIsAway() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let task = try await service.execute(.test(7, startByMs: 1_000, durable: true), waitMs: 0)
        let atOnce = try await service.execute(.test(7, durable: true), waitMs: 0)
        #expect(atOnce.state == .unreachable)
        time.advance(ms: 1_000)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == .unreachable)
    }

    @Test func thoseThatWaitForATurnGoWhereTheirAgentGoes() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlightPerAgent = 1 }
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        let first = try await service.execute(.test(7, durable: true), waitMs: 0)
        let second = try await service.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0)
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        #expect(try await service.execution(second.id, waitMs: 0).hops.last?.event == "waiting")
        let back = FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded)
        _ = try await service.connect(back)
        #expect(try await service.execution(first.id, waitMs: 0).state == .succeeded)
        #expect(try await service.execution(second.id, waitMs: 0).state == .succeeded)
        #expect(back.attempts.map(\.task) == [second.id])
    }

    @Test(arguments: ["agent.stopping", "channel.overloaded"])
    func whatCannotBeTakenJustNowIsTriedAgain(_ code: String) async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let refusals = Mutex(2)
        let agent = FakeTaskLink(7) { attempt, ended in
            let refuses = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            ended(refuses ? .refused(code: code, message: "not now") : .reported(.success(attempt)))
        }
        _ = try await service.connect(agent)
        let task = try await service.execute(.test(7, durable: true), waitMs: 0)
        for _ in 0..<2 {
            #expect(try await service.execution(task.id, waitMs: 0).state == .created)
            time.advance(ms: 250)
            service.sweep()
        }
        #expect(try await service.execution(task.id, waitMs: 0).state == .succeeded)
        #expect(agent.attempts.map(\.again) == [false, false, false])
        // A synchronous one is refused at once.
        refusals.withLock { $0 = 1 }
        #expect(try await service.execute(.test(7), waitMs: 5_000).state == .rejected)
    }

    @Test func theirNumberIsBounded() async throws {
        let service = try await SchedulerService.serving { $0.tasksHeld = 2 }
        for _ in 0..<2 { _ = try await service.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0) }
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0)
        }
        #expect(error?.code == .schedulerFull && error?.isRetryable == true)
        #expect(service.figures["tasks_held"] == 2)
    }

    @Test func theirEndsAreNeverDropped() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store) { $0.unwrittenRecords = 3 }
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        var ids: [ElvesID] = []
        for _ in 0..<8 { ids.append(try await service.execute(.test(7, durable: true), waitMs: 0).id) }
        store.fails = true
        answers.answer()
        _ = await service.writer.writeSome()
        #expect(service.writer.status.dropped == 0)
        store.fails = false
        await service.writeAll()
        for id in ids { #expect(try await store.execution(id)?.state == .succeeded) }
    }

    @Test func theSameKeyIsTheSameTask() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        let first = try await service.execute(.test(7, key: "k", durable: true), waitMs: 5_000)
        #expect(try await service.execute(.test(7, key: "k", durable: true), waitMs: 5_000) == first)
        // Whether its caller waits this time does not make it another.
        #expect(try await service.execute(.test(7, key: "k"), waitMs: 5_000) == first)
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, key: "k", param: "2", durable: true), waitMs: 5_000)
        }
        #expect(error?.code == .schedulerIdempotencyConflict)
        #expect(agent.attempts.count == 1 && service.figures["tasks_held"] == 0)
    }
}
