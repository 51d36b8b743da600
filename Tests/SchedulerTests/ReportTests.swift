import AgentLinks
import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// Results that agents send by themselves.
@Suite struct ReportTests {
    private let agent = FakeTaskLink(7)

    private func report(_ id: Int64, attempt: Int32 = 1, text: String = "done") -> TaskReport {
        var report = TaskReport.success(AttemptName(task: .test(id), number: attempt), text)
        report.origin = TaskReport.Origin(app: "hello", function: "greet", takenAt: 1_700_000_000_000)
        return report
    }

    @Test(arguments: StoreKind.allCases) func aForgottenTaskGetsItsRecord(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            _ = try await service.connect(agent)
            let name = AttemptName(task: .test(1 << 40), number: 2)
            #expect(try await service.reported([report(1 << 40, attempt: 2)], by: agent) == [name])
            let record = try #require(try await store.execution(name.task))
            #expect(record.state == .succeeded && record.attempt == 2 && record.caller.isEmpty)
            #expect(record.call.app == "hello" && record.call.function == "greet")
            #expect(record.target.id == .test(7) && record.target.ip == "127.0.0.7")
            #expect(record.dispatchedAt == 1_700_000_000_000 && record.createdAt == name.task.createdAtMs)
            #expect(record.hops.first?.event == "recreated" && record.hops.first?.rule == "scheduler.forgotten")
            // Once more, and as another end: nothing follows the first.
            #expect(try await service.reported([report(1 << 40, attempt: 2, text: "twice")], by: agent) == [name])
            #expect(try await store.execution(name.task) == record)
            #expect(service.figures["tasks_recreated"] == 1)
            #expect(service.figures["tasks_in_flight"] == 0 && service.live.count == 0)
        }
    }

    @Test func aResultThatComesTwiceAtOnceIsRecordedOnce() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let name = AttemptName(task: .test(1 << 40), number: 1)
        #expect(try await service.reported([report(1 << 40), report(1 << 40)], by: agent) == [name, name])
        #expect(try await store.execution(name.task)?.state == .succeeded)
    }

    @Test func anEndThatIsOnItsWayIsAcknowledgedAfterItsCommit() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(agent)
        let record = try await service.execute(.test(7), waitMs: 5_000)
        store.fails = true
        #expect(try await service.reported([.success(AttemptName(task: record.id, number: 1))], by: agent).isEmpty)
        store.fails = false
        let told = try await service.reported([.success(AttemptName(task: record.id, number: 1))], by: agent)
        #expect(told.map(\.task) == [record.id])
        #expect(try await store.execution(record.id) == record)
    }

    /// Whose connection ended, and whose courier is faster than the question for it.
    @Test func aReportEndsATaskThatAwaitsWord() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let channel = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let task = try await service.execute(.test(7), waitMs: 0)
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        let name = AttemptName(task: task.id, number: 1)
        #expect(try await service.reported([.failure(name)], by: agent) == [name])
        #expect(try await service.execution(task.id, waitMs: 0).state == .failed)
        #expect(service.figures["tasks_in_flight"] == 0 && service.figures["tasks_awaiting_word"] == 0)
    }

    @Test func anotherAgentsTaskIsNotItsToEnd() async throws {
        let service = try await SchedulerService.serving()
        _ = try await service.connect(FakeTaskLink(8, FakeTaskLink.keepsQuiet))
        let task = try await service.execute(.test(8), waitMs: 0)
        let waiting = try await service.execute(.test(9, startByMs: 60_000, durable: true), waitMs: 0)
        for id in [task.id, waiting.id] {
            // It need not say it again: nobody will ever believe it.
            let name = AttemptName(task: id, number: 1)
            #expect(try await service.reported([.success(name)], by: agent) == [name])
        }
        #expect(try await service.execution(task.id, waitMs: 0).state == .dispatched)
        #expect(try await service.execution(waiting.id, waitMs: 0).state == .created)
    }

    @Test func whatWasNeverSentCannotHaveEnded() async throws {
        let service = try await SchedulerService.serving()
        let waiting = try await service.execute(.test(7, startByMs: 60_000, durable: true), waitMs: 0)
        let name = AttemptName(task: waiting.id, number: 1)
        #expect(try await service.reported([.success(name)], by: agent) == [name])
        #expect(try await service.execution(waiting.id, waitMs: 0).state == .created)
    }

    @Test func aResultPastEveryBoundIsNotKeptAndNotAskedForAgain() async throws {
        let service = try await SchedulerService.serving { $0.answerBytes = 1_000 }
        let name = AttemptName(task: .test(1 << 40), number: 1)
        let long = report(1 << 40, text: String(repeating: "x", count: 2_000))
        #expect(try await service.reported([long], by: agent) == [name])
        let record = try await service.execution(name.task, waitMs: 0)
        #expect(record.state == .unknown && record.hops.last?.rule == "limit.answerBytes")
    }

    @Test func aCrowdedSchedulerTakesNoMore() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store) { $0.unwrittenRecords = 4 }
        _ = try await service.connect(agent)
        store.fails = true
        for _ in 0..<3 { _ = try await service.execute(.test(7), waitMs: 5_000) }
        let error = await #expect(throws: ElvesError.self) {
            try await service.reported([report(1 << 40)], by: agent)
        }
        #expect(error?.code == .schedulerRecordWaiting && error?.isRetryable == true)
    }

    // MARK: Over the wire

    @Test func theWireCarriesReportsBothWays() async throws {
        let service = try await SchedulerService.serving()
        let client = TaskReportServiceClient(
            InProcessCaller(
                ThriftRouter([TaskReportServiceProcessor(TaskReportHandler(service))]),
                as: PeerIdentity(role: "agent", instance: "0000000000000007", ip: "127.0.0.7")))
        try await service.whileRunning { () async throws in
            var known = ScriptedAgent.result(RunTask(taskId: 1 << 40, attempt: 1))
            known.app = "hello"
            known.func = "greet"
            known.takenAt = 1_700_000_000_000
            var newer = TaskResult(taskId: 1 << 41, attempt: 3, state: .init(rawValue: 99))
            newer.app = "hello"
            let nameless = TaskResult(taskId: 0, attempt: 1, state: .failed)
            let told = try await client.report(results: [known, newer, nameless])
            #expect(Set(told.map(\.taskId)) == [1 << 40, 1 << 41, 0])
            let record = try await service.execution(.test(1 << 40), waitMs: 0)
            #expect(record.state == .failed && record.outcome.exitCode == 3)
            #expect(try await service.execution(.test(1 << 41), waitMs: 0).state == .unknown)
            try await client.started(attempts: [AttemptRef(taskId: 5, attempt: 1)])
        }
    }

    @Test func theAgentHearsWhatIsRecordedByItself() async throws {
        let service = try await SchedulerService.serving { $0.tellInterval = .milliseconds(1) }
        let scripted = ScriptedAgent()
        let back = InProcessCaller(
            ThriftRouter([AgentServiceProcessor(scripted)]), as: PeerIdentity(role: "scheduler", instance: "s-1"))
        let peer = PeerIdentity(role: "agent", instance: "0000000000000007", ip: "127.0.0.7")
        _ = try await service.connect(ThriftTaskLink(try AgentWire(peer: peer, caller: back)))
        try await service.whileRunning { () async throws in
            let record = try await service.execute(.test(7, durable: true), waitMs: 5_000)
            #expect(scripted.tasks.first?.durable == true && scripted.tasks.first?.again == nil)
            try await eventually("the agent was told") {
                scripted.recorded == [AttemptRef(taskId: record.id.rawValue, attempt: 1)]
            }
        }
    }
}
