import ElvesCore
import Testing

@testable import Scheduler

/// How every store lists ended tasks.
@Suite struct HistoryConformanceTests {
    @Test(arguments: StoreKind.allCases) func listsNewestFirstInPages(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write((1...25).map { .ended($0) } + [.ended(30, .dispatched)], batches: [], .buffered)
            try await kind.settle(store)
            var query = HistoryQuery.test { $0.limit = 10 }
            let first = try await store.history(query)
            #expect(first.executions.map(\.id.rawValue) == (16...25).reversed())
            #expect(first.nextBefore == 16)
            query.before = 6
            #expect(
                try await store.history(query)
                    == HistoryPage(executions: (1...5).reversed().map { .ended($0) }, nextBefore: nil))
            #expect(try await store.walk(.test { $0.limit = 7 }) == (1...25).reversed())
            #expect(
                try await store.walk(
                    .test {
                        $0.from = 5; $0.before = 9
                    }) == [8, 7, 6, 5])
            #expect(try await store.walk(.test { $0.limit = 25 }) == (1...25).reversed())
        }
    }

    @Test(arguments: StoreKind.allCases) func everyFilterNarrows(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write(
                [
                    .ended(1, app: "a", function: "f"), .ended(2, .failed, app: "a", function: "g"),
                    .ended(3, .killed, agent: 8), .ended(4, .unknown, caller: "key-2"),
                    .ended(5, labels: ["ticket": "OPS-12", "env": "prod"]),
                    .ended(6, .failed, labels: ["ticket": "OPS-12"]), .ended(7, labels: ["ticket": "OPS-1"]),
                ], batches: [], .buffered)
            try await kind.settle(store)
            func ids(_ change: (inout HistoryQuery) -> Void) async throws -> [Int64] {
                try await store.walk(.test(change))
            }
            #expect(try await ids { $0.app = "a" } == [2, 1])
            #expect(try await ids { $0.function = "g" } == [2])
            #expect(
                try await ids {
                    $0.app = "a"; $0.function = "f"
                } == [1])
            #expect(try await ids { $0.agent = .test(8) } == [3])
            #expect(try await ids { $0.ip = "10.0.0.8" } == [3])
            #expect(try await ids { $0.ip = "10.0.0.9" } == [])
            #expect(
                try await ids {
                    $0.agent = .test(8); $0.ip = "10.0.0.7"
                } == [])
            #expect(try await ids { $0.caller = "key-2" } == [4])
            #expect(try await ids { $0.states = [.failed, .killed] } == [6, 3, 2])
            #expect(try await ids { $0.states = [.succeeded] } == [7, 5, 1])
            #expect(
                try await ids {
                    $0.states = [.succeeded, .unknown]; $0.agent = .test(7)
                } == [7, 5, 4, 1])
            #expect(try await ids { $0.labels = ["ticket": "OPS-12"] } == [6, 5])
            #expect(try await ids { $0.labels = ["ticket": "OPS-12", "env": "prod"] } == [5])
            #expect(
                try await ids {
                    $0.labels = ["ticket": "OPS-12"]; $0.states = [.failed]
                } == [6])
            #expect(try await ids { $0.labels = ["ticket": "OPS-2"] } == [])
            #expect(
                try await ids {
                    $0.app = "a"; $0.caller = "key-2"
                } == [])
        }
    }

    @Test(arguments: StoreKind.allCases) func aBatchesTasksAreThoseOfItsPlan(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let batch = Batch(
                id: .test(9), call: FunctionCall(app: "hello", function: "greet"), total: 3, concurrency: 3,
                generation: 1, caller: "c", trace: "", createdAt: 1)
            let plan = (10...12).map { PlannedTask(id: .test($0), target: TaskTarget(id: .test(7))) }
            _ = try await store.create(batch, tasks: plan, claim: nil)
            try await store.write(
                [.ended(8), .ended(11, batch: 9), .ended(12, .failed, batch: 9), .ended(13), .ended(14, batch: 5)],
                batches: [], .buffered)
            try await kind.settle(store)
            #expect(try await store.walk(.test { $0.batch = .test(9) }) == [12, 11])
            #expect(
                try await store.walk(
                    .test {
                        $0.batch = .test(9); $0.states = [.failed]
                    }) == [12])
            #expect(try await store.walk(.test { $0.batch = .test(77) }) == [])
        }
    }

    @Test(arguments: StoreKind.allCases) func aLateWordIsListedAsWhatItSays(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.write([.ended(1, .unknown), .ended(2, .unknown)], batches: [], .buffered)
            try await kind.settle(store)
            try await store.write([.ended(1, .failed)], batches: [], .buffered)
            #expect(try await store.walk(.test { $0.states = [.unknown] }) == [2])
            #expect(try await store.walk(.test { $0.states = [.failed] }) == [1])
            try await kind.settle(store)
            #expect(try await store.walk(.test { $0.states = [.unknown] }) == [2])
            #expect(try await store.walk(.test { $0.states = [.failed] }) == [1])
            #expect(try await store.walk(HistoryQuery()) == [2, 1])
        }
    }

    @Test(arguments: StoreKind.allCases) func listsAreBriefAndRecordsWhole(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var record = Execution.ended(1, .failed)
            record.outcome.stdout = KeptOutput(head: String(repeating: "é", count: 1_000), tail: "end", dropped: 5)
            record.outcome.result = "[" + String(repeating: "1,", count: 600) + "1]"
            record.outcome.message = String(repeating: "m", count: 1_025)
            record.outcome.worker = #"{"umask":"0022"}"#
            try await store.write([record], batches: [], .buffered)
            try await kind.settle(store)
            let listed = try #require(try await store.history(HistoryQuery()).executions.first)
            #expect(listed == record.brief)
            #expect(listed.outcome.stdout.head == String(repeating: "é", count: 512))
            #expect(listed.outcome.stdout.dropped == 5 + 976 + 3)
            #expect(listed.outcome.result == nil)
            #expect(listed.outcome.message.utf8.count == 1_024)
            #expect(try await store.execution(.test(1)) == record)
            #expect(try await store.executions([.test(1)]) == [record])
        }
    }

    /// Whatever is asked of whatever is there, pages hold what a look at every record finds.
    @Test(arguments: [1, 2, 3, 4]) func pagesHoldWhatALookAtEveryRecordFinds(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        var records: [Execution] = []
        for id in 1...400 {
            var labels: [String: String] = [:]
            if Int.random(in: 0..<3, using: &random) == 0 {
                labels["a"] = String(Int.random(in: 0..<3, using: &random))
            }
            if Int.random(in: 0..<5, using: &random) == 0 { labels["b"] = "x" }
            let state: TaskState = [.succeeded, .succeeded, .failed, .unknown].randomElement(using: &random) ?? .failed
            records.append(
                .ended(
                    Int64(id), state, app: "app-\(Int.random(in: 0..<3, using: &random))",
                    function: "f-\(Int.random(in: 0..<2, using: &random))", agent: .random(in: 1...5, using: &random),
                    caller: "key-\(Int.random(in: 0..<2, using: &random))", labels: labels))
        }
        let reference = InMemorySchedulerStore()
        try await reference.write(records, batches: [], .buffered)
        try await StoreKind.sqlite.with { store async throws in
            // In another order than that of ids, and part of it in the indexes.
            try await store.write(Array(records.shuffled(using: &random).prefix(250)), batches: [], .buffered)
            _ = try await store.index(threshold: 1)
            try await store.write(records, batches: [], .buffered)
            for _ in 0..<150 {
                let query = HistoryQuery.test { query in
                    func sometimes(_ body: () -> Void) { if Bool.random(using: &random) { body() } }
                    sometimes { query.app = "app-\(Int.random(in: 0..<4, using: &random))" }
                    sometimes { query.function = "f-0" }
                    sometimes { query.agent = .test(.random(in: 1...6, using: &random)) }
                    sometimes { query.ip = "10.0.0.\(Int.random(in: 1...5, using: &random))" }
                    sometimes { query.caller = "key-1" }
                    sometimes { query.states = [.failed, .unknown] }
                    sometimes { query.labels["a"] = "1" }
                    sometimes { query.labels["b"] = "x" }
                    sometimes { query.before = .random(in: 1...450, using: &random) }
                    sometimes { query.from = .random(in: 1...200, using: &random) }
                    query.limit = .random(in: 1...50, using: &random)
                }
                #expect(try await store.walk(query) == reference.walk(query), "seed \(seed): \(query)")
            }
        }
    }
}
