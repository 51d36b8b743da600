internal import ElvesClient
internal import Foundation
internal import Identity

/// Memory of one real agent and its runner, 60 s after a thousand calls of an installed app; with pages handed back
/// and without.
struct AgentBench {
    /// The agent's program.
    let agent: String
    let calls: Int
    /// How long it rests after the calls.
    let rest: Duration
    /// Folder of the apps that the center gets; `hello` is called.
    let apps: String

    private static let goal = 10_240.0

    func run() async throws -> [Figure] {
        print("on: everything: center, agent, runner, a worker process for each call")
        let bench = try await BenchCenter(apps: apps)
        defer { bench.stop() }
        var figures: [Figure] = []
        for (number, handBack) in [(0, "on"), (1, "off")] {
            figures += try await measure(number, handBack: handBack, bench)
        }
        return figures
    }

    private func measure(_ number: Int, handBack: String, _ bench: BenchCenter) async throws -> [Figure] {
        let center = bench.folder
        let seat = try FleetSeat(number: number, in: bench.fleetFolder, center: center, authority: center.authority)
        // Its log is not wanted, and nobody would empty a pipe.
        let process = try ChildProcess(
            agent,
            [
                "run", "--root", seat.root, "--name", seat.name, "--scheduler", seat.scheduler, "--heartbeat",
                seat.heartbeat, "--certificate", seat.files.certificate, "--key", seat.files.key, "--authority",
                seat.files.authority, "--memory-handback", handBack,
            ], errors: FileHandle.nullDevice, stopSignal: SIGINT)
        defer { process.stop() }
        try await untilInstalled(seat, bench.center)
        let start = Self.memory(process)
        for _ in 0..<calls {
            let task = try await bench.center.run("hello", "greet", on: seat.ip)
            guard task.state == .succeeded else { throw BenchFailure("a call ended \(task.state): \(task.message)") }
        }
        let busy = Self.memory(process)
        try await Task.sleep(for: rest)
        let idle = Self.memory(process)
        let kind = handBack == "on" ? "pages handed back" : "pages kept"
        return [
            ("agent", start.agent, "app installed", nil), ("agent", busy.agent, "after \(calls) calls", nil),
            ("agent", idle.agent, "\(rest) later", Self.goal), ("runner", start.runner, "app installed", nil),
            ("runner", busy.runner, "after \(calls) calls", nil), ("runner", idle.runner, "\(rest) later", nil),
        ].flatMap { (who: String, memory: (rss: Int, pss: Int), when: String, goal: Double?) in
            [
                Figure(
                    "\(kind): \(who), \(when), RSS", Double(memory.rss), "KiB", beside: goal,
                    of: goal == nil ? "" : "KiB wanted"),
                Figure("\(kind): \(who), \(when), PSS", Double(memory.pss), "KiB"),
            ]
        }
    }

    private func untilInstalled(_ seat: FleetSeat, _ center: ElvesCenter) async throws {
        var last = "it has not appeared"
        for _ in 0..<600 {
            do {
                let task = try await center.run("hello", "greet", on: seat.ip)
                if task.state == .succeeded { return }
                last = task.message
            } catch {
                last = "\(error)"
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchFailure("hello does not run on the agent: \(last)")
    }

    private static func memory(_ process: ChildProcess) -> (agent: (rss: Int, pss: Int), runner: (rss: Int, pss: Int)) {
        let runner = ProcessFacts.children(of: process.pid).first { ProcessFacts.isRunner($0) }
        return (process.memory(), runner.map(ProcessFacts.read) ?? (0, 0))
    }
}
