internal import ElvesContracts
internal import ElvesCore
internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

/// Durable tasks through a real scheduler with its records: created in the store, sent to emulated agents over mutual
/// TLS, ended, recorded and acknowledged; beside the group commit of the same rows alone.
struct AsyncBench {
    let agents: Int
    let callers: Int
    let duration: Duration
    let apps: String

    func run() async throws -> [Figure] {
        print("off: REST, and the agents' journals and workers; on: scheduler, its store, mutual TLS both ways")
        let floor = try await AsyncFloor(callers: callers, duration: duration).run()
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        let peers = try ChildProcess.own([
            "async-agents", "--data", bench.folder.path, "--folder", bench.fleetFolder, "--count", String(agents),
        ])
        defer { peers.stop() }
        _ = try await peers.line { $0 == "up" }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let connection = try await dial(bench, group)
        defer { connection.close() }
        _ = try await load(connection, for: .seconds(2))
        let before = bench.processorSeconds()["scheduler"] ?? 0
        let (rate, recorder) = try await load(connection, for: duration)
        let perTask = ((bench.processorSeconds()["scheduler"] ?? 0) - before) / Double(max(1, recorder.count))
        return [
            Figure(
                "async, \(agents) agents, \(callers) callers, to the end", rate, "tasks/s", beside: floor.both,
                of: "group commit of both rows of each"),
            Figure(
                "the same", rate, "tasks/s", beside: floor.created, of: "group commit of the first row of each"),
            Figure("async, p50 to the end", recorder.percentile(50), "ms"),
            Figure("async, p99 to the end", recorder.percentile(99), "ms"),
            Figure("scheduler's processor time", perTask * 1_000_000, "µs/task"),
        ]
    }

    /// A connection that the scheduler takes for openapi's.
    private func dial(_ bench: BenchCenter, _ group: MultiThreadedEventLoopGroup) async throws -> ThriftConnection {
        let folder = bench.fleetFolder + "/openapi"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = try bench.folder.authority.issue(
            role: "openapi", instance: "bench", validFor: .seconds(86_400),
            now: Int64(Date.now.timeIntervalSince1970 * 1_000)
        ).write(to: folder)
        var options = ConnectionOptions()
        options.encoding = .compact
        options.hello.instance = "bench"
        let security = try TLSIdentity(
            certificate: files.certificate, key: files.key, authority: files.authority
        ).client()
        return try await ThriftDialer(
            try CenterFolder.address(bench.folder.scheduler), security: security, expecting: "scheduler",
            options: options, group: group
        ).dial()
    }

    private func load(
        _ connection: ThriftConnection, for duration: Duration
    ) async throws -> (rate: Double, recorder: Recorder) {
        let scheduler = SchedulerServiceClient(connection)
        let recorder = Recorder()
        let agents = agents
        let callers = callers
        let rate = await ClosedLoop.run(
            callers: callers, for: duration, recorder: recorder, on: { _ in connection.executor }
        ) { caller, number in
            let record = try await scheduler.execute(
                request: ExecuteRequest(
                    app: "hello", func: "greet", param: #"{"name":"Ada"}"#,
                    ip: FleetSeat.address((caller + number * callers) % agents), timeoutMs: 10_000,
                    labels: [:], durable: true), waitMs: 10_000, options: CallOptions(timeout: .seconds(20)))
            guard record.state == .succeeded else {
                throw BenchFailure("a task is \(record.state): \(record.code) \(record.message)")
            }
        }
        if !recorder.failures.isEmpty { print("  failures: \(recorder.failures)") }
        return (rate, recorder)
    }
}
