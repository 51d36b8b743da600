internal import Agent
internal import ElvesContracts
internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

/// Output of workers on its way from agents to a real scheduler's segment files: one task, and a thousand at once,
/// beside one bare TLS connection that carries as much from a file.
struct OutputBench {
    /// Folder of the apps that the center gets.
    let apps: String

    private static let agents = 8

    func run() async throws -> [Figure] {
        print(
            "on: a whole center; \(Self.agents) agents in this process, their workers' output written before the clock starts"
        )
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        let one = try await measure(bench, first: 0, agents: 1, tasks: 1, bytes: 7 << 20, rounds: 9)
        let all = try await measure(bench, first: 1, agents: Self.agents, tasks: 1_000, bytes: 128 << 10, rounds: 3)
        let floor = OutputFloor(folder: bench.fleetFolder, center: bench.folder)
        let bare = (
            one: try await floor.run(bytes: 7 << 20, rounds: 9), all: try await floor.run(bytes: 125 << 20, rounds: 3)
        )
        return [
            Figure("output of one task, 7 MiB", one, "MB/s", beside: bare.one, of: "MB/s of a bare TLS connection"),
            Figure(
                "output of 1,000 tasks, 128 KiB each", all, "MB/s", beside: bare.all,
                of: "MB/s of a bare TLS connection"),
        ]
    }

    /// The median of some rounds, in MB/s.
    private func measure(
        _ bench: BenchCenter, first: Int, agents count: Int, tasks: Int, bytes: Int, rounds: Int
    ) async throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopExecutors(group).executor(of: group.next())
        let workers = LoudWorkers(bytes: bytes)
        let authority = try bench.folder.authority
        var seats: [FleetSeat] = []
        var agents: [EmulatedAgent] = []
        for number in first..<first + count {
            let seat = try FleetSeat(number: number, in: bench.fleetFolder, center: bench.folder, authority: authority)
            seats.append(seat)
            agents.append(
                try EmulatedAgent(
                    seat, group: group, executor: executor, disk: JournalDisk(), workers: workers, sendsOutput: true))
        }
        let asking = try SchedulerCalls(bench, group: group)
        let rates = try await withThrowingTaskGroup(of: Void.self) { [agents, seats] running in
            for agent in agents { running.addTask { await agent.run() } }
            running.addTask { await asking.run() }
            while !agents.allSatisfy(\.isUp) { try await Task.sleep(for: .milliseconds(20)) }
            var rates: [Double] = []
            for _ in 0..<rounds {
                let seconds = try await round(workers, asking, seats, tasks: tasks)
                rates.append(Double(tasks * bytes) / 1e6 / seconds)
            }
            running.cancelAll()
            return rates
        }
        try await group.shutdownGracefully()
        return rates.sorted()[rounds / 2]
    }

    /// Seconds from the moment that all output lies there until the center has all of it.
    private func round(
        _ workers: LoudWorkers, _ asking: SchedulerCalls, _ seats: [FleetSeat], tasks: Int
    ) async throws -> Double {
        try await withThrowingTaskGroup(of: Void.self) { calls in
            for number in 0..<tasks {
                calls.addTask { try await asking.greet(seats[number % seats.count]) }
            }
            while workers.waiting < tasks {
                try await Task.sleep(for: .milliseconds(10))
                // An answer before its output was let go is a refusal.
                if calls.isEmpty { break }
            }
            let start = ContinuousClock.now
            workers.letGo()
            try await calls.waitForAll()
            while seats.contains(where: { !Self.copies(of: $0).isEmpty }) {
                try await Task.sleep(for: .milliseconds(1))
            }
            return (ContinuousClock.now - start) / .seconds(1)
        }
    }

    private static func copies(of seat: FleetSeat) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: seat.root + "/run/output")) ?? []
    }
}

/// Calls of the scheduler, as openapi makes them.
private struct SchedulerCalls {
    private let client: ThriftClient

    init(_ bench: BenchCenter, group: MultiThreadedEventLoopGroup) throws {
        let folder = bench.fleetFolder + "/asking"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let files = try bench.folder.authority.issue(
            role: "openapi", instance: "bench", validFor: .seconds(86_400),
            now: Int64(Date.now.timeIntervalSince1970 * 1000)
        ).write(to: folder)
        let security = try TLSIdentity(
            certificate: files.certificate, key: files.key, authority: files.authority
        ).client()
        let parts = bench.folder.scheduler.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { throw BenchFailure("no port of the scheduler") }
        client = ThriftClient(
            ThriftDialer(
                .tcp(host: String(parts[0]), port: port), security: security, expecting: "scheduler", group: group))
    }

    func run() async { await client.run() }

    func greet(_ seat: FleetSeat) async throws {
        let request = ExecuteRequest(app: "hello", func: "greet", ip: seat.ip)
        let task = try await SchedulerServiceClient(client).execute(
            request: request, waitMs: 60_000, options: CallOptions(timeout: .seconds(70)))
        guard task.state == .succeeded else { throw BenchFailure("a task ended \(task.state): \(task.message)") }
    }
}
