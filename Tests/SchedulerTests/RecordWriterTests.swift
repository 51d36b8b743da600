import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

@Suite struct RecordWriterTests {
    @Test func anEndedRecordIsInMemoryUntilItIsWritten() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(FakeTaskLink(7))
        let record = try await service.execute(.test(7), waitMs: 5_000)
        #expect(try await store.execution(record.id) == nil)
        #expect(service.live.count == 1)
        #expect(await service.writer.writeSome() == false)
        #expect(service.live.count == 0)
        #expect(try await store.execution(record.id) == record)
        #expect(try await service.execution(record.id, waitMs: 0) == record)
    }

    @Test func aStoreThatFailsStopsNoCallAndLosesNothingWithinBounds() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(FakeTaskLink(7))
        store.fails = true
        var records: [Execution] = []
        for _ in 0..<10 { records.append(try await service.execute(.test(7), waitMs: 5_000)) }
        #expect(await service.writer.writeSome() == false)
        #expect(service.writer.status.failure != nil)
        #expect(service.notReadyReason?.contains("cannot be written") == true)
        #expect(service.writer.status.waiting == 10)
        #expect(try await service.execution(records[0].id, waitMs: 0) == records[0])
        store.fails = false
        while await service.writer.writeSome() {}
        #expect(service.notReadyReason == nil)
        #expect(service.writer.status == RecordWriter.Status(written: 10))
        for record in records { #expect(try await store.execution(record.id) == record) }
    }

    @Test func pastTheBoundTheOldestAreDroppedAndCounted() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store) {
            $0.unwrittenRecords = 5
            $0.writeBatch = 3
        }
        _ = try await service.connect(FakeTaskLink(7))
        store.fails = true
        var records: [Execution] = []
        for _ in 0..<8 {
            records.append(try await service.execute(.test(7), waitMs: 5_000))
            _ = await service.writer.writeSome()
        }
        #expect(service.figures["records_dropped"] == 3)
        #expect(service.figures["records_waiting"] == 5)
        #expect(service.live.count == 5)
        store.fails = false
        while await service.writer.writeSome() {}
        for record in records.prefix(3) { #expect(try await store.execution(record.id) == nil) }
        for record in records.suffix(5) { #expect(try await store.execution(record.id) == record) }
        #expect(service.writer.status.waitingBytes == 0)
    }

    @Test func outputInWaitingRecordsIsBoundedToo() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store) { $0.unwrittenBytes = 10_000 }
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                ended(.reported(.success(attempt, String(repeating: "x", count: 4_000))))
            })
        store.fails = true
        for _ in 0..<5 { _ = try await service.execute(.test(7), waitMs: 5_000) }
        #expect(service.writer.status.waiting == 2)
        #expect(service.writer.status.dropped == 3)
    }

    @Test func aSlowStoreSlowsNoCall() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(FakeTaskLink(7))
        store.delay = .seconds(30)
        let start = ContinuousClock.now
        _ = try await service.execute(.test(7), waitMs: 5_000)
        try await withThrowingTaskGroup { group in
            group.addTask { _ = await service.writer.writeSome() }
            try await eventually("the store is being written") { store.writes == 1 }
            for _ in 0..<1_000 { _ = try await service.execute(.test(7), waitMs: 5_000) }
            group.cancelAll()
        }
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test func aTaskThatStillRunsIsRecordedNowAndThen() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        try await service.whileRunning {
            let record = try await service.execute(.test(7), waitMs: 0)
            try await eventually("it is recorded as dispatched") {
                try await store.execution(record.id)?.state == .dispatched
            }
            answers.answer()
            try await eventually("its end is recorded") { try await store.execution(record.id)?.state == .succeeded }
        }
    }
}
