internal import ArgumentParser
internal import ElvesContracts
internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

struct StormCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm", abstract: "A whole fleet loses its center at once, by kill -9, and comes back.")

    @Option(help: "Emulated agents.")
    var agents = 10_000

    @Option(help: "Durable tasks that are promised just before.")
    var tasks = 2_000

    @Option(help: "Folder of the apps that the center gets.")
    var apps = "apps"

    func run() async throws {
        for figure in try await StormBench(agents: agents, tasks: tasks, apps: apps).run() { print(figure.text) }
    }
}

/// Kills scheduler and heartbeat under a fleet, and measures the way back: how long, how much memory, and whether
/// what was promised is kept.
struct StormBench {
    let agents: Int
    let tasks: Int
    let apps: String

    func run() async throws -> [Figure] {
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        let fleet = try await bench.startFleet(agents)
        defer { for shard in fleet { shard.stop() } }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let connection = try client(bench, group)
        let scheduler = SchedulerServiceClient(connection)
        return try await withThrowingTaskGroup(of: Void.self) { work in
            work.addTask { await connection.run() }
            defer { work.cancelAll() }
            let before = bench.memory(of: "scheduler").rss
            let promised = try await promise(scheduler)
            for role in ["scheduler", "heartbeat"] { bench.kill(role) }
            let start = ContinuousClock.now
            let (seconds, peak) = try await untilAllAreBack(bench, scheduler)
            let (kept, ended) = try await settle(promised, scheduler)
            let until = (ContinuousClock.now - start) / .seconds(1)
            return [
                Figure("storm, \(agents) agents back", seconds, "s"),
                Figure(
                    "storm, scheduler's peak memory", Double(peak) / 1024, "MiB", beside: Double(before) / 1024,
                    of: "MiB before"),
                Figure(
                    "storm, promised tasks kept", Double(kept), "tasks", beside: Double(promised.count), of: "promised",
                    target: 1),
                Figure(
                    "storm, promised tasks ended well", Double(ended), "tasks", beside: Double(promised.count),
                    of: "promised"),
                Figure("storm, the last of them ended after", until, "s"),
            ]
        }
    }

    private func client(_ bench: BenchCenter, _ group: MultiThreadedEventLoopGroup) throws -> ThriftClient {
        let place = bench.fleetFolder + "/client"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let files = try bench.folder.authority.issue(
            role: "openapi", instance: "openapi-storm", ip: nil, validFor: .seconds(86_400),
            now: Int64(Date.now.timeIntervalSince1970 * 1000)
        ).write(to: place)
        let (host, port) = try FaultCenter.hostAndPort(bench.folder.scheduler)
        return ThriftClient(
            ThriftDialer(
                .tcp(host: host, port: port), security: try TLSIdentity(files).client(), expecting: "scheduler",
                group: group))
    }

    /// Durable tasks all over the fleet: accepted, and mostly not run yet when the blow comes.
    private func promise(_ scheduler: SchedulerServiceClient) async throws -> [Int64] {
        try await withThrowingTaskGroup(of: Int64.self) { calls in
            var promised: [Int64] = []
            for number in 0..<tasks {
                let ip = FleetSeat.address(number * 7919 % agents)
                let request = ExecuteRequest(
                    app: "hello", func: "greet", param: #"{"name":"Ada"}"#, ip: ip, startByMs: 300_000, durable: true)
                if number >= 64, let id = try await calls.next() { promised.append(id) }
                calls.addTask {
                    try await scheduler.execute(
                        request: request, waitMs: 0, options: CallOptions(timeout: .seconds(30), caller: "storm")
                    ).id
                }
            }
            for try await id in calls { promised.append(id) }
            return promised
        }
    }

    private func untilAllAreBack(
        _ bench: BenchCenter, _ scheduler: SchedulerServiceClient
    ) async throws -> (seconds: Double, peakKiB: Int) {
        let start = ContinuousClock.now
        var peak = 0
        while ContinuousClock.now - start < .seconds(300) {
            peak = max(peak, bench.memory(of: "scheduler").rss)
            let count = try? await scheduler.connectedAgents(options: CallOptions(timeout: .seconds(10))).count
            if count == agents { return ((ContinuousClock.now - start) / .seconds(1), peak) }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw BenchFailure("not all of \(agents) agents were back within 300 s")
    }

    /// How many of the promised tasks have a record with an end, and how many succeeded.
    private func settle(
        _ promised: [Int64], _ scheduler: SchedulerServiceClient
    ) async throws -> (kept: Int, ended: Int) {
        var kept = 0
        var ended = 0
        for id in promised {
            let record = try? await scheduler.task(
                id: id, waitMs: 60_000, options: CallOptions(timeout: .seconds(90)))
            if let record, record.state.rawValue >= 10 { kept += 1 }
            if record?.state == .succeeded { ended += 1 }
        }
        return (kept, ended)
    }
}
