internal import AgentLinks
internal import ElvesCore
internal import Foundation
internal import Logging
internal import Scheduler

/// Batches in a scheduler with its store, over agents that answer at once in the same process: how long large ones take
/// to be accepted, to end and to be stopped, and what they do to the calls of another key.
struct BatchBench {
    let agents: Int
    let duration: Duration

    func run() async throws -> [Figure] {
        print("off: Thrift, TLS, agents and workers; on: the scheduler's service and its SQLite store")
        let folder = FileManager.default.temporaryDirectory.appending(path: "elves-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteSchedulerStore(path: folder.appending(path: "scheduler.sqlite").path)
        guard let generator = IDGenerator(number: 1) else { throw BenchFailure("no generator of ids") }
        let service = SchedulerService(store: store, generator: generator, logger: Logger(label: "bench"))
        try await service.recover()
        let peers = PlayedAgents(quickCaller: "small")
        for number in 1...agents { _ = try await service.connect(try peers.link(number)) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await service.run() }
            group.addTask { await peers.answerUntilCancelled() }
            defer { group.cancelAll() }
            return try await measure(service)
        }
    }

    private func measure(_ service: SchedulerService) async throws -> [Figure] {
        let alone = await smallKey(service)
        var accepted: [Double] = []
        var ended: [Double] = []
        for _ in 0..<5 {
            let start = ContinuousClock.now
            let batch = try await service.createBatch(order(agents))
            accepted.append((ContinuousClock.now - start) / .seconds(1))
            _ = try await service.batch(batch.id, waitMs: 600_000)
            ended.append((ContinuousClock.now - start) / .seconds(1))
        }
        let large = try await largeBatch(service)
        let beside = try await besideGiants(service)
        return [
            Figure("batch of \(agents) accepted, median of 5", accepted.sorted()[2], "s", beside: 1, of: "s wanted"),
            Figure("… and ended", ended.sorted()[2], "s"),
        ] + large + [
            Figure(
                "a small key's call, p50", beside.percentile(50), "ms beside giant batches",
                beside: alone.percentile(50), of: "ms alone"),
            Figure(
                "a small key's call, p99", beside.percentile(99), "ms beside giant batches",
                beside: alone.percentile(99), of: "ms alone"),
        ]
    }

    /// A batch most of whose agents are away: it waits for them, until it is stopped.
    private func largeBatch(_ service: SchedulerService) async throws -> [Figure] {
        let start = ContinuousClock.now
        let batch = try await service.createBatch(order(100_000, startByMs: 3_600_000))
        let accepted = (ContinuousClock.now - start) / .seconds(1)
        while try await service.batch(batch.id, waitMs: 0).states[.succeeded] != agents {
            try await Task.sleep(for: .milliseconds(20))
        }
        let stop = ContinuousClock.now
        _ = try await service.stopBatch(batch.id, kill: false, reason: "bench")
        _ = try await service.batch(batch.id, waitMs: 600_000)
        let ended = (ContinuousClock.now - stop) / .seconds(1)
        return [
            Figure("batch of 100000 accepted", accepted, "s"),
            Figure("… stopped, and all that had not started has ended", ended, "s"),
        ]
    }

    /// The small key's calls while batches of another key follow one another.
    private func besideGiants(_ service: SchedulerService) async throws -> Recorder {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    let batch = try await service.createBatch(order(agents, key: "giant"))
                    _ = try await service.batch(batch.id, waitMs: 600_000)
                }
            }
            defer { group.cancelAll() }
            try await Task.sleep(for: .milliseconds(500))
            return await smallKey(service)
        }
    }

    /// Durable tasks of one key, one after the other: recorded, given their turn, ended.
    private func smallKey(_ service: SchedulerService) async -> Recorder {
        let recorder = Recorder()
        _ = await ClosedLoop.run(callers: 1, for: duration, recorder: recorder) { _, number in
            var order = ExecutionOrder(
                call: FunctionCall(app: "hello", function: "greet"),
                target: TaskTarget(id: ElvesID(rawValue: Int64(number % agents + 1))), caller: "small")
            order.isDurable = true
            let record = try await service.execute(order, waitMs: 60_000)
            guard record.state == .succeeded else { throw BenchFailure("a task is \(record.state)") }
        }
        if !recorder.failures.isEmpty { print("  failures: \(recorder.failures)") }
        return recorder
    }

    private func order(_ targets: Int, startByMs: Int64 = 0, key: String = "key") -> BatchOrder {
        var order = BatchOrder(
            call: FunctionCall(app: "hello", function: "greet", param: #"{"name":"Ada"}"#),
            targets: (1...targets).map { TaskTarget(id: ElvesID(rawValue: Int64($0)), name: "host-\($0)") },
            caller: key)
        order.startByMs = startByMs
        return order
    }
}
