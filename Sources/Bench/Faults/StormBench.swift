internal import ArgumentParser
internal import ElvesContracts
internal import ElvesCore
internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import ServiceCore
internal import Synchronization
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
        let outcome = try await StormBench(agents: agents, tasks: tasks, apps: apps).run()
        for figure in outcome.figures { print(figure.text) }
        guard outcome.lost == 0 else {
            print("BROKEN: \(outcome.lost) promised tasks have no known end")
            throw ExitCode.failure
        }
    }
}

/// Kills scheduler and heartbeat under a fleet, and measures the way back: how long, how much memory, and whether
/// what was promised is kept.
struct StormBench {
    let agents: Int
    let tasks: Int
    let apps: String

    struct Outcome {
        var figures: [Figure]
        /// Promised tasks without a record, without an end, or with one that nobody knows.
        var lost: Int
    }

    func run() async throws -> Outcome {
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
            let before = Self.roles.map { bench.memory(of: $0).rss }
            let promised = try await promise(scheduler)
            for role in Self.roles { bench.kill(role) }
            let start = ContinuousClock.now
            let peaks = MemoryPeaks()
            work.addTask {
                while (try? await Task.sleep(for: .milliseconds(200))) != nil {
                    for role in Self.roles { peaks.add(bench.memory(of: role).rss, role) }
                }
            }
            let seconds = try await untilAllAreBack(scheduler)
            let (kept, ended) = await settle(promised, scheduler)
            let until = (ContinuousClock.now - start) / .seconds(1)
            let memory = zip(Self.roles, before).map { role, before in
                Figure(
                    "storm, \(role)'s peak memory", Double(peaks[role]) / 1024, "MiB", beside: Double(before) / 1024,
                    of: "MiB before")
            }
            let figures =
                [Figure("storm, \(agents) agents back", seconds, "s")] + memory + [
                    Figure(
                        "storm, promised tasks kept", Double(kept), "tasks", beside: Double(promised.count),
                        of: "promised",
                        target: 1),
                    Figure(
                        "storm, promised tasks ended well", Double(ended), "tasks", beside: Double(promised.count),
                        of: "promised"),
                    Figure("storm, the last of them ended after", until, "s"),
                ]
            return Outcome(figures: figures, lost: promised.count - kept)
        }
    }

    private static let roles = ["scheduler", "heartbeat"]

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

    private func untilAllAreBack(_ scheduler: SchedulerServiceClient) async throws -> Double {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(300) {
            let count = try? await scheduler.connectedAgents(options: CallOptions(timeout: .seconds(10))).count
            if count == agents { return (ContinuousClock.now - start) / .seconds(1) }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw BenchFailure("not all of \(agents) agents were back within 300 s")
    }

    /// How many of the promised tasks have a record with an end that is known, and how many succeeded.
    private func settle(_ promised: [Int64], _ scheduler: SchedulerServiceClient) async -> (kept: Int, ended: Int) {
        // What was promised may start for five minutes.
        let deadline = ContinuousClock.now + .seconds(330)
        var states: [Int64: ElvesContracts.TaskState] = [:]
        for id in promised {
            repeat {
                let record = try? await scheduler.task(
                    id: id, waitMs: 10_000, options: CallOptions(timeout: .seconds(20)))
                states[id] = record?.state
                // A call that failed at once.
                if record == nil { try? await Task.sleep(for: .milliseconds(200)) }
            } while (states[id]?.rawValue ?? 0) < 10 && ContinuousClock.now < deadline
        }
        return (
            states.values.count { Self.isKept(ElvesCore.TaskState(rawValue: $0.rawValue)) },
            states.values.count { $0 == .succeeded }
        )
    }

    /// Whether a promise that came to this state was kept: it ended, and somebody can say how.
    static func isKept(_ state: ElvesCore.TaskState?) -> Bool { state?.isEnd == true && state != .unknown }
}

/// The most that processes took, in KiB.
private final class MemoryPeaks: Sendable {
    private let peaks = Mutex<[String: Int]>([:])

    subscript(role: String) -> Int { peaks.withLock { $0[role] ?? 0 } }
    func add(_ rss: Int, _ role: String) { peaks.withLock { $0[role] = max($0[role] ?? 0, rss) } }
}
