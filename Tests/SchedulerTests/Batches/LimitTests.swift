import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// Limits and turns, through the service.
@Suite struct LimitTests {
    private func order(_ agent: Int64, app: String = "hello", key: String = "key-1", durable: Bool = false)
        -> ExecutionOrder
    {
        var order = ExecutionOrder(
            call: FunctionCall(app: app, function: "greet"), target: TaskTarget(id: .test(agent)), caller: key)
        order.isDurable = durable
        return order
    }

    private func refusal(_ service: SchedulerService, _ order: ExecutionOrder) async -> ErrorCode? {
        await #expect(throws: ElvesError.self) { try await service.execute(order, waitMs: 0) }?.code
    }

    @Test func aCallPastALimitIsRefusedAtOnce() async throws {
        let service = try await SchedulerService.serving { limits in
            limits.tasksInFlight = 5
            limits.tasksPerKey = 3
            limits.tasksOfApps = ["deploy": 1]
            limits.tasksOfKeys = ["key-9": 1]
        }
        let answers = Answers()
        for agent: Int64 in 1...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            _ = try await service.execute(order(1, app: "deploy"), waitMs: 0)
            let app = await refusal(service, order(2, app: "deploy", key: "key-2"))
            #expect(app == .schedulerAppFull && app?.isRetryable == true)
            _ = try await service.execute(order(1), waitMs: 0)
            _ = try await service.execute(order(1), waitMs: 0)
            let key = await refusal(service, order(2))
            #expect(key == .schedulerKeyFull && key?.isRetryable == true)
            _ = try await service.execute(order(2, key: "key-9"), waitMs: 0)
            #expect(await refusal(service, order(2, key: "key-9")) == .schedulerKeyFull)
            _ = try await service.execute(order(2, key: "key-3"), waitMs: 0)
            #expect(await refusal(service, order(3, key: "key-4")) == .schedulerFull)
            #expect(service.figures["tasks_overloaded"] == 4)
            answers.answerOne()
            // Its place is free again.
            _ = try await service.execute(order(3, app: "deploy", key: "key-4"), waitMs: 0)
            for _ in 0..<5 { answers.answerOne() }
        }
        #expect(service.dispatcher.inFlight == 0)
    }

    @Test func aTaskThatWaitsTakesItsTurn() async throws {
        let service = try await SchedulerService.serving { $0.tasksOfApps = ["deploy": 2] }
        let answers = Answers()
        for agent: Int64 in 1...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var ids: [ElvesID] = []
            for agent: Int64 in [1, 2, 3, 1, 2] {
                ids.append(try await service.execute(order(agent, app: "deploy", durable: true), waitMs: 0).id)
            }
            // Another app is not held back.
            _ = try await service.execute(order(1, app: "list", durable: true), waitMs: 0)
            try await eventually("three are out") { answers.count == 3 }
            for done in 0..<6 {
                #expect(answers.count <= 3)
                answers.answerOne()
                try await eventually("the next is out") { answers.count >= min(2, 5 - done) }
            }
            for id in ids { #expect(try await service.execution(id, waitMs: 5_000).state == .succeeded) }
        }
        #expect(service.dispatcher.inFlight == 0)
    }

    /// Ten places; a batch of a thousand takes all of them. Tasks of another key have every second turn.
    @Test func aGiantBatchBlocksNobody() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlight = 9 }
        let answers = Answers()
        for agent: Int64 in 1...1_000 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...1_000)).id
            try await eventually("nine are out") { answers.count == 9 }
            var ids: [ElvesID] = []
            for agent: Int64 in 1...20 {
                ids.append(try await service.execute(order(agent, key: "small", durable: true), waitMs: 0).id)
            }
            // Forty turns, and the nine that were out.
            for _ in 0..<49 {
                try await eventually("nine are out") { answers.count == 9 }
                answers.answerOne()
            }
            for id in ids { #expect(try await service.execution(id, waitMs: 1_000).state == .succeeded) }
            #expect(try await service.batch(batch, waitMs: 0).states[.succeeded] == 29)
            _ = try await service.stopBatch(batch, kill: false, reason: "")
            for _ in 0..<9 { answers.answerOne() }
        }
    }

    @Test func namesOfLimitsAreRead() throws {
        #expect(try SchedulerLimits.named("", setting: "limits.apps").isEmpty)
        #expect(
            try SchedulerLimits.named("deploy=5, backup = 20", setting: "limits.apps") == ["deploy": 5, "backup": 20])
        for bad in ["deploy", "deploy=", "=5", "deploy=0", "deploy=-1", "deploy=x", "a=1,a=2", "a=1,", "a=1=2"] {
            let error = #expect(throws: ElvesError.self, "\(bad)") {
                try SchedulerLimits.named(bad, setting: "limits.apps")
            }
            #expect(error?.code == .elvesConfigInvalid && error?.message.contains("limits.apps") == true)
        }
    }
}
