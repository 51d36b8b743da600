import ElvesCore
import Synchronization
import TestSupport
import Testing

@testable import Scheduler

@Suite struct SchedulerServiceTests {
    @Test func runsATaskAndAnswersWithItsEnd() async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        let record = try await service.execute(.test(7, param: #"{"name":"Ada"}"#), waitMs: 5_000)
        #expect(record.state == .succeeded)
        #expect(record.outcome.flag == 1)
        #expect(record.outcome.message == "done")
        #expect(record.target.ip == "127.0.0.7")
        #expect(record.dispatchedAt > 0 && record.endedAt >= record.dispatchedAt)
        #expect(record.hops.map(\.event) == ["created", "dispatched", "starting", "ended"])
        #expect(agent.attempts.map(\.call.param) == [#"{"name":"Ada"}"#])
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aCallerThatGivesUpWaitsNoLongerAndEndsNothing() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(FakeTaskLink(7) { _, _ in })
        let task = try await service.execute(.test(7), waitMs: 0)
        let before = Task { try await service.execution(task.id, waitMs: 3_600_000).state }
        before.cancel()
        #expect(try await before.value == .dispatched)
        let live = try #require(service.live[task.id])
        let during = Task { try await service.execution(task.id, waitMs: 3_600_000).state }
        try await eventually("it waits") { live.waitCount == 1 }
        during.cancel()
        #expect(try await during.value == .dispatched)
        #expect(live.waitCount == 0)
        #expect(service.figures["tasks_in_flight"] == 1)
    }

    @Test func findsAnAgentByItsAddress() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(FakeTaskLink(7))
        var order = ExecutionOrder.test(7)
        order.target = TaskTarget(id: nil, ip: "127.0.0.7")
        let record = try await service.execute(order, waitMs: 5_000)
        #expect(record.state == .succeeded)
        #expect(record.target.id == .test(7))
    }

    @Test func anAgentThatIsNotConnectedIsUnreachableAtOnce() async throws {
        let service = try await SchedulerService.serving()
        let record = try await service.execute(.test(7), waitMs: 60_000)
        #expect(record.state == .unreachable)
        #expect(record.outcome.code == "scheduler.agent.unreachable")
        #expect(record.outcome.flag == -1)
        #expect(record.hops.last?.rule == "agent.notConnected")
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func aTaskThatMayWaitStartsWhenItsAgentConnects() async throws {
        let service = try await SchedulerService.serving()
        let waiting = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        #expect(waiting.state == .created)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        #expect(try await service.execution(waiting.id, waitMs: 5_000).state == .succeeded)
        #expect(agent.attempts.count == 1)
        let left = try #require(agent.attempts[0].startByMs)
        #expect(left > 0 && left <= 60_000)
    }

    @Test func aTaskWhoseAgentDoesNotComeInTimeIsUnreachable() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let waiting = try await service.execute(.test(7, startByMs: 500), waitMs: 0)
        time.advance(ms: 499)
        service.sweep()
        #expect(try await service.execution(waiting.id, waitMs: 0).state == .created)
        time.advance(ms: 1)
        service.sweep()
        let record = try await service.execution(waiting.id, waitMs: 0)
        #expect(record.state == .unreachable)
        #expect(record.hops.last?.rule == "startBy")
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        #expect(agent.attempts.isEmpty)
    }

    @Test func aTaskWhoseAgentHasJustGoneWaitsForItsReturn() async throws {
        let service = try await SchedulerService.serving()
        let gone = FakeTaskLink(7)
        let channel = try await service.connect(gone)
        // Closed, and nobody has taken it out of the registry yet.
        gone.close()
        let waiting = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        #expect(waiting.state == .created)
        #expect(try await service.execute(.test(7), waitMs: 5_000).state == .unreachable)
        service.disconnect(channel)
        _ = try await service.connect(FakeTaskLink(7))
        #expect(try await service.execution(waiting.id, waitMs: 5_000).state == .succeeded)
        #expect(gone.attempts.isEmpty)
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func anAttemptThatNeverLeftWaitsForTheAgentsReturn() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let link = Mutex<FakeTaskLink?>(nil)
        let gone = FakeTaskLink(7) { _, ended in
            link.withLock { $0 }?.close()
            ended(.notSent("the connection has just ended"))
        }
        link.withLock { $0 = gone }
        let channel = try await service.connect(gone)
        var order = ExecutionOrder.test(7, startByMs: 60_000)
        order.target = TaskTarget(id: nil, ip: "127.0.0.7")
        let waiting = try await service.execute(order, waitMs: 0)
        #expect(waiting.state == .created && waiting.dispatchedAt == 0)
        #expect(waiting.hops.map(\.event) == ["created", "dispatched", "not sent", "waiting"])
        service.disconnect(channel)
        time.advance(ms: 20_000)
        let back = FakeTaskLink(7)
        _ = try await service.connect(back)
        let record = try await service.execution(waiting.id, waitMs: 5_000)
        #expect(record.state == .succeeded && record.target.id == .test(7))
        #expect(back.attempts.map(\.number) == [1])
        #expect(back.attempts.map(\.startByMs) == [40_000])
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func tasksThatWaitAreBoundedLikeThoseInFlight() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper) { $0.tasksInFlightPerAgent = 2 }
        let first = try await service.execute(.test(7, startByMs: 1_000), waitMs: 0)
        let second = try await service.execute(.test(7, startByMs: 60_000, key: "k"), waitMs: 0)
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        }
        #expect(error?.code == .schedulerAgentOverloaded && error?.isRetryable == true)
        #expect(try await service.execute(.test(8, startByMs: 60_000), waitMs: 0).state == .created)
        #expect(service.figures["tasks_in_flight"] == 3)
        time.advance(ms: 1_000)
        service.sweep()
        #expect(try await service.execution(first.id, waitMs: 0).state == .unreachable)
        // A place is free again; a key that is taken gives its own back.
        #expect(try await service.execute(.test(7, startByMs: 60_000, key: "k"), waitMs: 0).id == second.id)
        let third = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        let agent = FakeTaskLink(7)
        _ = try await service.connect(agent)
        #expect(agent.attempts.map(\.task) == [second.id, third.id])
        #expect(try await service.execution(third.id, waitMs: 5_000).state == .succeeded)
    }

    @Test func whoStartedMeanwhileIsNotTakenForWaiting() async throws {
        let service = try await SchedulerService.serving()
        let channel = try await service.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let record = Execution(
            id: .test(99), call: FunctionCall(app: "a", function: "f"), target: TaskTarget(id: .test(7)), createdAt: 1)
        let task = LiveTask(record, bornMicros: 0, startByMs: 1_000)
        #expect(task.dispatch(over: channel, wallMs: 1, now: 5) { _ in 9_000 } != nil)
        task.awaitConnection(rule: "startBy", now: 6)
        // Its start-by time has passed, the time for its answer has not.
        #expect(task.takeDue(2_000_000).missed == nil)
        #expect(task.takeDue(9_000_005).missed == .answer)
        #expect(task.record.hops.map(\.event) == ["created", "dispatched"])
    }

    @Test func comingsAndGoingsLoseNoTask() async throws {
        let service = try await SchedulerService.serving()
        try await service.whileRunning { () async throws in
            for _ in 0..<200 {
                async let record = service.execute(.test(7, startByMs: 20_000), waitMs: 20_000)
                async let channel = service.connect(FakeTaskLink(7))
                #expect(try await record.state == .succeeded)
                service.disconnect(try await channel)
            }
        }
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func anAnswerPastEveryBoundIsNotKept() async throws {
        let service = try await SchedulerService.serving { $0.answerBytes = 10_000 }
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                ended(.reported(.success(attempt, String(repeating: "x", count: 10_001))))
            })
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(record.state == .unknown && record.hops.last?.rule == "limit.answerBytes")
        #expect(record.weight < 5_000)
    }

    @Test func aCallersPatienceEndsNoTask() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        async let call = service.execute(.test(7), waitMs: 1_000)
        try await eventually("the attempt is out") { answers.count == 1 }
        try await eventually("the caller stops waiting") {
            time.advance(ms: 1_000)
            service.sweep()
            return service.live.filter { $0.isDue(.max - 1) }.count == 1
        }
        let record = try await call
        #expect(record.state == .dispatched)
        answers.answer()
        #expect(try await service.execution(record.id, waitMs: 0).state == .succeeded)
    }

    @Test(arguments: [
        (AttemptEnd.silent("no answer"), TaskState.unknown, "scheduler.agent.lost"),
        (.notSent("gone"), .unreachable, "scheduler.agent.unreachable"),
        (.refused(code: "agent.attempt.expired", message: "late"), .expired, "agent.attempt.expired"),
        (.refused(code: "agent.attempt.taken", message: "twice"), .unknown, "agent.attempt.taken"),
        (.refused(code: "agent.full", message: "no room"), .rejected, "agent.full"),
        (.unreadable("field 3"), .unknown, "scheduler.agent.lost"),
    ])
    func tellsApartHowAnAttemptFailed(_ end: AttemptEnd, _ state: TaskState, _ code: String) async throws {
        let service = try await SchedulerService.serving()
        let agent = FakeTaskLink(7) { _, ended in ended(end) }
        _ = try await service.connect(agent)
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(record.state == state)
        #expect(record.outcome.code == code)
        #expect(record.outcome.flag == -1)
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func neverSendsASynchronousAttemptTwice() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let first = FakeTaskLink(7, alive: false, answers.behaviour)
        let channel = try await service.connect(first)
        let record = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
        service.disconnect(channel)
        let second = FakeTaskLink(7)
        _ = try await service.connect(second)
        answers.answer { _ in .lost("closed") }
        // The agent that is back is asked, and is sure that it never took it.
        #expect(try await service.execution(record.id, waitMs: 5_000).state == .unreachable)
        #expect(second.resumed == [AttemptName(task: record.id, number: 1)])
        #expect(first.attempts.count == 1)
        #expect(second.attempts.isEmpty)
    }

    @Test func givesUpAnAgentThatNeverAnswersAndTakesItsLateWord() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper) { $0.backstopSlackMs = 500 }
        let answers = Answers()
        let agent = FakeTaskLink(7, answers.behaviour)
        _ = try await service.connect(agent)
        let record = try await service.execute(.test(7, timeoutMs: 1_000), waitMs: 0)
        time.advance(ms: 1_499)
        service.sweep()
        #expect(try await service.execution(record.id, waitMs: 0).state == .dispatched)
        time.advance(ms: 1)
        service.sweep()
        let given = try await service.execution(record.id, waitMs: 0)
        #expect(given.state == .unknown)
        #expect(given.hops.last?.rule == "backstop")
        #expect(agent.killed == [record.id])
        answers.answer()
        let learnt = try await service.execution(record.id, waitMs: 0)
        #expect(learnt.state == .succeeded && learnt.hops.last?.rule == "agent.lateWord")
        answers.answer { .reported(.failure($0.name)) }
        #expect(try await service.execution(record.id, waitMs: 0) == learnt)
        #expect(service.figures["tasks_late_results"] == 2)
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func aDuplicateAnswerCountsOnce() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                ended(.reported(.success(attempt, "first")))
                ended(.reported(.success(attempt, "second")))
            })
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(record.outcome.message == "first")
        #expect(service.figures["tasks_late_results"] == 1)
        #expect(service.figures["tasks_ended"] == 1)
    }

    @Test func anAnswerForAnotherTaskIsNotBelieved() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                var report = TaskReport.success(attempt)
                report.task = .test(99)
                ended(.reported(report))
            })
        #expect(try await service.execute(.test(7), waitMs: 5_000).state == .unknown)
    }

    @Test func anAnswerThatIsNoEndIsNotBelieved() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                var report = TaskReport.success(attempt)
                report.state = .running
                ended(.reported(report))
            })
        #expect(try await service.execute(.test(7), waitMs: 5_000).state == .unknown)
    }

    @Test func refusesWhatIsTooMuchForOneAgent() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlightPerAgent = 2 }
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        for _ in 0..<2 { _ = try await service.execute(.test(7), waitMs: 0) }
        let error = await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 0) }
        #expect(error?.code == .schedulerAgentOverloaded)
        #expect(error?.isRetryable == true)
        answers.answer()
        #expect(try await service.execute(.test(7), waitMs: 0).state == .dispatched)
    }

    @Test func refusesWhatIsTooMuchForAll() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlight = 2 }
        let answers = Answers()
        for agent: Int64 in 1...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        for agent: Int64 in 1...2 { _ = try await service.execute(.test(agent), waitMs: 0) }
        let error = await #expect(throws: ElvesError.self) { try await service.execute(.test(3), waitMs: 0) }
        #expect(error?.code == .schedulerFull)
        answers.answer()
        #expect(try await service.execute(.test(3), waitMs: 0).state == .dispatched)
    }

    @Test func refusesWhatIsNoTask() async throws {
        let service = try await SchedulerService.serving()
        var nobody = ExecutionOrder.test(7)
        nobody.target = TaskTarget(id: nil)
        var nothing = ExecutionOrder.test(7)
        nothing.call.app = ""
        let huge = ExecutionOrder.test(7, param: String(repeating: "x", count: 1 << 20 + 1))
        for (order, code) in [
            (nobody, ErrorCode.elvesTargetSyntax), (nothing, .schedulerRequestInvalid), (huge, .schedulerParamTooLong),
            (.test(7, timeoutMs: -1), .schedulerRequestInvalid),
        ] {
            let error = await #expect(throws: ElvesError.self) { try await service.execute(order, waitMs: 0) }
            #expect(error?.code == code)
        }
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func anUnknownTaskIsAnError() async throws {
        let service = try await SchedulerService.serving()
        let error = await #expect(throws: ElvesError.self) { try await service.execution(.test(5), waitMs: 0) }
        #expect(error?.code == .schedulerTaskUnknown)
    }

    @Test func refusesASecondLivingConnectionOfOneIdentity() async throws {
        let service = try await SchedulerService.serving()
        let first = FakeTaskLink(7)
        _ = try await service.connect(first)
        let second = FakeTaskLink(7)
        await #expect(throws: (any Error).self) { try await service.connect(second) }
        _ = try await service.execute(.test(7), waitMs: 5_000)
        #expect(first.attempts.count == 1)
        #expect(second.attempts.isEmpty)
        #expect(service.connectedAgents == [.test(7)])
    }

    @Test func servesNothingAfterStopAndEndsNothing() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let running = try await service.whileRunning {
            try await service.execute(.test(7), waitMs: 0)
        }
        #expect(try await store.execution(running.id)?.state == .dispatched)
        let error = await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 0) }
        #expect(error?.code == .elvesStopping)
    }
}
