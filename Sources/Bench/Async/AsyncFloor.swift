internal import ElvesCore
internal import Foundation
internal import Scheduler
internal import Synchronization

/// The floor of `async`: the scheduler's own store, written to by as many writers, and nothing else.
struct AsyncFloor {
    let callers: Int
    let duration: Duration

    /// Tasks a second.
    struct Outcome {
        /// Each recorded as created, synced by group commit.
        let created: Double
        /// Each recorded as created, and its end written behind, 1,000 a commit, synced too.
        let both: Double
    }

    func run() async throws -> Outcome {
        Outcome(created: try await measure(withEnds: false), both: try await measure(withEnds: true))
    }

    private func measure(withEnds: Bool) async throws -> Double {
        let folder = NSTemporaryDirectory() + "elves-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteSchedulerStore(path: folder + "/scheduler.sqlite")
        let recorder = Recorder()
        let ends = Ends()
        let isDone = Flag()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            if withEnds {
                group.addTask {
                    while true {
                        let stops = isDone.isSet
                        let some = ends.take()
                        for start in stride(from: 0, to: some.count, by: 1_000) {
                            try await store.write(
                                Array(some[start..<min(start + 1_000, some.count)]), batches: [], .synced)
                        }
                        if stops { return }
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
            }
            let start = ContinuousClock.now
            _ = await ClosedLoop.run(callers: callers, for: duration, recorder: recorder) { _, _ in
                guard let id = ElvesID(rawValue: ends.next()) else { return }
                var record = Self.record(id)
                _ = try await store.create(record, claim: nil)
                guard withEnds else { return }
                Self.end(&record)
                ends.add(record)
            }
            isDone.set()
            try await group.waitForAll()
            if !recorder.failures.isEmpty { print("  failures: \(recorder.failures)") }
            try store.close()
            return Double(recorder.count) / ((ContinuousClock.now - start) / .seconds(1))
        }
    }

    /// The row of a task as the measured scheduler writes it.
    private static func record(_ id: ElvesID) -> Execution {
        var record = Execution(
            id: id,
            call: FunctionCall(app: "hello", function: "greet", param: #"{"name":"Ada"}"#, timeoutMs: 10_000),
            target: TaskTarget(id: nil, ip: "127.64.0.1"), createdAt: 1_800_000_000_000)
        record.isDurable = true
        record.hops = [TaskHop(event: "created", atMicros: 0)]
        return record
    }

    private static func end(_ record: inout Execution) {
        record.state = .succeeded
        record.target.id = record.id
        record.dispatchedAt = record.createdAt + 1
        record.endedAt = record.createdAt + 2
        record.boot = "bench"
        record.outcome.flag = 1
        record.outcome.result = #"{"text":"hello"}"#
        record.outcome.version = "1.0.0"
        record.hops += [TaskHop(event: "dispatched", atMicros: 300), TaskHop(event: "ended", atMicros: 900)]
    }
}

/// Records whose ends wait to be written, and the ids that were given.
private final class Ends: Sendable {
    private let waiting = Mutex<[Execution]>([])
    private let last = Atomic<Int64>(1 << 40)

    func next() -> Int64 { last.add(1, ordering: .relaxed).newValue }
    func add(_ record: Execution) { waiting.withLock { $0.append(record) } }

    func take() -> [Execution] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
