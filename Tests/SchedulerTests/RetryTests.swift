import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// New attempts after one that ended badly.
@Suite struct RetryTests {
    /// Tasks that failed together do not come back together: each waits anything from nothing to its whole delay.
    @Test func delaysAreSpreadOverTheirWholeLength() throws {
        let service = SchedulerService(
            store: InMemorySchedulerStore(), generator: try #require(IDGenerator(number: 1)), logger: .silent)
        for delay: Int64 in [1_000, 60_000, 86_400_000] {
            let draws = (0..<1_000).map { _ in service.jitter(delay) }
            #expect(draws.allSatisfy { (0...delay).contains($0) })
            // Each tenth of the delay is hit; that chance leaves one out has odds of 1 to 10^44.
            #expect(Set(draws.map { min($0 * 10 / delay, 9) }).count == 10)
        }
        #expect(service.jitter(0) == 0 && service.jitter(-1) == 0)
    }

    @Test(arguments: [true, false]) func anAttemptThatFailsIsFollowedByAnother(_ durable: Bool) async throws {
        let time = TestTime()
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store, time: time.keeper)
        let agent = FakeTaskLink(7) { attempt, ended in
            ended(.reported(attempt.number < 3 ? .failure(attempt.name) : .success(attempt)))
        }
        let channel = try await service.connect(agent)
        let rule = RetryRule(attempts: 5, firstDelayMs: 1_000, longestDelayMs: 1_500)
        let task = try await service.execute(.test(7, durable: durable, retry: rule), waitMs: 0)
        let paused = try await service.execution(task.id, waitMs: 0)
        #expect(paused.state == .created && paused.attempt == 2 && paused.endedAt == 0)
        #expect(paused.nextAttemptAt == time.keeper.wallMs() + 1_000 && paused.outcome == TaskOutcome())
        #expect(paused.hops.last?.event == "attempt 1 failed")
        #expect(service.figures["tasks_in_flight"] == 0)
        // Its first result is recorded with the record that waits for the second attempt.
        await service.writeAll()
        channel.flushRecorded()
        #expect(agent.recorded == [AttemptName(task: task.id, number: 1)])
        #expect(try await store.execution(task.id)?.attempt == 2)
        time.advance(ms: 999)
        service.sweep()
        #expect(agent.attempts.count == 1)
        time.advance(ms: 1)
        service.sweep()
        #expect(agent.attempts.map(\.number) == [1, 2])
        await service.writeAll()
        time.advance(ms: 1_500)
        service.sweep()
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == .succeeded && record.attempt == 3 && record.nextAttemptAt == 0)
        #expect(agent.attempts.map(\.again) == [false, false, false])
        #expect(
            record.hops.map(\.event)
                == [
                    "created", "dispatched", "attempt 1 failed", "dispatched", "attempt 2 failed", "dispatched",
                    "starting", "ended",
                ])
    }

    /// Agents do not sync all attempts: after a power loss there and a crash here only the record tells which were sent.
    @Test(arguments: [true, false])
    func anotherAttemptGoesOutOnlyWhenTheRecordSaysSo(_ durable: Bool) async throws {
        let time = TestTime()
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store, time: time.keeper)
        let agent = FakeTaskLink(7) { attempt, ended in
            if attempt.number == 1 { ended(.reported(.failure(attempt.name))) }
        }
        _ = try await service.connect(agent)
        let rule = RetryRule(attempts: 5, firstDelayMs: 100, longestDelayMs: 100)
        let task = try await service.execute(.test(7, durable: durable, retry: rule), waitMs: 0)
        store.fails = true
        for _ in 0..<20 {
            await service.writeAll()
            time.advance(ms: 100)
            service.sweep()
        }
        #expect(agent.attempts.map(\.number) == [1])
        store.fails = false
        await service.writeAll()
        let written = store.commits.first { $0.executions.contains { $0.id == task.id && $0.attempt == 2 } }
        #expect(written?.durability == .synced)
        time.advance(ms: 100)
        service.sweep()
        #expect(agent.attempts.map(\.number) == [1, 2])

        // Both machines lose what they did not write.
        let next = try await SchedulerService.serving(store, time: time.keeper, generator: 2)
        let forgetful = FakeTaskLink(7, boot: "boot-2")
        _ = try await next.connect(forgetful)
        if durable {
            // This agent says by its journal what became of the attempt.
            await next.dispatchAll()
            #expect(forgetful.attempts.map(\.number) == [2] && forgetful.attempts.map(\.again) == [true])
        } else {
            #expect(forgetful.resumed == [AttemptName(task: task.id, number: 2)] && forgetful.attempts.isEmpty)
            #expect(try await next.execution(task.id, waitMs: 0).attempt == 3)
        }
    }

    @Test func theLastAttemptsEndIsTheTasks() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        _ = try await service.connect(FakeTaskLink(7) { $1(.reported(.failure($0.name))) })
        let rule = RetryRule(attempts: 2, firstDelayMs: 0, longestDelayMs: 0)
        let task = try await service.execute(.test(7, durable: true, retry: rule), waitMs: 0)
        await service.writeAll()
        service.sweep()
        let record = try await service.execution(task.id, waitMs: 0)
        #expect(record.state == .failed && record.attempt == 2 && record.outcome.code == "agent.worker.exit")
        #expect(service.figures["tasks_retried"] == 1)
    }

    @Test(arguments: [
        (TaskState.failed, "agent.worker.exit", true), (.timedOut, "agent.worker.timeout", true),
        (.unknown, "agent.runner.lost", true), (.unreachable, "scheduler.agent.unreachable", true),
        (.rejected, "agent.full", true), (.rejected, "agent.app.notInstalled", false), (.rejected, "newer.code", false),
        (.killed, "", false), (.cancelled, "", false), (.expired, "", false), (.skipped, "", false),
        (.succeeded, "", false),
    ])
    func whatIsWorthAnother(_ end: TaskState, _ code: String, _ isWorth: Bool) {
        #expect(RetryRule(attempts: 2).mayFollow(end, code: code) == isWorth)
    }

    @Test func delaysDoubleUpToTheLongest() {
        let rule = RetryRule(attempts: 100, firstDelayMs: 100, longestDelayMs: 1_000)
        #expect((1...6).map { rule.longestDelay(after: $0) } == [100, 200, 400, 800, 1_000, 1_000])
        #expect(rule.longestDelay(after: 100) == 1_000)
        #expect(RetryRule(attempts: 9, firstDelayMs: .max, longestDelayMs: .max).longestDelay(after: 9) == .max)
    }

    @Test func noAttemptBeginsAfterItsStartByTime() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        _ = try await service.connect(FakeTaskLink(7) { $1(.reported(.failure($0.name))) })
        let rule = RetryRule(attempts: 9, firstDelayMs: 5_000, longestDelayMs: 5_000)
        let record = try await service.execute(.test(7, startByMs: 4_000, durable: true, retry: rule), waitMs: 0)
        #expect(record.state == .failed && record.attempt == 1)
    }

    @Test func aLostAttemptIsFollowedByAnotherAndItsLateWordChangesNothing() async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let answers = Answers()
        let gone = FakeTaskLink(7, answers.behaviour)
        let channel = try await service.connect(gone)
        let rule = RetryRule(attempts: 2, firstDelayMs: 10, longestDelayMs: 10)
        let task = try await service.execute(.test(7, durable: true, retry: rule), waitMs: 0)
        gone.close()
        service.disconnect(channel)
        answers.answer { _ in .lost("closed") }
        time.advance(ms: 60_000)
        service.sweep()
        #expect(try await service.execution(task.id, waitMs: 0).attempt == 2)
        await service.writeAll()
        let later = Answers()
        let back = FakeTaskLink(7, later.behaviour)
        _ = try await service.connect(back)
        time.advance(ms: 10)
        service.sweep()
        #expect(back.attempts.map(\.number) == [2] && back.resumed.isEmpty)
        let first = AttemptName(task: task.id, number: 1)
        #expect(try await service.reported([.success(first)], by: back) == [first])
        #expect(try await service.execution(task.id, waitMs: 0).state == .dispatched)
        later.answer { .reported(.failure($0.name)) }
        #expect(try await service.execution(task.id, waitMs: 0).state == .failed)
    }

    @Test(arguments: [
        RetryRule(attempts: 0), RetryRule(attempts: 101), RetryRule(attempts: 2, firstDelayMs: -1),
        RetryRule(attempts: 2, firstDelayMs: 5, longestDelayMs: 4),
        RetryRule(attempts: 2, firstDelayMs: 5, longestDelayMs: 86_400_001),
    ])
    func refusesWhatIsNoRule(_ rule: RetryRule) async throws {
        let service = try await SchedulerService.serving()
        let error = await #expect(throws: ElvesError.self) {
            try await service.execute(.test(7, retry: rule), waitMs: 0)
        }
        #expect(error?.code == .schedulerRequestInvalid)
    }
}
