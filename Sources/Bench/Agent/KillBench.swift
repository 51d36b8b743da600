internal import ElvesContracts
internal import Foundation
internal import Glibc
internal import Runner
internal import Thrift

/// From the request to end a worker to the answer that nothing of it is left, beside a bare loop of kill(2) and
/// waitpid(2) over as many processes.
struct KillBench {
    /// The agent whose runner is measured.
    let agent: String
    /// Workers of each measurement.
    let rounds: Int

    private static let sizes = [1, 10, 100]
    private static let grace = Duration.milliseconds(500)

    func run() async throws -> [Figure] {
        print("off: agent, center; on: the runner's process, its socket, the search for the tree, reaping")
        var figures: [Figure] = []
        var runner: [Int: Double] = [:]
        for size in Self.sizes {
            let floor = try median((0..<rounds).map { _ in try Self.bare(size) })
            for groups in [true, false] {
                let bench = try await RunnerBench(agent: agent, cgroup: groups ? nil : "off")
                defer { bench.stop() }
                let kind = "\(groups ? "cgroups" : "no cgroups"), \(size) processes"
                let obeyed = try await times(bench, size, ignoresTerm: false, rounds: rounds)
                if groups { runner[size] = median(obeyed) }
                figures.append(
                    Figure(
                        "kill, \(kind), TERM obeyed", median(obeyed), "ms", beside: floor, of: "ms kill and wait loop"))
                let ignored = try await times(bench, size, ignoresTerm: true, rounds: max(1, rounds / 5))
                figures.append(
                    Figure(
                        "kill, \(kind), TERM ignored, over the grace", median(ignored) - Self.milliseconds(Self.grace),
                        "ms", beside: floor, of: "ms kill and wait loop"))
            }
        }
        let whole = try await WholeKillBench(agent: agent, rounds: rounds).run(Self.sizes)
        return figures
            + Self.sizes.map { size in
                Figure(
                    "kill through the center, \(size) processes", median(whole[size] ?? []), "ms",
                    beside: runner[size], of: "ms of them at the runner")
            }
    }

    private func times(
        _ bench: RunnerBench, _ size: Int, ignoresTerm: Bool, rounds: Int
    ) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<rounds {
            let task = Int64.random(in: 1..<Int64.max >> 1)
            let ready = bench.folder + "/ready"
            var script = ignoresTerm ? "trap '' TERM; " : ""
            script += "i=1; while [ $i -lt \(size) ]; do sleep 1000 & i=$((i+1)); done; : > \(ready); "
            // Without another process: the first one waits itself.
            script += size == 1 ? "exec sleep 1000" : "wait"
            let order = WorkerOrder(
                key: AttemptKey(taskId: task), command: ["/bin/sh", "-c", script],
                environment: ["PATH": "/usr/bin:/bin"], grace: Self.grace)
            async let ended = bench.client.run(spawn: Spawn(order))
            while access(ready, F_OK) != 0 { try await Task.sleep(for: .milliseconds(1)) }
            // The shell that became `sleep` has a moment to do so.
            try await Task.sleep(for: .milliseconds(5))
            let start = ContinuousClock.now
            try await bench.client.kill(taskId: task, reason: "measured")
            times.append(Self.milliseconds(ContinuousClock.now - start))
            let exit = try await ended
            guard exit.killed, exit.survivors == 0 else { throw BenchFailure("a worker outlived its end") }
            unlink(ready)
        }
        return times
    }

    /// Milliseconds that it takes to kill and reap as many sleepers.
    private static func bare(_ count: Int) throws -> Double {
        var pids: [pid_t] = []
        let words = ["sleep", "1000"].map { (word: String) in strdup(word) }
        defer { for word in words { free(word) } }
        var arguments: [UnsafeMutablePointer<CChar>?] = words + [nil]
        for _ in 0..<count {
            var pid: pid_t = 0
            guard posix_spawn(&pid, "/bin/sleep", nil, nil, &arguments, environ) == 0 else {
                throw BenchFailure("cannot start sleep")
            }
            pids.append(pid)
        }
        let start = ContinuousClock.now
        for pid in pids { kill(pid, SIGKILL) }
        for pid in pids { waitpid(pid, nil, 0) }
        return milliseconds(ContinuousClock.now - start)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    private static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
}
