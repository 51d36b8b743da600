import ElvesContracts
import ElvesCore
import Foundation
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

@Suite struct BatchTests {
    @Test func runsOnEveryTargetAndListsEndsInTheirOrder() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 1...3 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test([3, 1, 2, 4]))
            #expect(batch.total == 4)
            try await eventually("three are out") { answers.count == 3 }
            for _ in 0..<3 { answers.answerOne() }
            let ended = try await service.batch(batch.id, waitMs: 5_000)
            #expect(ended.states == [.succeeded: 3, .unreachable: 1])
            #expect(ended.endedAt > 0)
            let ends = try await service.batchEnds(batch.id, after: 0, limit: 100, waitMs: 0)
            #expect(ends.done && ends.nextAfter == 4)
            #expect(ends.executions.map(\.batchPlace) == [1, 2, 3, 4])
            #expect(Set(ends.executions.map(\.target.name)) == ["web-1", "web-2", "web-3", "web-4"])
            #expect(ends.executions.allSatisfy { $0.batchID == batch.id })
            #expect(ends.executions.first { $0.state == .unreachable }?.target.id == .test(4))
        }
    }

    @Test func runsNoMoreAtOnceThanAllowed() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 1...20 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...20, concurrency: 3))
            for done in 0..<20 {
                let expected = min(3, 20 - done)
                try await eventually("\(expected) are out") { answers.count == expected }
                let record = try await service.batch(batch.id, waitMs: 0)
                #expect(record.states[.dispatched] == expected)
                #expect(record.states.values.reduce(0, +) == 20)
                answers.answerOne()
            }
            #expect(try await service.batch(batch.id, waitMs: 5_000).states == [.succeeded: 20])
        }
    }

    @Test func pagesFollowTheEndsWhileTheyCome() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 1...10 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...10))
            try await eventually("all are out") { answers.count == 10 }
            var seen: [ElvesID] = []
            var cursor: Int64 = 0
            var done = false
            while !done {
                answers.answerOne()
                let page = try await service.batchEnds(batch.id, after: cursor, limit: 3, waitMs: 5_000)
                #expect(!page.executions.isEmpty)
                seen += page.executions.map(\.id)
                cursor = page.nextAfter
                done = page.done
            }
            #expect(Set(seen).count == 10)
            #expect(cursor == 10)
        }
    }

    @Test func endsAreFoundInTheStoreOnceWritten() async throws {
        let service = try await SchedulerService.serving()
        for agent: Int64 in 1...10 { _ = try await service.connect(FakeTaskLink(agent)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...10))
            let live = try await service.batch(batch.id, waitMs: 5_000)
            try await eventually("all is written") { service.live.count == 0 && service.batches[batch.id] == nil }
            #expect(try await service.batch(batch.id, waitMs: 0) == live)
            let first = try await service.batchEnds(batch.id, after: 0, limit: 6, waitMs: 0)
            let second = try await service.batchEnds(batch.id, after: first.nextAfter, limit: 6, waitMs: 0)
            #expect(!first.done && second.done)
            #expect((first.executions + second.executions).map(\.batchPlace) == Array(1...10))
        }
    }

    /// Records of a mebibyte each: a page of them ends before the message does.
    @Test(arguments: [false, true]) func aPageFitsIntoAMessage(written: Bool) async throws {
        let service = try await SchedulerService.serving { if !written { $0.writeInterval = .seconds(600) } }
        let text = String(repeating: "x", count: 1 << 20)
        for agent: Int64 in 1...40 {
            _ = try await service.connect(
                FakeTaskLink(agent) { attempt, ended in ended(.reported(.success(attempt, text))) })
        }
        let handler = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...40))
            #expect(try await service.batch(batch.id, waitMs: 10_000).endedAt > 0)
            if written { try await eventually("all is written") { service.batches[batch.id] == nil } }
            var seen: [Int64] = []
            var ends = BatchEnds()
            repeat {
                ends = try await handler.batchEnds(
                    id: batch.id.rawValue, after: ends.nextAfter, limit: 1_000, waitMs: 0)
                #expect((1...8).contains(ends.tasks.count))
                seen += ends.tasks.map(\.id)
            } while !ends.done && !ends.tasks.isEmpty
            #expect(seen.count == 40 && Set(seen).count == 40 && ends.done && ends.nextAfter == 40)
        }
    }

    @Test func aRecordThatFillsAPageAloneIsOnePage() {
        var page = WeighedPage(bytes: 10)
        let record = Execution(
            id: .test(1), call: FunctionCall(app: "a", function: "f", param: "123456789"), target: TaskTarget(id: nil),
            createdAt: 1)
        #expect(record.weight > 10)
        let taken = [page.add(record), page.add(record)]
        #expect(taken == [true, false])
        #expect(page.executions.count == 1)
    }

    @Test func theLastRecordThatIsHandedOnClosesTheBatch() {
        let tasks = (1...3).map { PlannedTask(id: .test($0), target: TaskTarget(id: .test($0))) }
        let record = Batch(
            id: .test(9), call: FunctionCall(app: "a", function: "f"), total: 3, concurrency: 3, generation: 1,
            caller: "", trace: "", createdAt: 1)
        let batch = LiveBatch(record, tasks: tasks)
        // All have ended before the first record is with the writer.
        for task in tasks { _ = batch.note(task.id, .succeeded, wallMs: 5) }
        #expect(batch.record.endedAt == 5)
        #expect([batch.handOn(), batch.handOn(), batch.handOn()] == [false, false, true])
    }

    @Test func noBatchIsRecordedAsEndedBeforeItsTasks() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        for agent: Int64 in 1...8 {
            // From threads of their own, so that ends overtake one another.
            _ = try await service.connect(
                FakeTaskLink(agent) { attempt, ended in Task { ended(.reported(.success(attempt))) } })
        }
        try await service.whileRunning { () async throws in
            for _ in 0..<200 {
                let batch = try await service.createBatch(.test(1...8))
                #expect(try await service.batch(batch.id, waitMs: 10_000).states == [.succeeded: 8])
            }
        }
        #expect(store.gaps == 0)
    }

    @Test func tenThousandTargetsAreAcceptedAndAllEnd() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteSchedulerStore(path: folder.appending(path: "scheduler.sqlite").path)
        let service = try await SchedulerService.serving(store)
        for agent: Int64 in 1...10_000 { _ = try await service.connect(FakeTaskLink(agent)) }
        try await service.whileRunning { () async throws in
            let id = try await service.createBatch(.test(1...10_000)).id
            #expect(try await service.batch(id, waitMs: 60_000).states == [.succeeded: 10_000])
            try await eventually("all is written", within: .seconds(60)) { service.batches[id] == nil }
            let ends = try await service.batchEnds(id, after: 9_990, limit: 100, waitMs: 0)
            #expect(ends.executions.count == 10 && ends.done)
        }
        try store.close()
        #expect(service.figures["tasks_in_flight"] == 0)
    }

    @Test func aFullSchedulerDelaysABatchButLosesNoTarget() async throws {
        let service = try await SchedulerService.serving { $0.tasksInFlight = 4 }
        let answers = Answers()
        for agent: Int64 in 1...12 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning { () async throws in
            let batch = try await service.createBatch(.test(1...12))
            for _ in 0..<12 {
                try await eventually("one is out") { answers.count > 0 }
                #expect(answers.count <= 4)
                answers.answerOne()
            }
            #expect(try await service.batch(batch.id, waitMs: 5_000).states == [.succeeded: 12])
        }
    }

    @Test func refusesWhatIsNoBatch() async throws {
        let service = try await SchedulerService.serving { $0.batchTargets = 3 }
        for (order, code) in [
            (BatchOrder.test([]), ErrorCode.schedulerBatchEmpty), (.test(1...4), .schedulerBatchTooLarge),
            (.test([1, 2, 1]), .schedulerRequestInvalid),
        ] {
            let error = await #expect(throws: ElvesError.self) { try await service.createBatch(order) }
            #expect(error?.code == code)
        }
        let error = await #expect(throws: ElvesError.self) { try await service.batch(.test(5), waitMs: 0) }
        #expect(error?.code == .schedulerBatchUnknown)
    }

    @Test func nothingStartsWhenTheBatchCannotBeRecorded() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(1)
        _ = try await service.connect(agent)
        store.fails = true
        try await service.whileRunning { () async throws in
            await #expect(throws: ElvesError.self) { try await service.createBatch(.test([1])) }
        }
        #expect(agent.attempts.isEmpty)
        #expect(service.batches.all.isEmpty)
    }
}
