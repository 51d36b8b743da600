import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// Lists and cursors as the service gives them: of memory and store together.
@Suite struct HistoryServiceTests {
    @Test func aTaskIsListedFromItsCreationOn() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let running = try await service.execute(.test(7), waitMs: 0)
        var page = try await service.tasks(HistoryQuery())
        #expect(page.executions.map(\.id) == [running.id])
        #expect(page.executions.map(\.state) == [.dispatched])
        #expect(try await service.tasks(.test { $0.states = [.succeeded] }).executions.isEmpty)
        answers.answer()
        page = try await service.tasks(HistoryQuery())
        #expect(page.executions.map(\.state) == [.succeeded])
        while await service.writer.writeSome() {}
        #expect(service.live.count == 0)
        #expect(try await service.tasks(HistoryQuery()) == page)
        #expect(page.nextBefore == nil)
    }

    @Test func whatHasNotEndedIsListedWithoutTheHistory() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let answers = Answers()
        _ = try await service.connect(FakeTaskLink(7, answers.behaviour))
        let running = try await service.execute(.test(7), waitMs: 0)
        let open = try await service.tasks(.test { $0.states = [.created, .dispatched, .running] })
        #expect(open.executions.map(\.id) == [running.id] && open.nextBefore == nil)
        #expect(store.lists == 0)
        _ = try await service.tasks(.test { $0.states = [.dispatched, .failed] })
        #expect(store.lists == 1)
    }

    @Test func tasksThatWaitInABatchAreListed() async throws {
        let service = try await SchedulerService.serving()
        let answers = Answers()
        for agent: Int64 in 1...5 { _ = try await service.connect(FakeTaskLink(agent, answers.behaviour)) }
        try await service.whileRunning {
            let batch = try await service.createBatch(.test(1...5, concurrency: 2))
            try await eventually("two are out") { answers.count == 2 }
            let page = try await service.tasks(
                .test {
                    $0.batch = batch.id; $0.limit = 4
                })
            #expect(page.executions.map(\.target.name) == ["web-5", "web-4", "web-3", "web-2"])
            #expect(page.executions.map(\.state) == [.created, .created, .created, .dispatched])
            let rest = try await service.tasks(
                .test {
                    $0.batch = batch.id; $0.before = page.nextBefore ?? 0
                })
            #expect(rest.executions.map(\.target.name) == ["web-1"])
            #expect(rest.nextBefore == nil)
            answers.answer()
        }
    }

    @Test func pagesGoFromMemoryIntoTheStoreWithoutAGap() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        _ = try await service.connect(FakeTaskLink(7))
        var ids: [ElvesID] = []
        for number in 0..<30 {
            ids.append(try await service.execute(.test(7), waitMs: 5_000).id)
            if number == 14 { while await service.writer.writeSome() {} }
        }
        var found: [ElvesID] = []
        var query = HistoryQuery.test { $0.limit = 4 }
        while true {
            let page = try await service.tasks(query)
            found += page.executions.map(\.id)
            guard let next = page.nextBefore else { break }
            query.before = next
        }
        #expect(found == ids.reversed())
    }

    @Test func aPageFitsIntoAMessage() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store) { $0.pageBytes = 10_000 }
        try await store.write(
            (1...20).map { (id: Int64) in
                var record = Execution.ended(id)
                record.outcome.stdout.head = String(repeating: "x", count: 1_000)
                return record
            }, batches: [], .buffered)
        let page = try await service.tasks(HistoryQuery())
        #expect(page.executions.count < 10)
        #expect(page.nextBefore == page.executions.last?.id.rawValue)
    }

    @Test func whoWaitsForResultsHearsOfThemAfterTheirCommit() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        try await service.whileRunning {
            async let first = service.results(of: "queue", after: 0, limit: 10, waitMs: 60_000)
            async let other = service.results(of: "cron", after: 0, limit: 10, waitMs: 50)
            try await store.write([.ended(1), .ended(2, owner: "queue")], batches: [], .synced)
            let page = try await first
            #expect(page.executions.map(\.id) == [.test(2)])
            #expect(try await other == EndList(executions: [], nextAfter: 0))
            let none = try await service.results(of: "queue", after: page.nextAfter, limit: 10, waitMs: 20)
            #expect(none == EndList(executions: [], nextAfter: page.nextAfter))
            await #expect(throws: ElvesError.self) {
                try await service.results(of: "", after: 0, limit: 10, waitMs: 0)
            }
        }
    }

    @Test func whoHasAPlaceOfAnotherStoreIsToldAtOnce() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        try await store.write((1...40).map { .ended($0, owner: "queue") }, batches: [], .buffered)
        let page = try await service.results(of: "queue", after: 1_000, limit: 35, waitMs: 60_000)
        #expect(page.lost && page.executions.map(\.id.rawValue) == Array(1...35))
        let rest = try await service.results(of: "queue", after: page.nextAfter, limit: 35, waitMs: 60_000)
        #expect(!rest.lost && rest.executions.count == 5)
        let none = try await service.results(of: "cron", after: 5, limit: 35, waitMs: 60_000)
        #expect(none == EndList(executions: [], nextAfter: 0, lost: true))
        let client = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "queue", instance: "q-1")))
        let said = try await client.results(owner: "queue", after: 1_000, limit: 1, waitMs: 0)
        #expect(said.lost == true && said.tasks.map(\.id) == [1])
        #expect(try await client.results(owner: "queue", after: 1, limit: 1, waitMs: 0).lost == nil)
    }

    @Test func whoWaitsForEventsHearsOfThem() async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store)
        try await store.write([.ended(1)], batches: [], .buffered)
        try await service.whileRunning {
            async let news = service.events(after: -1, limit: 10, waitMs: 60_000)
            try await eventually("it waits, or what comes is after what was") {
                try await store.write([.ended(.random(in: 2...1 << 40), .failed)], batches: [], .buffered)
                return try await store.events(after: 0, limit: 100).events.count > 3
            }
            let page = try await news
            #expect(!page.events.isEmpty)
            #expect(page.events.allSatisfy { $0.task != .test(1) })
            #expect(page.nextAfter == page.events.last?.id)
            await #expect(throws: ElvesError.self) { try await service.events(after: -2, limit: 1, waitMs: 0) }
        }
    }

    @Test func theHandlerSaysWhatIsWrongWithAQuery() async throws {
        let service = try await SchedulerService.serving()
        let client = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
        for (query, word) in [
            (TaskQuery(states: [.init(rawValue: 99)], limit: 10), "99"), (TaskQuery(limit: 1_001), "1001"),
            (TaskQuery(before: -5, limit: 1), "-5"),
        ] {
            let fault = await #expect(throws: Fault.self) {
                try await client.tasks(query: query)
            }
            #expect(fault?.code == ErrorCode.schedulerRequestInvalid.code)
            #expect(fault?.message.contains(word) == true)
        }
    }
}
