import ElvesCore
import Foundation
import Testing

@testable import Scheduler

/// What every store of the scheduler must do; runs against each of them.
@Suite struct SchedulerStoreConformanceTests {
    enum Kind: CaseIterable { case inMemory, sqlite }

    private func with(_ kind: Kind, _ body: (any SchedulerStore) async throws -> Void) async throws {
        switch kind {
        case .inMemory: try await body(InMemorySchedulerStore())
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await body(try SQLiteSchedulerStore(path: folder.appending(path: "scheduler.sqlite").path))
        }
    }

    private func record(_ id: Int64, batch: Int64? = nil, place: Int64 = 0, ended: Bool = true) -> Execution {
        var record = Execution(
            id: .test(id), batchID: batch.map { .test($0) },
            call: FunctionCall(
                app: "hello", function: "grüße", param: #"{"a":[1,"\u0000ö"]}"#, timeoutMs: 5_000, proxy: "sh|x.sh",
                labels: ["ticket": "OPS-12", "empty": ""], files: [file("nginx.conf")]),
            target: TaskTarget(id: .test(id + 1_000), ip: "10.0.0.1", name: "web-1"), caller: "key-1",
            trace: "00-4bf9-01", createdAt: 1_000 + id)
        record.batchPlace = place
        record.state = ended ? .failed : .dispatched
        record.dispatchedAt = 2_000
        record.endedAt = ended ? 3_000 + id : 0
        record.attempt = 2
        record.outcome = TaskOutcome(code: "agent.worker.exit", message: "exit\0status 3\n")
        record.outcome.result = "null\0"
        record.outcome.costMs = 12
        record.outcome.exitCode = 3
        record.outcome.stdout = KeptOutput(head: "a\0b", tail: "\0z", dropped: 1 << 40)
        record.outcome.stderr = KeptOutput(head: "é\0", tail: "\0")
        record.outcome.version = "1.0.0"
        record.owner = "queue"
        record.isDurable = true
        record.retryOf = .test(3)
        record.retryRule = RetryRule(attempts: 4, firstDelayMs: 5, longestDelayMs: 6)
        record.startedAt = 2_500
        record.startBy = 9_000
        record.nextAttemptAt = 9_500
        record.boot = "4c1d"
        record.outcome.worker = #"{"umask":"0022"}"#
        record.outcome.returned = [file("a\t\"b"), file("c")]
        record.outcome.stdoutBytes = 1 << 41
        record.outcome.stderrBytes = 2
        record.outcome.survivors = 1
        record.hops = [
            TaskHop(event: "created", atMicros: 0), TaskHop(place: "agent", event: "x", atMicros: 9, rule: "r"),
            TaskHop(place: "web \"1\"", event: "a\\b\n", atMicros: -1, rule: "Grüße\u{1}"),
        ]
        return record
    }

    private func file(_ name: String) -> TaskFile {
        TaskFile(name: name, digest: Array(0..<32), size: 1 << 40, mode: 0o755)
    }

    private func batch(_ id: Int64, total: Int = 3, ended: Bool = false) -> Batch {
        var batch = Batch(
            id: .test(id), call: FunctionCall(app: "hello", function: "greet", labels: ["a": "b"], files: [file("f")]),
            total: total,
            concurrency: 2, generation: 9, caller: "key-1", trace: "t", createdAt: 1_000)
        batch.maxFailures = 3
        batch.startBy = 8_000
        batch.retryRule = RetryRule(attempts: 2)
        batch.owner = "cron"
        if ended {
            batch.endedAt = 5_000
            batch.states = [.succeeded: total - 1, .timedOut: 1]
            batch.maxFailurePercent = 0
            batch.stopReason = "too many failures"
        }
        return batch
    }

    private func plan(_ ids: ClosedRange<Int64>) -> [PlannedTask] {
        ids.map { PlannedTask(id: .test($0), target: TaskTarget(id: .test($0 + 1_000), ip: "10.0.0.1", name: "ä\t\n")) }
    }

    @Test(arguments: Kind.allCases) func keepsEveryFieldOfARecord(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            var bare = Execution(
                id: .test(8), call: FunctionCall(app: "a", function: "f"), target: TaskTarget(id: nil, ip: "1.2.3.4"),
                createdAt: 5)
            bare.outcome.signal = 9
            try await store.write([record(7), bare], batches: [], .buffered)
            #expect(try await store.execution(.test(7)) == record(7))
            #expect(try await store.execution(.test(8)) == bare)
            #expect(try await store.execution(.test(9)) == nil)
            let found = try await store.executions([.test(9), .test(8), .test(7)])
            #expect(Set(found.map(\.id)) == [.test(7), .test(8)])
        }
    }

    @Test(arguments: Kind.allCases) func aLaterRecordReplacesAnEarlierOne(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            try await store.write([record(7, ended: false)], batches: [], .buffered)
            #expect(try await store.unfinished(limit: 10).map(\.id) == [.test(7)])
            try await store.write([record(7)], batches: [], .buffered)
            #expect(try await store.execution(.test(7)) == record(7))
            #expect(try await store.unfinished(limit: 10).isEmpty)
        }
    }

    @Test(arguments: Kind.allCases) func nothingFollowsAnEndButTheDefiniteOneAfterUnknown(
        _ kind: Kind
    ) async throws {
        try await with(kind) { store async throws in
            var unknown = record(7)
            unknown.state = .unknown
            try await store.write([record(8)], batches: [], .synced)
            try await store.write([record(8, ended: false), unknown], batches: [], .buffered)
            #expect(try await store.execution(.test(8)) == record(8))
            try await store.write([record(7, ended: false)], batches: [], .buffered)
            #expect(try await store.execution(.test(7)) == unknown)
            try await store.write([record(7)], batches: [], .buffered)
            #expect(try await store.execution(.test(7)) == record(7))
            var other = record(7)
            other.state = .succeeded
            try await store.write([unknown, other], batches: [], .buffered)
            #expect(try await store.execution(.test(7)) == record(7))
            // Corrected ends count once.
            #expect(try await store.retain(RetentionBounds(before: 1, keep: 2, step: 10)) == 0)
        }
    }

    @Test(arguments: Kind.allCases) func aTaskNeedsNoKeyToBeRecorded(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            #expect(try await store.create(record(7, ended: false), claim: nil) == .new)
            #expect(try await store.execution(.test(7)) == record(7, ended: false))
        }
    }

    @Test(arguments: Kind.allCases) func aKeyIsGivenOnce(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            let claim = IdempotencyClaim(caller: "key-1", key: "k", fingerprint: [1, 2, 3])
            #expect(try await store.create(record(7, ended: false), claim: claim) == .new)
            let other = IdempotencyClaim(caller: "key-1", key: "k", fingerprint: [9])
            let taken = ClaimResult.taken(by: .test(7), fingerprint: [1, 2, 3])
            #expect(try await store.create(record(8, ended: false), claim: other) == taken)
            #expect(try await store.execution(.test(8)) == nil)
            #expect(try await store.create(batch(9), tasks: plan(10...12), claim: other) == taken)
            #expect(try await store.batch(.test(9)) == nil)
            let another = IdempotencyClaim(caller: "key-2", key: "k", fingerprint: [9])
            #expect(try await store.create(record(8, ended: false), claim: another) == .new)
        }
    }

    @Test(arguments: Kind.allCases) func keepsABatchAndItsPlan(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            #expect(try await store.create(batch(9), tasks: plan(10...12), claim: nil) == .new)
            #expect(try await store.batch(.test(9)) == batch(9))
            #expect(try await store.unfinishedBatches(limit: 5) == [batch(9)])
            #expect(try await store.unrecorded(of: .test(9), limit: 10) == plan(10...12))
            try await store.write([record(11, batch: 9, place: 1)], batches: [], .buffered)
            #expect(try await store.unrecorded(of: .test(9), limit: 10).map(\.id) == [.test(10), .test(12)])
            #expect(try await store.unrecorded(of: .test(9), limit: 1).map(\.id) == [.test(10)])
            #expect(
                try await store.progress(of: .test(9)) == BatchProgress(states: [.failed: 1], lastPlace: 1))
            try await store.write([], batches: [batch(9, ended: true)], .buffered)
            #expect(try await store.batch(.test(9)) == batch(9, ended: true))
            #expect(try await store.unfinishedBatches(limit: 5).isEmpty)
            #expect(try await store.lastID() == .test(12))
        }
    }

    @Test(arguments: Kind.allCases) func pagesEndsByPlace(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            let ends = [3, 1, 5, 2, 4].map { record(10 + $0, batch: 9, place: $0) }
            try await store.write(
                ends + [record(30, batch: 8, place: 1), record(31), record(20, batch: 9, ended: false)], batches: [],
                .buffered)
            let first = try await store.batchEnds(.test(9), after: 0, limit: 3)
            #expect(first.map(\.batchPlace) == [1, 2, 3])
            #expect(try await store.batchEnds(.test(9), after: 3, limit: 3).map(\.batchPlace) == [4, 5])
            #expect(try await store.batchEnds(.test(9), after: 5, limit: 3).isEmpty)
        }
    }

    @Test(arguments: Kind.allCases) func deletesWhatIsOldInSteps(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            try await store.write((1...10).map { record($0) } + [record(11, ended: false)], batches: [], .buffered)
            let bounds = RetentionBounds(before: 3008, keep: 100, step: 3)
            #expect(try await store.retain(bounds) == 3)
            #expect(try await store.retain(bounds) == 3)
            #expect(try await store.retain(bounds) == 1)
            #expect(try await store.retain(bounds) == 0)
            #expect(try await store.execution(.test(7)) == nil)
            for id: Int64 in 8...11 { #expect(try await store.execution(.test(id)) != nil) }
        }
    }

    @Test(arguments: Kind.allCases) func deletesWhatIsTooMuchOldestFirst(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            try await store.write((1...10).map { record($0) }, batches: [], .buffered)
            let bounds = RetentionBounds(before: 1, keep: 4, step: 5)
            #expect(try await store.retain(bounds) == 5)
            try await store.write([record(11), record(12, ended: false)], batches: [], .buffered)
            #expect(try await store.retain(bounds) == 2)
            #expect(try await store.retain(bounds) == 0)
            for id: Int64 in 1...7 { #expect(try await store.execution(.test(id)) == nil) }
            for id: Int64 in 8...12 { #expect(try await store.execution(.test(id)) != nil) }
        }
    }

    @Test(arguments: Kind.allCases) func batchesAndKeysGoWithTheirLastTask(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            let claim = IdempotencyClaim(caller: "c", key: "k", fingerprint: [1])
            _ = try await store.create(batch(9), tasks: plan(10...11), claim: claim)
            try await store.write(
                [record(10, batch: 9, place: 1), record(11, batch: 9, place: 2)], batches: [batch(9, ended: true)],
                .buffered)
            _ = try await store.create(batch(20), tasks: plan(21...22), claim: nil)
            #expect(try await store.retain(RetentionBounds(before: 3011, keep: 100, step: 10)) == 1)
            #expect(try await store.batch(.test(9)) != nil)
            _ = try await store.retain(RetentionBounds(before: 3015, keep: 100, step: 10))
            #expect(try await store.batch(.test(9)) == nil)
            #expect(try await store.batch(.test(20)) != nil)
            #expect(try await store.create(record(30, ended: false), claim: claim) == .new)
        }
    }

    @Test(arguments: Kind.allCases) func aRecordsAgeIsThatOfItsEnd(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            var late = record(1)
            late.endedAt = 9_000
            try await store.write([late, record(2), record(3)], batches: [], .buffered)
            #expect(try await store.retain(RetentionBounds(before: 8_000, keep: 100, step: 10)) == 2)
            #expect(try await store.execution(.test(1)) == late)
            // By number, too, what ended first goes first.
            try await store.write([record(4)], batches: [], .buffered)
            #expect(try await store.retain(RetentionBounds(before: 1, keep: 1, step: 10)) == 1)
            #expect(try await store.execution(.test(1)) == late)
        }
    }

    /// What has no record is taken for what never began, and sent.
    @Test(arguments: Kind.allCases) func tasksOfABatchThatGoesOnStay(_ kind: Kind) async throws {
        try await with(kind) { store async throws in
            _ = try await store.create(batch(9), tasks: plan(10...12), claim: nil)
            try await store.write(
                [record(10, batch: 9, place: 1), record(11, batch: 9, place: 2), record(30)], batches: [], .buffered)
            let nothing = RetentionBounds(before: .max, keep: 0, bytes: 0, step: 2)
            #expect(try await store.retain(nothing) == 1)
            #expect(try await store.retain(nothing) == 0)
            #expect(try await store.execution(.test(30)) == nil)
            #expect(try await store.unrecorded(of: .test(9), limit: 5).map(\.id) == [.test(12)])
            try await store.write(
                [record(12, batch: 9, place: 3)], batches: [batch(9, ended: true)], .buffered)
            while try await store.retain(nothing) > 0 {}
            #expect(try await store.batch(.test(9)) == nil)
            #expect(try await store.executions([.test(10), .test(11), .test(12)]).isEmpty)
        }
    }
}
