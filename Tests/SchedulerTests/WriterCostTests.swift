import ElvesCore
import Foundation
import StorageSQLite
import Testing

@testable import Scheduler

/// Figures for docs/benchmarks.md, not claims: run with ELVES_MEASURE=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ELVES_MEASURE"] != nil))
struct WriterCostTests {
    /// Records a second of the writer with and without events, 150 a transaction as at 3,000 calls a second.
    @Test func eventsBesideRecordsAlone() async throws {
        try await withFolder { folder in
            let bare = try SQLiteSchedulerStore(path: "\(folder)/bare.sqlite")
            let whole = try SQLiteSchedulerStore(path: "\(folder)/whole.sqlite")
            var times: [Duration] = [.zero, .zero, .zero]
            var next: Int64 = 1
            for round in 0..<400 {
                let records = (0..<150).map { _ in
                    next += 1
                    return Self.record(next)
                }
                // By turns, so that what else the machine does hits both.
                for which in round % 2 == 0 ? [0, 1] : [1, 0] {
                    times[which] += try await ContinuousClock().measure {
                        if which == 1 { return try await whole.write(records, batches: [], .buffered) }
                        _ = try await bare.file.write(.buffered) { db in try ExecutionRow.write(records, to: db) }
                    }
                }
                times[2] += try await ContinuousClock().measure { _ = try await whole.index(threshold: 32_768) }
            }
            let rows = 400.0 * 150
            for (name, time) in zip(["records alone", "with events", "filling the indexes of lists"], times) {
                print("\(name): \(time / .microseconds(1) / rows) µs a record, \(Int(rows / (time / .seconds(1)))) /s")
            }
        }
    }

    private static func record(_ id: Int64) -> Execution {
        var record = Execution.ended(id, agent: id * 7_919 % 10_000 + 1)
        record.outcome.stdout.head = String(repeating: "x", count: 200)
        record.hops = ["created", "dispatched", "spawned", "ended"].map { TaskHop(event: $0, atMicros: 5) }
        return record
    }
}
