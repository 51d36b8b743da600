internal import ElvesClient
internal import Foundation

/// One command to every agent of a big fleet, and what an idle agent costs the scheduler.
struct FanoutBench {
    let agents: Int
    let apps: String

    /// Milliseconds within which a batch of 10,000 targets is accepted: resolved, checked and on disk.
    private static let acceptance = 1_000.0

    func run() async throws -> [Figure] {
        print("off: the worker process, and the installer of packages; on: everything else")
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        let floor = try await FanFloor(
            connections: agents, perProcess: BenchCenter.perProcess, center: bench.folder,
            folder: bench.fleetFolder + "/floor"
        ).run()
        let empty = bench.memory(of: "scheduler")
        let start = ContinuousClock.now
        let fleet = try await bench.startFleet(agents)
        defer { for shard in fleet { shard.stop() } }
        let connecting = (ContinuousClock.now - start) / .seconds(1)
        try await Task.sleep(for: .seconds(5))
        let full = bench.memory(of: "scheduler")
        var times: [Double] = []
        var accepted: [Double] = []
        for _ in 0..<5 {
            let begin = ContinuousClock.now
            let batch = try await bench.center.createBatch(
                BatchRequest(app: "hello", function: "greet", targets: "fleet=bench"))
            accepted.append((ContinuousClock.now - begin) / .milliseconds(1))
            var record = batch
            while record.endedAt == nil { record = try await bench.center.batch(batch.id, wait: .seconds(20)) }
            times.append((ContinuousClock.now - begin) / .seconds(1))
            let succeeded = record.states["succeeded"] ?? 0
            if succeeded != agents { print("  only \(succeeded) of \(agents) succeeded: \(record.states)") }
        }
        let perAgent = Double(full.pss - empty.pss) * 1024 / Double(agents)
        return [
            Figure(
                "the batch is accepted, median of 5", accepted.sorted()[2], "ms", beside: Self.acceptance,
                of: "ms promised"),
            Figure("the slowest of them", accepted.max() ?? 0, "ms", beside: Self.acceptance, of: "ms promised"),
            Figure("fanout, \(agents) agents, median of 5", times.sorted()[2], "s", beside: 0.5, of: "s wanted"),
            Figure(
                "the same", times.sorted()[2], "s", beside: floor.seconds,
                of: "s: one bare TLS message to each and back"),
            Figure("all connected within", connecting, "s"),
            Figure("scheduler per idle agent", perAgent, "bytes", beside: 32_768, of: "bytes wanted"),
            Figure("the same", perAgent, "bytes", beside: floor.bytes, of: "bytes: a bare TLS connection"),
        ]
    }
}
