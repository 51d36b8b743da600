import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

@Suite struct BatchStopTests {
    private func connect(_ service: SchedulerService, _ agents: ClosedRange<Int64>, _ answers: Answers) async throws {
        for agent in agents { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
    }

    /// All ends of the batch, by cursor, in small pages.
    private func allEnds(_ service: SchedulerService, _ id: ElvesID, page: Int = 7) async throws -> [Execution] {
        var all: [Execution] = []
        var after: Int64 = 0
        while true {
            let ends = try await service.batchEnds(id, after: after, limit: page, waitMs: 0)
            all += ends.executions
            guard !ends.done, ends.nextAfter > after else { return all }
            after = ends.nextAfter
        }
    }

    /// With `c` at once and `m` failures allowed, m + 1 failures stop it and c - 1 others are in flight: m + c start.
    @Test(arguments: StoreKind.allCases, [(3, 5), (0, 1), (0, 4), (7, 2)])
    func failuresStopItWithNoMoreThanWhatIsInFlight(_ kind: StoreKind, _ bounds: (most: Int, atOnce: Int)) async throws
    {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            let answers = Answers()
            try await connect(service, 1...40, answers)
            try await service.whileRunning { () async throws in
                var order = BatchOrder.test(1...40, concurrency: bounds.atOnce)
                order.maxFailures = bounds.most
                let batch = try await service.createBatch(order)
                let expected = bounds.most + bounds.atOnce
                for done in 0..<expected {
                    // As many are out as may be, and no more after the failure that stops it.
                    let out = done <= bounds.most ? bounds.atOnce : expected - done
                    try await eventually("\(out) are out") { answers.count == out }
                    answers.answerOne { .reported(.failure($0.name)) }
                }
                let ended = try await service.batch(batch.id, waitMs: 10_000)
                #expect(ended.states == [.failed: expected, .cancelled: 40 - expected])
                let count = bounds.most == 0 ? "1 task" : "\(bounds.most + 1) tasks"
                #expect(ended.stopReason == "\(count) ended badly; at most \(bounds.most) may")
                #expect(answers.count == 0)
                let live = try await allEnds(service, batch.id)
                #expect(live.count == 40 && Set(live.map(\.target.id)).count == 40)
                try await eventually("all is written") { service.batches[batch.id] == nil }
                let ends = try await allEnds(service, batch.id)
                #expect(ends.map(\.batchPlace) == Array(1...40))
                #expect(ends == live)
                for end in ends where end.state == .cancelled {
                    #expect(end.outcome.code == "scheduler.batch.failures" && end.dispatchedAt == 0 && end.endedAt > 0)
                    #expect(end.hops.last?.rule == "batch.failures")
                }
                #expect(try await service.batch(batch.id, waitMs: 0) == ended)
            }
            #expect(service.dispatcher.inFlight == 0)
        }
    }

    /// The moment between the turn of a task and its being in memory.
    @Test(arguments: [false, true]) func aStopThatComesWhileATaskBeginsEndsIt(_ kill: Bool) async throws {
        let time = TestTime()
        let service = try await SchedulerService.serving(time: time.keeper)
        let agent = FakeTaskLink(7, FakeTaskLink.keepsQuiet)
        _ = try await service.connect(agent)
        let id = try await service.createBatch(.test(7...7)).id
        let batch = try #require(service.batches[id])
        time.beforeNextLook {
            #expect(batch.begunIndices == [0] && service.live.count == 0)
            if batch.stop(.request("OPS-12")) { service.closeRest(batch) }
            if kill { service.endOpen(batch, evenIfRunning: true) }
        }
        service.dispatch()
        #expect(batch.isStopping && agent.attempts.isEmpty)
        #expect(batch.record.states == [.cancelled: 1])
        await service.writeAll()
        let end = try #require(try await service.batchEnds(id, after: 0, limit: 5, waitMs: 0).executions.first)
        #expect(end.outcome.code == "scheduler.batch.stopped" && end.dispatchedAt == 0)
        #expect(service.dispatcher.inFlight == 0 && service.figures["tasks_in_flight"] == 0)
    }

    @Test func percentCountsTheWholeBatch() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        try await connect(service, 1...40, answers)
        try await service.whileRunning { () async throws in
            var order = BatchOrder.test(1...40, concurrency: 1)
            order.maxFailurePercent = 11
            order.maxFailures = 30
            let id = try await service.createBatch(order).id
            // 11 % of 40 are 4: the fifth failure is too much. Successes count nothing.
            for number in 0..<9 {
                try await eventually("one is out") { answers.count == 1 }
                answers.answerOne { number % 2 == 0 ? .reported(.failure($0.name)) : .reported(.success($0)) }
            }
            #expect(try await service.batch(id, waitMs: 5_000).states == [.failed: 5, .succeeded: 4, .cancelled: 31])
        }
    }

    @Test func withoutABoundAllMayFail() async throws {
        let service = try await SchedulerService.serving()
        for agent: Int64 in 1...5 {
            _ = try await service.connect(
                FakeTaskLink(agent) { attempt, ended in ended(.reported(.failure(attempt.name))) })
        }
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...5, concurrency: 1)).id
            let ended = try await service.batch(id, waitMs: 5_000)
            #expect(ended.states == [.failed: 5] && ended.stopReason.isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases) func whatRunsGoesOnWhenItIsStopped(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            let answers = Answers()
            try await connect(service, 1...20, answers)
            try await service.whileRunning { () async throws in
                let id = try await service.createBatch(.test(1...20, concurrency: 4)).id
                try await eventually("four are out") { answers.count == 4 }
                let stopped = try await service.stopBatch(id, kill: false, reason: "wrong zone")
                #expect(stopped.stopReason == "stopped by request: wrong zone")
                #expect(stopped.states == [.dispatched: 4, .cancelled: 16] && stopped.endedAt == 0)
                #expect(try await store.batch(id)?.stopReason == stopped.stopReason)
                let again = try await service.stopBatch(id, kill: false, reason: "another")
                #expect(again.stopReason == stopped.stopReason)
                for _ in 0..<4 { answers.answerOne() }
                let ended = try await service.batch(id, waitMs: 5_000)
                #expect(ended.states == [.succeeded: 4, .cancelled: 16])
                let ends = try await allEnds(service, id)
                #expect(ends.count == 20)
                #expect(
                    ends.filter { $0.state == .cancelled }.allSatisfy {
                        $0.outcome.code == "scheduler.batch.stopped"
                            && $0.outcome.message == "the batch was stopped by request: wrong zone"
                    })
                try await eventually("all is written") { service.batches[id] == nil }
                #expect(try await service.stopBatch(id, kill: true, reason: "") == ended)
            }
        }
    }

    @Test func killEndsWhatRuns() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        let links = (Int64(1)...5).map { FakeTaskLink($0, answers.behaviour) }
        for link in links { _ = try await service.connect(link) }
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...5, concurrency: 2)).id
            try await eventually("two are out") { answers.count == 2 }
            _ = try await service.stopBatch(id, kill: false, reason: "")
            #expect(links.flatMap(\.killed).isEmpty)
            _ = try await service.stopBatch(id, kill: true, reason: "")
            #expect(Set(links.flatMap(\.killed)) == Set(links.flatMap(\.attempts).map(\.task)))
            for _ in 0..<2 {
                answers.answerOne {
                    .reported(
                        TaskReport(
                            task: $0.task, attempt: $0.number, state: .killed,
                            outcome: TaskOutcome(code: "agent.worker.killed", message: "killed")))
                }
            }
            #expect(try await service.batch(id, waitMs: 5_000).states == [.killed: 2, .cancelled: 3])
        }
    }

    /// Stopped at any moment while tasks start and end on other threads: each target has one end, and the counts agree.
    @Test(arguments: 0..<20) func stoppedWhileItStarts(_ delay: Int) async throws {
        let service = try await SchedulerService.serving()
        let links = (Int64(1)...50).map { number in
            FakeTaskLink(number) { attempt, ended in Task { ended(.reported(.success(attempt))) } }
        }
        for link in links { _ = try await service.connect(link) }
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...50, concurrency: 5)).id
            for _ in 0..<delay { await Task.yield() }
            _ = try await service.stopBatch(id, kill: delay % 2 == 0, reason: "")
            let ended = try await service.batch(id, waitMs: 5_000)
            let started = links.reduce(0) { $0 + $1.attempts.count }
            #expect(ended.states[.succeeded, default: 0] == started)
            #expect(ended.states.values.reduce(0, +) == 50)
            #expect(Set(try await allEnds(service, id).map(\.target.id)).count == 50)
            try await eventually("all is written") { service.batches[id] == nil && service.live.count == 0 }
            #expect(Set(try await allEnds(service, id).map(\.target.id)).count == 50)
        }
        #expect(service.dispatcher.inFlight == 0)
    }

    @Test(arguments: StoreKind.allCases) func tenThousandEndsAtOnce(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let service = try await SchedulerService.serving(store)
            // The store in memory sorts all ends for each page.
            let count = kind == .inMemory ? 1_000 : 10_000
            try await service.whileRunning { () async throws in
                var order = BatchOrder.test(1...Int64(count))
                order.startByMs = 3_600_000
                let id = try await service.createBatch(order).id
                #expect(service.live.count == 0, "targets that wait are not in memory one by one")
                _ = try await service.stopBatch(id, kill: false, reason: "")
                #expect(try await service.batch(id, waitMs: 0).states == [.cancelled: count])
                #expect(try await allEnds(service, id, page: 999).count == count)
                try await eventually("all is written", within: .seconds(60)) { service.batches[id] == nil }
                let ends = try await allEnds(service, id, page: 999)
                #expect(ends.map(\.batchPlace) == Array(1...Int64(count)))
                #expect(try await store.unrecorded(of: id, limit: 1).isEmpty)
            }
        }
    }

    @Test func aPlannedTaskIsSeenAndCancelledBeforeItStarts() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        try await connect(service, 1...3, answers)
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...3, concurrency: 1)).id
            try await eventually("one is out") { answers.count == 1 }
            let planned = try #require(service.batches[id]?.tasks.last)
            #expect(try await service.execution(planned.id, waitMs: 0).state == .created)
            let cancelled = try await service.cancel(planned.id, kill: false, reason: "not this one", waitMs: 0)
            #expect(cancelled.state == .cancelled)
            for _ in 0..<2 {
                try await eventually("one is out") { answers.count == 1 }
                answers.answerOne()
            }
            #expect(try await service.batch(id, waitMs: 5_000).states == [.succeeded: 2, .cancelled: 1])
        }
    }

    @Test func refusesBoundsThatCannotBe() async throws {
        let service = try await SchedulerService.serving { $0.batchTargetsHeld = 5 }
        for change: (inout BatchOrder) -> Void in [
            { $0.maxFailures = -1 }, { $0.maxFailurePercent = 101 }, { $0.maxFailurePercent = -1 },
            { $0.concurrency = -1 }, { $0.owner = String(repeating: "x", count: 129) },
        ] {
            var order = BatchOrder.test(1...2)
            change(&order)
            let error = await #expect(throws: ElvesError.self) { try await service.createBatch(order) }
            #expect(error?.code == .schedulerRequestInvalid)
        }
        let full = await #expect(throws: ElvesError.self) { try await service.createBatch(.test(1...6)) }
        #expect(full?.code == .schedulerFull)
        let unknown = await #expect(throws: ElvesError.self) {
            try await service.stopBatch(.test(5), kill: false, reason: "")
        }
        #expect(unknown?.code == .schedulerBatchUnknown)
    }
}
