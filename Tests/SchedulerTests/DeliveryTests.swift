import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// What becomes of a task whose agent goes away with it.
@Suite struct DeliveryTests {
    /// A service with a task that an agent took before its connection ended.
    private struct Scene {
        let service: SchedulerService
        let task: ElvesID

        init(_ order: ExecutionOrder = .test(7), time: TestTime = TestTime(), store: any SchedulerStore) async throws {
            service = try await SchedulerService.serving(store, time: time.keeper)
            let answers = Answers()
            let gone = FakeTaskLink(7, alive: false, answers.behaviour)
            let channel = try await service.connect(gone)
            task = try await service.execute(order, waitMs: 0).id
            gone.close()
            service.disconnect(channel)
            answers.answer { _ in .lost("reset by peer") }
        }

        var record: Execution { get async throws { try await service.execution(task, waitMs: 0) } }
    }

    @Test(arguments: StoreKind.allCases) func itsEndComesWhenTheAgentIsBack(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let scene = try await Scene(store: store)
            #expect(try await scene.record.state == .dispatched)
            #expect(scene.service.figures["tasks_awaiting_word"] == 1)
            let back = FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded)
            _ = try await scene.service.connect(back)
            let record = try await scene.record
            #expect(record.state == .succeeded && record.outcome.message == "done")
            #expect(
                record.hops.map(\.event) == [
                    "created", "dispatched", "connection lost", "agent back", "starting", "ended",
                ])
            #expect(back.attempts.isEmpty)
            #expect(scene.service.figures["tasks_in_flight"] == 0)
            await scene.service.writeAll()
            #expect(try await store.execution(scene.task) == record)
        }
    }

    /// Its connection was replaced before the old one was seen to be dead.
    @Test func theAgentMayBeBackBeforeItsConnectionEnds() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, alive: false, answers.behaviour))
        let task = try await service.execute(.test(7), waitMs: 0)
        let back = FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded)
        _ = try await service.connect(back)
        #expect(back.resumed.isEmpty)
        answers.answer { _ in .lost("closed") }
        #expect(try await service.execution(task.id, waitMs: 0).state == .succeeded)
        #expect(service.figures["tasks_awaiting_word"] == 0)
    }

    @Test(arguments: [
        ("boot-1", TaskState.unreachable, "agent.neverTook"), ("boot-2", .unknown, "agent.rebooted"),
        ("", .unknown, "agent.rebooted"),
    ])
    func aSynchronousTaskThatWasNeverTaken(_ boot: String, _ state: TaskState, _ rule: String) async throws {
        let scene = try await Scene(store: InMemorySchedulerStore())
        let back = FakeTaskLink(7, boot: boot)
        _ = try await scene.service.connect(back)
        let record = try await scene.record
        #expect(record.state == state && record.hops.last?.rule == rule)
        #expect(back.attempts.isEmpty)
    }

    @Test(arguments: ["boot-1", "boot-2"])
    func aDurableTaskThatWasNeverTakenGoesOutAgain(_ boot: String) async throws {
        let scene = try await Scene(.test(7, durable: true), store: InMemorySchedulerStore())
        let back = FakeTaskLink(7, boot: boot)
        _ = try await scene.service.connect(back)
        #expect(try await scene.record.state == .succeeded)
        #expect(back.attempts.map(\.number) == [1] && back.attempts.map(\.again) == [true])
        #expect(back.attempts.map(\.isDurable) == [true])
        #expect(scene.service.figures["tasks_in_flight"] == 0 && scene.service.figures["tasks_held"] == 0)
    }

    /// Its worker was seen to run: that the agent knows nothing of it does not make it undone.
    @Test(arguments: [true, false]) func aTaskThatRanWasTaken(_ durable: Bool) async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        let task = try await service.execute(.test(7, durable: durable), waitMs: 0)
        service.started([AttemptName(task: task.id, number: 1)], at: gone.agent)
        let running = try await service.execution(task.id, waitMs: 0)
        #expect(running.state == .running && running.startedAt > 0)
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        let back = FakeTaskLink(7)
        _ = try await service.connect(back)
        #expect(try await service.execution(task.id, waitMs: 0).state == .unknown)
        #expect(back.attempts.isEmpty)
    }

    @Test(arguments: [true, false]) func whatTheAgentHasForgottenIsUnknown(_ durable: Bool) async throws {
        let scene = try await Scene(.test(7, durable: durable), store: InMemorySchedulerStore())
        let back = FakeTaskLink(7, resume: FakeTaskLink.forgot)
        _ = try await scene.service.connect(back)
        let record = try await scene.record
        #expect(record.state == .unknown && record.outcome.code == "agent.attempt.forgotten")
        #expect(back.attempts.isEmpty)
    }

    @Test(arguments: StoreKind.allCases) func aLateWordFollowsUnknownOnce(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let time = TestTime()
            let scene = try await Scene(time: time, store: store)
            time.advance(ms: 59_999)
            scene.service.sweep()
            #expect(try await scene.record.state == .dispatched)
            time.advance(ms: 1)
            scene.service.sweep()
            let given = try await scene.record
            #expect(given.state == .unknown && given.outcome.code == "scheduler.agent.lost")
            #expect(given.hops.last?.rule == "lostPatience")
            #expect(scene.service.figures["tasks_in_flight"] == 0)
            await scene.service.writeAll()
            #expect(scene.service.live.count == 0)

            let back = FakeTaskLink(7)
            _ = try await scene.service.connect(back)
            #expect(back.resumed.isEmpty)
            let name = AttemptName(task: scene.task, number: 1)
            #expect(try await scene.service.reported([.success(name)], by: back) == [name])
            #expect(try await store.execution(scene.task)?.state == .succeeded)
            #expect(try await scene.service.reported([.failure(name)], by: back) == [name])
            let record = try #require(try await store.execution(scene.task))
            #expect(record.state == .succeeded && record.hops.last?.rule == "agent.lateWord")
            #expect(try await scene.record == record)
        }
    }

    @Test func anAgentThatComesAndGoesIsAskedEachTime() async throws {
        let scene = try await Scene(store: InMemorySchedulerStore())
        for _ in 0..<3 {
            let back = FakeTaskLink(7) { _, ended in ended(.lost("closed")) }
            let silent = FakeTaskLink(7, resume: { _, ended in ended(.lost("closed again")) })
            let channel = try await scene.service.connect(silent)
            #expect(silent.resumed.count == 1)
            silent.close()
            scene.service.disconnect(channel)
            #expect(back.attempts.isEmpty)
            #expect(try await scene.record.state == .dispatched)
        }
        _ = try await scene.service.connect(FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded))
        #expect(try await scene.record.state == .succeeded)
        #expect(scene.service.figures["tasks_awaiting_word"] == 0)
    }

    @Test func aCallerThatWaitsHearsTheRealEnd() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        async let call = service.execute(.test(7), waitMs: 60_000)
        try await eventually("it is out") { answers.count == 1 }
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        _ = try await service.connect(FakeTaskLink(7, resume: FakeTaskLink.hasSucceeded))
        #expect(try await call.state == .succeeded)
    }

    // MARK: What agents are told to be recorded

    @Test func nothingIsToldBeforeItsCommit() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(7)
        let channel = try await service.connect(agent)
        let first = try await service.execute(.test(7), waitMs: 5_000)
        store.fails = true
        _ = await service.writer.writeSome()
        channel.flushRecorded()
        _ = try await service.execute(.test(7), waitMs: 5_000)
        #expect(agent.recorded.isEmpty)
        store.fails = false
        await service.writeAll()
        #expect(agent.recorded.isEmpty)
        // The next call carries the news; a flush has nothing left to say.
        let third = try await service.execute(.test(7), waitMs: 5_000)
        #expect(agent.attempts.last?.task == third.id)
        #expect(agent.attempts.last?.recorded.map(\.task).contains(first.id) == true)
        #expect(agent.recorded.count == 2)
        channel.flushRecorded()
        #expect(agent.recorded.count == 2)
        await service.writeAll()
        channel.flushRecorded()
        #expect(agent.recorded.count == 3 && agent.recorded.last?.task == third.id)
    }

    @Test func whatTheAgentNeverKeptIsNotTold() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7) { _, ended in ended(.refused(code: "agent.full", message: "no room")) }
        let channel = try await service.connect(agent)
        _ = try await service.execute(.test(7), waitMs: 5_000)
        await service.writeAll()
        channel.flushRecorded()
        #expect(agent.recorded.isEmpty)
    }

    @Test func durableEndsAreSyncedAndOthersAreNot() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(FakeTaskLink(7))
        let plain = try await service.execute(.test(7), waitMs: 5_000)
        await service.writeAll()
        let durable = try await service.execute(.test(7, durable: true), waitMs: 5_000)
        await service.writeAll()
        for (id, durability) in [(plain.id, RecordDurability.buffered), (durable.id, .synced)] {
            let commits = store.commits.filter { $0.executions.contains { $0.id == id && $0.state.isEnd } }
            #expect(commits.map(\.durability) == [durability])
        }
    }

    @Test func whoIsCalledAllTheTimeIsToldByItsCalls() throws {
        let agent = FakeTaskLink(7)
        let channel = AgentChannel(agent)
        channel.flushOldRecorded()
        channel.note(recorded: AttemptName(task: .test(1), number: 1))
        channel.flushOldRecorded()
        #expect(agent.recorded.isEmpty)
        #expect(channel.takeRecorded().count == 1)
        channel.note(recorded: AttemptName(task: .test(2), number: 1))
        channel.flushOldRecorded()
        #expect(agent.recorded.isEmpty)
        // No call has come since.
        channel.flushOldRecorded()
        #expect(agent.recorded.map(\.task) == [.test(2)])
    }

    @Test func thingsToTellAreBoundedPerCall() {
        let channel = AgentChannel(FakeTaskLink(7))
        for number in 1...500 { channel.note(recorded: AttemptName(task: .test(Int64(number)), number: 1)) }
        #expect(channel.takeRecorded().count == AgentChannel.toldAtOnce)
        channel.flushRecorded()
        #expect(channel.takeRecorded().isEmpty)
        #expect((channel.link as? FakeTaskLink)?.recorded.count == 300)
    }
}
