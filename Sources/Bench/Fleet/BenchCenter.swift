internal import ElvesClient
internal import Foundation

/// A whole center in a folder of its own, with an emulated fleet around it.
final class BenchCenter: Sendable {
    let folder: CenterFolder
    let center: ElvesCenter
    private let up: ChildProcess
    private let root: String

    /// Where agents that are not the center's own have their folders.
    var fleetFolder: String { root + "/fleet" }

    /// Starts `elves up` from beside this program, and waits until a call would succeed.
    init(apps: String) async throws {
        root = NSTemporaryDirectory() + "elves-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let data = root + "/center"
        up = try ChildProcess(
            ChildProcess.beside("elves"),
            ["up", "--data", data, "--port", String(Int.random(in: 20_000..<30_000)), "--agents", "0", "--apps", apps])
        _ = try await up.line { $0.hasPrefix("ready ") }
        folder = try CenterFolder(data)
        center = ElvesCenter(url: folder.url, credentials: .token(folder.token))
    }

    /// Agents of one process of a fleet: each holds two connections and a file.
    static let perProcess = 4000

    /// Starts `count` agents over as many processes as descriptors ask for; answers once all are up.
    func startFleet(_ count: Int) async throws -> [ChildProcess] {
        var shards: [ChildProcess] = []
        for first in stride(from: 0, to: count, by: Self.perProcess) {
            shards.append(
                try ChildProcess.own([
                    "fleet", "--data", folder.path, "--folder", fleetFolder, "--first", String(first), "--count",
                    String(min(Self.perProcess, count - first)),
                ]))
        }
        for shard in shards { _ = try await shard.line { $0 == "up" } }
        return shards
    }

    /// Memory of a component, in KiB.
    func memory(of component: String) -> (rss: Int, pss: Int) {
        guard let pid = pid(of: component) else { return (0, 0) }
        return ProcessFacts.read(pid)
    }

    /// Processor seconds so far of each component.
    func processorSeconds() -> [String: Double] {
        var seconds: [String: Double] = [:]
        for component in ["openapi", "scheduler", "heartbeat", "supervisor"] {
            if let pid = pid(of: component) { seconds[component] = ProcessFacts.processorSeconds(pid) }
        }
        return seconds
    }

    private func pid(of component: String) -> Int32? {
        ProcessFacts.pids(named: "elves-\(component)", under: up.pid).first
    }

    /// Ends a component by `kill -9`; the center starts it again.
    func kill(_ component: String) {
        if let pid = pid(of: component) { Foundation.kill(pid, SIGKILL) }
    }

    func stop() {
        up.stop()
        try? FileManager.default.removeItem(atPath: root)
    }
}
