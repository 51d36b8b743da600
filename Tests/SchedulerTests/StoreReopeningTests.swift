import ElvesCore
import GRDB
import StorageSQLite
import Testing

@testable import Scheduler

/// What a store in a file still knows after a restart.
@Suite struct StoreReopeningTests {
    /// One life of a store; the file is free afterwards.
    private func living<T>(_ path: String, _ body: (SQLiteSchedulerStore) async throws -> T) async throws -> T {
        let store = try SQLiteSchedulerStore(path: path)
        let value = try await body(store)
        try store.close()
        return value
    }

    @Test func placesGoOnAndListsAreWhole() async throws {
        try await withFolder { folder in
            let path = "\(folder)/scheduler.sqlite"
            let webhook = try await living(path) { store in
                try await store.write((1...10).map { .ended($0, owner: "queue") }, batches: [], .buffered)
                _ = try await store.index(threshold: 1)
                try await store.write([.ended(11, owner: "queue"), .ended(3, .failed)], batches: [], .buffered)
                #expect(store.feed.position(.events) == 11)
                return try await store.add(WebhookRecord(url: "https://example.org"))
            }
            try await living(path) { store in
                #expect(store.feed.position(.events) == 11)
                #expect(try await store.walk(.test { $0.limit = 3 }) == (1...11).reversed())
                try await store.write([.ended(12, owner: "queue")], batches: [], .buffered)
                #expect(store.feed.position(.events) == 12)
                #expect(try await store.results(of: "queue", after: 11, limit: 5).ends.map(\.position) == [12])
                #expect(try await store.deliveryCounts() == [webhook: DeliveryCounts(waiting: 1, dead: 0)])
            }
        }
    }

    @Test func placesAreNotGivenTwiceAfterRetention() async throws {
        try await withFolder { folder in
            let path = "\(folder)/scheduler.sqlite"
            try await living(path) { store in
                try await store.write((1...10).map { .ended($0, owner: "queue") }, batches: [], .buffered)
                _ = try await store.index(threshold: 1)
                while try await store.retain(RetentionBounds(before: 2100, keep: 0, step: 3)) > 0 {}
                while try await store.retainEvents(EventBounds(keep: 0, before: .max, step: 3)) > 0 {}
            }
            try await living(path) { store in
                #expect(store.feed.position(.events) == 10)
                #expect(try await store.walk(HistoryQuery()).isEmpty)
                try await store.write([.ended(11)], batches: [], .buffered)
                #expect(try await store.events(after: 10, limit: 10).events.map(\.id) == [11])
            }
        }
    }

    /// However many records there are, a step of retention looks at those that go, and at those of open batches.
    @Test func retentionGoesByAnIndex() async throws {
        try await withFolder { folder in
            let store = try SQLiteSchedulerStore(path: "\(folder)/scheduler.sqlite")
            let plan = try await store.file.read { db in
                try Row.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN " + SchedulerRetention.oldest, arguments: [1, "[]", 10]
                ).map { $0["detail"] as String }
            }
            #expect(plan.first == "SEARCH execution USING COVERING INDEX execution_ended (ended_at>? AND ended_at<?)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") })
            try store.close()
        }
    }

    @Test func aFileOverItsSizeLosesItsOldestRecordsAndShrinks() async throws {
        try await withFolder { folder in
            let store = try SQLiteSchedulerStore(path: "\(folder)/scheduler.sqlite")
            for start in stride(from: Int64(1), to: 2_000, by: 100) {
                try await store.write(
                    (start..<start + 100).map { id in
                        var record = Execution.ended(id, labels: ["n": String(id)])
                        record.outcome.stdout.head = String(repeating: "x", count: 3_000)
                        return record
                    }, batches: [], .buffered)
            }
            _ = try await store.index(threshold: 1)
            let full = try await store.file.usedBytes()
            let bounds = RetentionBounds(before: 1, keep: 100_000, bytes: full / 2, step: 100)
            while try await store.retain(bounds) > 0 {}
            #expect(try await store.file.usedBytes() <= full / 2)
            let left = try await store.walk(.test { $0.limit = 1_000 })
            #expect(left.first == 2_000)
            #expect(left.count < 1_200 && left.count > 500)
            #expect(left == (2_001 - Int64(left.count)...2_000).reversed())
            #expect(try await store.walk(.test { $0.labels = ["n": "1"] }).isEmpty)
            let pages = try await store.file.read { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0,
                    try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM task_label") ?? 0
                )
            }
            #expect(pages.0 * 10 < pages.1)
            #expect(pages.2 == left.count)
            try store.close()
        }
    }
}
