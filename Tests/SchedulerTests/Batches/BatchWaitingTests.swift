import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// Targets that are away, and tasks that are tried again.
@Suite struct BatchWaitingTests {
    @Test func whoIsAwayKeepsNobodyElse() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 4...6 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test(1...6, concurrency: 1)
            order.startByMs = 60_000
            let id = try await service.createBatch(order).id
            for _ in 0..<3 {
                try await eventually("one is out") { answers.count == 1 }
                answers.answerOne()
            }
            try await eventually("three have ended") {
                try await service.batch(id, waitMs: 0).states == [.succeeded: 3, .created: 3]
            }
            for agent: Int64 in 1...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
            for _ in 0..<3 {
                try await eventually("one is out") { answers.count == 1 }
                answers.answerOne()
            }
            #expect(try await service.batch(id, waitMs: 5_000).states == [.succeeded: 6])
        }
    }

    @Test func whatHasNotStartedInTimeEnds() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        for agent: Int64 in 4...6 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test(1...6, concurrency: 1)
            order.startByMs = 60_000
            let id = try await service.createBatch(order).id
            try await eventually("one is out") { answers.count == 1 }
            time.advance(ms: 61_000)
            try await eventually("the others have ended") {
                try await service.batch(id, waitMs: 0).states == [.dispatched: 1, .unreachable: 3, .expired: 2]
            }
            answers.answerOne()
            try await eventually("all have ended") {
                try await service.batch(id, waitMs: 0).states == [.succeeded: 1, .unreachable: 3, .expired: 2]
            }
            let ends = try await service.batchEnds(id, after: 0, limit: 100, waitMs: 0)
            #expect(ends.done && ends.executions.count == 6)
            #expect(
                Set(ends.executions.map(\.outcome.code)) == [
                    "", "scheduler.agent.unreachable", "scheduler.task.expired",
                ])
        }
    }

    @Test func anAgentThatGoesWhileItsTaskWaitsIsWaitedFor() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let away = FakeTaskLink(1, answers.behaviour)
        let channel = try await service.connect(away)
        for agent: Int64 in 2...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test([2, 1, 3], concurrency: 1)
            order.startByMs = 60_000
            let id = try await service.createBatch(order).id
            try await eventually("one is out") { answers.count == 1 }
            away.close()
            service.disconnect(channel)
            answers.answerOne()
            try await eventually("the next is out") { answers.count == 1 }
            answers.answerOne()
            try await eventually("two have ended") {
                try await service.batch(id, waitMs: 0).states == [.succeeded: 2, .created: 1]
            }
            _ = try await service.connect(FakeTaskLink(1, answers.behaviour))
            try await eventually("the last is out") { answers.count == 1 }
            answers.answerOne()
            #expect(try await service.batch(id, waitMs: 5_000).states == [.succeeded: 3])
        }
    }

    @Test func aTaskIsTriedAgainWithoutHoldingAPlace() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        for agent: Int64 in 1...2 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test(1...2, concurrency: 1)
            order.retryRule = RetryRule(attempts: 2, firstDelayMs: 5_000)
            order.maxFailures = 0
            let id = try await service.createBatch(order).id
            try await eventually("the first is out") { answers.count == 1 }
            answers.answerOne { .reported(.failure($0.name)) }
            // While it waits the other one has the only place.
            try await eventually("the second is out") { answers.count == 1 }
            answers.answerOne()
            try await eventually("one has ended") {
                try await service.batch(id, waitMs: 0).states[.succeeded] == 1
            }
            time.advance(ms: 6_000)
            try await eventually("the first is out again") { answers.count == 1 }
            answers.answerOne()
            try await eventually("both have ended well") {
                try await service.batch(id, waitMs: 0).states == [.succeeded: 2]
            }
        }
    }

    @Test func stoppingEndsWhatWaitsForItsNextAttempt() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 1...2 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test(1...2)
            order.retryRule = RetryRule(attempts: 2, firstDelayMs: 60_000)
            let id = try await service.createBatch(order).id
            try await eventually("both are out") { answers.count == 2 }
            answers.answerOne { .reported(.failure($0.name)) }
            _ = try await service.stopBatch(id, kill: false, reason: "")
            #expect(try await service.batch(id, waitMs: 0).states == [.cancelled: 1, .dispatched: 1])
            // No other attempt follows in a batch that is stopped.
            answers.answerOne { .reported(.failure($0.name)) }
            #expect(try await service.batch(id, waitMs: 5_000).states == [.cancelled: 1, .failed: 1])
        }
    }
}
