internal import ElvesClient
internal import Foundation
internal import Glibc
internal import Identity

/// From a kill over REST to the record that says `killed`, of a durable task on a real agent of a real center.
struct WholeKillBench {
    /// The agent's program.
    let agent: String
    /// Workers of each measurement.
    let rounds: Int

    /// Milliseconds of each round, by the number of the worker's processes.
    func run(_ sizes: [Int]) async throws -> [Int: [Double]] {
        print("through the center: on: everything, from REST to the record")
        let folder = NSTemporaryDirectory() + "elves-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Self.writeApp(to: folder + "/apps/sleepers")
        let bench = try await BenchCenter(apps: folder + "/apps")
        defer { bench.stop() }
        let center = bench.folder
        let seat = try FleetSeat(number: 0, in: bench.fleetFolder, center: center, authority: center.authority)
        // Its log is not wanted, and nobody would empty a pipe.
        let process = try ChildProcess(
            agent,
            [
                "run", "--root", seat.root, "--name", seat.name, "--scheduler", seat.scheduler, "--heartbeat",
                seat.heartbeat, "--certificate", seat.files.certificate, "--key", seat.files.key, "--authority",
                seat.files.authority,
            ], errors: FileHandle.nullDevice, stopSignal: SIGINT)
        defer { process.stop() }
        let ready = folder + "/ready"
        try await untilInstalled(bench.center, seat.ip, ready)
        var times: [Int: [Double]] = [:]
        for size in sizes {
            for _ in 0..<rounds { times[size, default: []].append(try await kill(bench.center, seat.ip, size, ready)) }
        }
        return times
    }

    private func kill(_ center: ElvesCenter, _ ip: String, _ size: Int, _ ready: String) async throws -> Double {
        unlink(ready)
        let task = try await center.createTask(
            TaskRequest(
                app: "sleepers", function: "sleep", target: ip,
                param: ["count": .string("\(size)"), "ready": .string(ready)]))
        while access(ready, F_OK) != 0 {
            let now = try await center.task(task.id)
            guard !now.state.isEnd else { throw BenchFailure("the worker ended \(now.state): \(now.message)") }
            try await Task.sleep(for: .milliseconds(5))
        }
        // The shell that became `sleep` has a moment to do so.
        try await Task.sleep(for: .milliseconds(5))
        let start = ContinuousClock.now
        let ended = try await center.kill(task.id, reason: "measured", wait: .seconds(30))
        let time = (ContinuousClock.now - start) / .milliseconds(1)
        guard ended.state == .killed, ended.survivors == 0 else {
            throw BenchFailure("a killed task is \(ended.state): \(ended.message)")
        }
        return time
    }

    private func untilInstalled(_ center: ElvesCenter, _ ip: String, _ ready: String) async throws {
        var last = "it has not appeared"
        for _ in 0..<600 {
            do {
                _ = try await kill(center, ip, 1, ready)
                return
            } catch {
                last = "\(error)"
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchFailure("sleepers does not run on the agent: \(last)")
    }

    private static func writeApp(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(manifest.utf8).write(to: URL(filePath: folder + "/app.yaml"))
        try Data(worker.utf8).write(to: URL(filePath: folder + "/worker.sh"))
    }

    private static let manifest = """
        name: sleepers
        version: 1.0.0
        entry: [sh, worker.sh]
        functions:
          - name: sleep
            timeout: 60s
        """

    private static let worker = #"""
        read -r request
        field() { value=${request#*\"$1\":\"}; printf %s "${value%%\"*}"; }
        count=$(field count)
        i=1; while [ "$i" -lt "$count" ]; do sleep 1000 & i=$((i + 1)); done
        : > "$(field ready)"
        [ "$count" = 1 ] && exec sleep 1000
        wait
        """#
}
