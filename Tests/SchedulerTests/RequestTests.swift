import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// Ends by request, and doing it again.
@Suite struct RequestTests {
    @Test(arguments: [true, false]) func whatHasNotBeenSentIsCancelled(_ kill: Bool) async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store) { $0.tasksInFlightPerAgent = 1 }
        let answers = Answers()
        let agent = FakeTaskLink(8, answers.behaviour)
        _ = try await service.connect(agent)
        _ = try await service.execute(.test(8, durable: true), waitMs: 0)
        let inTurn = try await service.execute(.test(8, durable: true), waitMs: 0)
        let away = try await service.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0)
        let plain = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        for id in [inTurn.id, away.id, plain.id] {
            let first = try await service.cancel(id, kill: kill, reason: "OPS-12 is off", waitMs: 0)
            #expect(first.state == .cancelled && first.outcome.code == "scheduler.task.cancelled")
            #expect(first.outcome.message == "OPS-12 is off" && first.hops.last?.rule == "request")
            #expect(try await service.cancel(id, kill: kill, reason: "again", waitMs: 0) == first)
            await service.writeAll()
            #expect(try await service.cancel(id, kill: kill, reason: "again", waitMs: 0) == first)
        }
        answers.answerOne()
        _ = try await service.connect(FakeTaskLink(7))
        #expect(agent.attempts.count == 1)
        #expect(service.figures["tasks_held"] == 0 && service.figures["tasks_in_flight"] == 0)
    }

    /// The task counts as sent a moment before it is: a kill in between comes to an agent that does not know it.
    @Test func aKillThatOvertakesItsTaskIsSaidAgain() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7) { attempt, _ in
            guard let task = service.live[attempt.task] else { return }
            service.end(task, evenIfRunning: true, outcome: SchedulerService.cancelled("stop"))
        }
        _ = try await service.connect(agent)
        let task = try await service.execute(.test(7), waitMs: 0)
        #expect(agent.killed == [task.id, task.id])
    }

    @Test func anOpenWishIsRepeatedNowAndThen() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        let obedient = FakeTaskLink(7, answers.behaviour)
        let stubborn = FakeTaskLink(8, FakeTaskLink.keepsQuiet)
        var ids: [ElvesID] = []
        for agent in [obedient, stubborn] {
            _ = try await service.connect(agent)
            let id = try await service.execute(.test(agent === obedient ? 7 : 8), waitMs: 0).id
            _ = try await service.cancel(id, kill: true, reason: "stop", waitMs: 0)
            ids.append(id)
        }
        time.advance(ms: 4_999)
        service.sweep()
        #expect(obedient.killed.count == 1)
        time.advance(ms: 1)
        service.sweep()
        #expect(obedient.killed.count == 2 && stubborn.killed.count == 2)
        answers.answer { .reported(.failure($0.name)) }
        for _ in 0..<5_000 {
            time.advance(ms: 1_000)
            service.sweep()
        }
        #expect(obedient.killed.count == 2 && stubborn.killed.count == 11)
        _ = try await service.cancel(ids[1], kill: true, reason: "again", waitMs: 0)
        #expect(stubborn.killed.count == 12)
        time.advance(ms: 5_000)
        service.sweep()
        #expect(stubborn.killed.count == 13)
    }

    /// The agent refused the attempt while its end was asked for: it is not sent again, and does not hang.
    @Test(arguments: ["agent.stopping", "channel.overloaded"])
    func aKilledTaskThatItsAgentDidNotTakeIsCancelled(_ code: String) async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        let task = try await service.execute(.test(7, durable: true), waitMs: 0)
        _ = try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0)
        answers.answerOne { _ in .refused(code: code, message: "not now") }
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == .cancelled && record.outcome.message == "stop")
        #expect(agent.attempts.count == 1 && service.figures["tasks_held"] == 0)
    }

    @Test func whatMayRunIsOnlyKilled() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        let task = try await service.execute(.test(7), waitMs: 0)
        let error = await #expect(throws: ElvesError.self) {
            try await service.cancel(task.id, kill: false, reason: "", waitMs: 0)
        }
        #expect(error?.code == .schedulerTaskStarted)
        #expect(agent.killed.isEmpty)
        for _ in 0..<2 {
            #expect(try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0).state == .dispatched)
        }
        #expect(Set(agent.killed) == [task.id])
        answers.answer { attempt in
            .reported(
                TaskReport(
                    task: attempt.task, state: .killed,
                    outcome: TaskOutcome(code: "agent.worker.killed", message: "stop")))
        }
        let record = try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0)
        #expect(record.state == .killed)
        #expect(record.hops.count { $0.event == LiveTask.wishEvent } == 1)
    }

    @Test(arguments: [true, false]) func aWishIsKeptUntilTheAgentIsBack(_ wasTaken: Bool) async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        let task = try await service.execute(.test(7, durable: true), waitMs: 0)
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        #expect(try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0).state == .dispatched)
        let killed: FakeTaskLink.Memory = { attempt, ended in
            ended(.reported(TaskReport(task: attempt.task, state: .killed, outcome: TaskOutcome())))
        }
        let back = FakeTaskLink(7, resume: wasTaken ? killed : FakeTaskLink.neverTook)
        _ = try await service.connect(back)
        #expect(back.killed == [task.id])
        #expect(back.attempts.isEmpty)
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == (wasTaken ? .killed : .cancelled))
        #expect(service.figures["tasks_held"] == 0 && service.figures["tasks_in_flight"] == 0)
    }

    @Test func aWishOutlivesTheCentersPatience() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        let task = try await service.execute(.test(7), waitMs: 0)
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        _ = try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0)
        time.advance(ms: 60_000)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).state == .unknown)
        let back = FakeTaskLink(7)
        _ = try await service.connect(back)
        #expect(back.killed == [task.id])
    }

    @Test func betweenAttemptsItIsCancelled() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let agent = FakeTaskLink(7) { $1(.reported(.failure($0.name))) }
        _ = try await service.connect(agent)
        let rule = Scheduler.RetryRule(attempts: 9, firstDelayMs: 100, longestDelayMs: 100)
        let task = try await service.execute(.test(7, durable: true, retry: rule), waitMs: 0)
        #expect(try await service.cancel(task.id, kill: false, reason: "", waitMs: 0).state == .cancelled)
        time.advance(ms: 1_000)
        service.sweep()
        #expect(agent.attempts.count == 1)
    }

    @Test func whatIsToEndIsNotTriedAgain() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let task = try await service.execute(
            .test(7, durable: true, retry: Scheduler.RetryRule(attempts: 9)), waitMs: 0)
        _ = try await service.cancel(task.id, kill: true, reason: "stop", waitMs: 0)
        answers.answer { .reported(.failure($0.name)) }
        #expect(try await service.execution(task.id, waitMs: 0).state == .failed)
    }

    // MARK: Doing it again

    @Test(arguments: StoreKind.allCases) func anEndedTaskIsDoneAgain(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            let fails = FakeTaskLink(7) { $1(.reported(.failure($0.name))) }
            let channel = try await service.connect(fails)
            let first = try await service.execute(
                .test(7, timeoutMs: 5_000, startByMs: 60_000, param: "[1]"), waitMs: 0)
            #expect(first.state == .failed)
            await service.writeAll()
            service.disconnect(channel)
            let back = FakeTaskLink(7)
            _ = try await service.connect(back)
            let again = try await service.retry(
                first.id, idempotencyKey: "r", caller: "key-2", trace: "t", waitMs: 0)
            #expect(again.state == .succeeded && again.retryOf == first.id && again.isDurable)
            #expect(again.call == first.call && again.caller == "key-2" && again.startBy - again.createdAt == 60_000)
            let same = try await service.retry(first.id, idempotencyKey: "r", caller: "key-2", trace: "t", waitMs: 0)
            #expect(same.id == again.id && back.attempts.count == 1)
            #expect(try await service.execution(first.id, waitMs: 0).state == .failed)
        }
    }

    @Test func whatHasNotEndedIsNotDoneAgain() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let task = try await service.execute(.test(7), waitMs: 0)
        let error = await #expect(throws: ElvesError.self) {
            try await service.retry(task.id, idempotencyKey: "", caller: "", trace: "", waitMs: 0)
        }
        #expect(error?.code == .schedulerTaskRunning)
    }

    // MARK: Over the wire

    @Test func theWireCarriesEveryWord() async throws {
        let scratch = try Scratch()
        let blobs = try BlobStore(folder: scratch.folder, logger: .silent)
        let stored = try await blobs.add([1, 2, 3])
        let service = try await SchedulerService.serving(blobs: blobs)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        let client = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
        let file = FileRef(name: "a.conf", digest: stored.digest.bytes, size: 3, mode: 0o600)
        let rule = ElvesContracts.RetryRule(attempts: 3, firstDelayMs: 10, longestDelayMs: 20)
        let record = try await client.execute(
            request: ExecuteRequest(
                app: "hello", func: "greet", agentId: 7, startByMs: 30_000, durable: true, retryRule: rule,
                owner: "queue", files: [file], retryOf: 5), waitMs: 5_000)
        #expect(record.state == .succeeded && record.owner == "queue" && record.retryOf == 5)
        #expect(record.retryRule == rule && record.files == [file])
        #expect(record.startBy == record.createdAt + 30_000)
        #expect(agent.attempts.first?.call.files.first?.mode == 0o600)
        #expect(RunTask(try #require(agent.attempts.first)).files == [file])
        let again = try await client.retryTask(
            id: record.id, idempotencyKey: "", waitMs: 5_000, once: false, options: CallOptions(caller: "key-9"))
        #expect(again.retryOf == record.id && again.caller == "key-9" && again.files == [file])
        #expect(again.retryRule == rule)
        let once = try await client.retryTask(id: record.id, idempotencyKey: "", waitMs: 5_000, once: true)
        #expect(once.retryOf == record.id && once.retryRule == nil && once.files == [file])
        var ended = try await client.cancel(id: record.id, kill: true, reason: "late", waitMs: 0)
        #expect(!ended.hops.isEmpty)
        ended.hops = []
        #expect(ended == record)
        for id: Int64 in [0, 99] {
            let fault = await #expect(throws: Fault.self) {
                try await client.cancel(id: id, kill: true, reason: "", waitMs: 0)
            }
            #expect(fault?.code == "scheduler.task.unknown")
        }
        let long = await #expect(throws: Fault.self) {
            try await client.cancel(
                id: record.id, kill: true, reason: String(repeating: "x", count: 1_025), waitMs: 0)
        }
        #expect(long?.code == "scheduler.request.invalid")
    }
}
