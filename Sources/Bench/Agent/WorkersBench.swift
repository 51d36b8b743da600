internal import ElvesContracts
internal import Foundation
internal import Glibc
internal import Runner
internal import Thrift
internal import ThriftNIO

/// Workers a second, a process each, beside bare `posix_spawn` loops of the same program.
struct WorkersBench {
    /// The agent whose runner is measured.
    let agent: String
    /// Workers of each measurement.
    let count: Int
    /// The program that they run.
    let program: String
    /// The runner's setting of that name.
    let cgroup: String?

    /// Workers at once, and bare loops at once, of the second pair of figures.
    private static let many = 8

    func run() async throws -> [Figure] {
        print("off: agent, center; on: the runner's process, its socket, pipes, tree check and reaping")
        let runner = try await RunnerBench(agent: agent, cgroup: cgroup)
        defer { runner.stop() }
        let link = runner.connection
        // Half of each measurement before and half after its peer: what else the machine does hits both.
        _ = try await workers(link, atOnce: Self.many, count: count / 10)
        let one = try await beside(atOnce: 1, link)
        let many = try await beside(atOnce: Self.many, link)
        return [
            Figure(
                "workers, one after another", one.ours, "workers/s", beside: one.bare, of: "bare posix_spawn loop",
                target: 0.7),
            Figure(
                "workers, \(Self.many) at once", many.ours, "workers/s", beside: one.bare,
                of: "bare posix_spawn loop", target: 0.7),
            Figure(
                "workers, \(Self.many) at once", many.ours, "workers/s", beside: many.bare,
                of: "\(Self.many) bare posix_spawn loops at once"),
        ]
    }

    /// Rates of both, by turns: ours, bare, bare, ours.
    private func beside(
        atOnce: Int, _ link: ThriftConnection
    ) async throws -> (ours: Double, bare: Double) {
        var ours = try await workers(link, atOnce: atOnce, count: count / 2)
        let bare = try await bare(atOnce: atOnce, count: count)
        ours += try await workers(link, atOnce: atOnce, count: count / 2)
        let each = Double(count)
        return (each / (ours / .seconds(1)), each / (bare / .seconds(1)))
    }

    /// Callers on the connection's loop, where the agent's tasks run.
    private func workers(_ link: ThriftConnection, atOnce: Int, count: Int) async throws -> Duration {
        let client = RunnerServiceClient(link)
        let first = Int64.random(in: 1..<Int64.max >> 1)
        let (program, share) = (program, max(1, count / atOnce))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<atOnce {
                group.addTask(executorPreference: link.executor) {
                    for number in 0..<share {
                        let order = WorkerOrder(
                            key: AttemptKey(taskId: first + Int64(caller * share + number)), command: [program],
                            timeout: .seconds(60), resultLimit: 1 << 20)
                        let exit = try await client.run(spawn: Spawn(order))
                        guard exit.exitCode == 0 else { throw BenchFailure("\(program): \(exit.spawnProblem)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        return (ContinuousClock.now - start) * (Double(count) / Double(share * atOnce))
    }

    /// Loops on threads of their own: starting and waiting block.
    private func bare(atOnce: Int, count: Int) async throws -> Duration {
        let (program, share) = (program, max(1, count / atOnce))
        let start = ContinuousClock.now
        let failures = await withTaskGroup(of: Int32.self) { group in
            for _ in 0..<atOnce {
                group.addTask {
                    await withCheckedContinuation { done in
                        Thread.detachNewThread { done.resume(returning: Self.loop(program, share)) }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        guard failures == 0 else { throw BenchFailure("\(program) failed \(failures) times in a bare loop") }
        return (ContinuousClock.now - start) * (Double(count) / Double(share * atOnce))
    }

    /// How many of `count` did not start, or did not end with 0.
    private static func loop(_ program: String, _ count: Int) -> Int32 {
        var failures: Int32 = 0
        let name = strdup(program)
        defer { free(name) }
        var arguments: [UnsafeMutablePointer<CChar>?] = [name, nil]
        for _ in 0..<count {
            var pid: pid_t = 0
            var status: Int32 = 0
            let failure = posix_spawn(&pid, program, nil, nil, &arguments, environ)
            if failure != 0 || waitpid(pid, &status, 0) != pid || status != 0 { failures += 1 }
        }
        return failures
    }
}
