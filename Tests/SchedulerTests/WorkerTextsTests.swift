import ElvesCore
import GRDB
import StorageSQLite
import Testing

@testable import Scheduler

/// How workers were started: one row for all records that say the same.
@Suite struct WorkerTextsTests {
    private static let hour: Int64 = 3_600_000

    /// The record of a worker that was started like this.
    private func ended(_ id: Int64, _ text: String, at endedAt: Int64 = 5_000) -> Execution {
        var record = Execution.ended(id)
        record.outcome.worker = text
        record.endedAt = endedAt
        return record
    }

    private func text(_ letter: Character, _ count: Int = 100) -> String { String(repeating: letter, count: count) }

    private func with(
        _ limits: WorkerTexts.Limits = WorkerTexts.Limits(), maxBytes: Int64? = nil,
        _ body: (SQLiteSchedulerStore) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let store = try SQLiteSchedulerStore(
                path: "\(folder)/scheduler.sqlite", options: SQLiteStore.Options(maxBytes: maxBytes), texts: limits)
            try await body(store)
            try store.close()
        }
    }

    private func shared(_ store: SQLiteSchedulerStore) async throws -> [String] {
        try await store.file.read { db in try String.fetchAll(db, sql: "SELECT text FROM worker_text ORDER BY text") }
    }

    private func inRecords(_ store: SQLiteSchedulerStore) async throws -> [String] {
        try await store.file.read { db in
            try String.fetchAll(db, sql: "SELECT worker FROM execution WHERE worker IS NOT NULL ORDER BY id")
        }
    }

    @Test func whatIsTheSameIsKeptOnce() async throws {
        try await with { store in
            let records = [ended(1, text("a")), ended(2, text("b")), ended(3, text("a")), ended(4, "{}")]
            try await store.write(Array(records[..<2]), batches: [], .buffered)
            try await store.write(Array(records[2...]), batches: [], .buffered)
            #expect(try await shared(store) == [text("a"), text("b")])
            // A short one gains nothing by it.
            #expect(try await inRecords(store) == ["{}"])
            #expect(try await store.executions((1...4).map { .test($0) }) == records)
        }
    }

    @Test func aRecordThatIsCorrectedKeepsItsText() async throws {
        try await with { store in
            var record = ended(1, text("a"))
            record.state = .unknown
            try await store.write([record], batches: [], .buffered)
            record.state = .succeeded
            record.outcome.worker = text("b")
            try await store.write([record], batches: [], .buffered)
            #expect(try await store.execution(.test(1)) == record)
        }
    }

    @Test func whatIsTooLongOrTooManyStaysInItsRecord() async throws {
        var limits = WorkerTexts.Limits()
        limits.rows = 2
        try await with(limits) { store in
            let texts = [text("a"), text("b", 9_000), text("c"), text("d"), text("c")]
            let records = texts.enumerated().map { ended(Int64($0.offset) + 1, $0.element) }
            try await store.write(records, batches: [], .buffered)
            #expect(try await shared(store) == [text("a"), text("c")])
            #expect(try await inRecords(store) == [text("b", 9_000), text("d")])
            #expect(try await store.executions((1...5).map { .test($0) }) == records)
        }
    }

    @Test func whatNoRecordNamesIsDeleted() async throws {
        try await with { store in
            let now = 100 * Self.hour
            try await store.write([ended(1, text("a"), at: now)], batches: [], .buffered)
            try await store.write([ended(2, text("b"), at: now)], batches: [], .buffered)
            // Its use is noted again, because the last note of it is old.
            let later = ended(3, text("a"), at: now + 10 * Self.hour)
            try await store.write([later], batches: [], .buffered)
            let bounds = RetentionBounds(before: now + Self.hour, keep: 100, step: 10)
            #expect(try await store.retain(bounds) == 2)
            #expect(try await shared(store) == [text("a")])
            #expect(try await store.execution(.test(3)) == later)
            // What is known of the file has been forgotten with the row.
            let again = ended(4, text("b"), at: now + 10 * Self.hour)
            try await store.write([again], batches: [], .buffered)
            #expect(try await store.execution(.test(4)) == again)
        }
    }

    @Test func whatWasNotCommittedIsNotKnown() async throws {
        try await with(maxBytes: 400_000) { store in
            var large = ended(1, text("a"))
            large.outcome.result = text("x", 900_000)
            await #expect(throws: (any Error).self) { try await store.write([large], batches: [], .buffered) }
            let small = ended(2, text("a"))
            try await store.write([ended(3, text("b")), small], batches: [], .buffered)
            #expect(try await store.execution(.test(2)) == small)
        }
    }
}
