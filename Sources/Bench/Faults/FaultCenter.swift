internal import ElvesClient
internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

/// A whole center of real processes, with real agents behind proxies, to which faults can be done.
final class FaultCenter: Sendable {
    let root: String
    let folder: CenterFolder
    let agents: [FaultyAgent]
    let means: FaultPlan.Means
    /// On openapi's way to the scheduler.
    private let middle: ByteProxy
    private let up: ChildProcess
    private let group: MultiThreadedEventLoopGroup
    private let clock: FaultClock?

    /// Starts the center and its agents. What can be done to it depends on the machine: mounting needs root.
    init(agents count: Int, wishes: FaultPlan.Means) async throws {
        let root = NSTemporaryDirectory() + "elves-faults-\(UUID().uuidString.prefix(8))"
        self.root = root
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try FaultApp.write(to: root)
        let environment = ["HOME": root, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        clock = wishes.clock ? try FaultClock(root + "/clock") : nil
        // What the center signs is valid by the slowest of clocks.
        try clock?.set(ahead: -FaultPlan.clockError)
        let data = root + "/center"
        var hasDisks = wishes.disks
        if hasDisks {
            for path in [data + "/data/scheduler"] + (0..<count).map({ root + "/agents/agent-\($0)" }) {
                let size = path.hasPrefix(data) ? 2048 : 256
                if hasDisks { hasDisks = (try? await Self.mount(path, mebibytes: size)) != nil }
            }
        }
        means = FaultPlan.Means(disks: hasDisks, clock: clock != nil)
        up = try ChildProcess(
            ChildProcess.beside("elves"),
            [
                "up", "--data", data, "--port", String(Int.random(in: 20_000..<30_000)), "--agents", "0", "--apps",
                root + "/apps",
            ], errors: try Self.log(root + "/up.log"),
            environment: environment.merging(clock?.environment ?? [:]) { $1 })
        _ = try await up.line { $0.hasPrefix("ready ") }
        try clock?.set(ahead: 0)
        folder = try CenterFolder(data)
        var agents: [FaultyAgent] = []
        for number in 0..<count {
            agents.append(
                try await FaultyAgent(
                    number: number, folder: root + "/agents", center: folder, environment: environment,
                    hasClock: clock != nil, loop: group.next()))
        }
        self.agents = agents
        middle = ByteProxy(to: try Self.hostAndPort(folder.scheduler), loop: group.next())
        try Self.lead("openapi", of: folder, to: try await middle.listen())
        if let pid = ProcessFacts.pids(named: "elves-openapi", under: up.pid).first { kill(pid, SIGKILL) }
    }

    /// Has a component call the scheduler at another port, from its next start on.
    private static func lead(_ role: String, of folder: CenterFolder, to port: Int) throws {
        let path = folder.path + "/config/\(role).yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let other = text.replacingOccurrences(of: folder.scheduler, with: "127.0.0.1:\(port)")
        guard other != text else { throw BenchFailure("\(path) does not name \(folder.scheduler)") }
        try write(other, to: path)
    }

    /// Keeps the agents up until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { tasks in
            for agent in agents { tasks.addTask { await agent.run() } }
        }
    }

    /// A client of the scheduler with the certificate of some component.
    func client(as role: String) throws -> ThriftClient {
        let place = root + "/clients/\(role)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let files = try folder.authority.issue(
            role: role, instance: "\(role)-faults", ip: nil, validFor: .seconds(86_400),
            now: FaultClock.slowestMs
        ).write(to: place)
        let (host, port) = try Self.hostAndPort(folder.scheduler)
        return ThriftClient(
            ThriftDialer(
                .tcp(host: host, port: port), security: try TLSIdentity(files).client(), expecting: "scheduler",
                group: group))
    }

    // MARK: Faults

    /// The process of a victim, while it lives.
    func pid(of victim: FaultPlan.Victim) -> Int32? {
        switch victim {
        case .component(let name): ProcessFacts.pids(named: "elves-\(name)", under: up.pid).first
        case .agent(let number): agents[number].pid
        case .runner(let number): agents[number].runner
        }
    }

    /// Does it; false when nothing was there to be hit. What lasts is undone by the time this returns.
    func suffer(_ fault: FaultPlan.Fault, seed: UInt64) async -> Bool {
        switch fault {
        case .kill(let victim):
            guard let pid = pid(of: victim) else { return false }
            return kill(pid, SIGKILL) == 0
        case .pause(let victim, let ms):
            guard let pid = pid(of: victim), kill(pid, SIGSTOP) == 0 else { return false }
            try? await Task.sleep(for: .milliseconds(ms))
            kill(pid, SIGCONT)
        case .cut(let agent):
            return await agents[agent].proxy.cut() > 0
        case .part(let way):
            return await proxy(on: way).cut() > 0
        case .halve(let way, let ms):
            let count = await proxy(on: way).halve(keepsDialler: seed.isMultiple(of: 2))
            try? await Task.sleep(for: .milliseconds(ms))
            proxy(on: way).heal()
            return count > 0
        case .mute(let agent, let ms):
            let count = await agents[agent].proxy.set(.mute)
            try? await Task.sleep(for: .milliseconds(ms))
            // Half of them end without what was held back.
            if seed.isMultiple(of: 2) { await agents[agent].proxy.cut() }
            await agents[agent].proxy.set(.faithful)
            return count > 0
        case .scramble(let agent, let ms):
            let count = await agents[agent].proxy.set(.scrambled(seed))
            try? await Task.sleep(for: .milliseconds(ms))
            await agents[agent].proxy.set(.faithful)
            return count > 0
        case .fill(let victim, let ms):
            let path = disk(of: victim)
            let isFull = await Blocking.run { Self.fill(path) }
            try? await Task.sleep(for: .milliseconds(ms))
            try? FileManager.default.removeItem(atPath: path + "/filler")
            return isFull
        case .clock(let machine, let seconds):
            guard let clock = clock(of: machine), (try? clock.set(ahead: seconds)) != nil else { return false }
        }
        return true
    }

    private func proxy(on way: FaultPlan.Way) -> ByteProxy {
        switch way {
        case .heartbeat(let agent): agents[agent].heartbeat
        case .openapi: middle
        }
    }

    private func disk(of victim: FaultPlan.Victim) -> String {
        switch victim {
        case .agent(let number), .runner(let number): agents[number].root
        case .component: folder.path + "/data/scheduler"
        }
    }

    /// Undoes what may still be in force.
    func heal() async {
        for agent in agents {
            await agent.proxy.set(.faithful)
            agent.heartbeat.heal()
        }
        middle.heal()
        for machine in [.center] + agents.map({ FaultPlan.Machine.agent($0.number) }) {
            try? clock(of: machine)?.set(ahead: 0)
        }
    }

    private func clock(of machine: FaultPlan.Machine) -> FaultClock? {
        switch machine {
        case .center: clock
        case .agent(let number): agents[number].clock
        }
    }

    func stop() async {
        for agent in agents { agent.stop() }
        middle.stop()
        up.stop()
        for pid in Self.processes({ $0.contains { $0.contains(self.root) } }) { kill(pid, SIGKILL) }
        if means.disks {
            for path in [folder.path + "/data/scheduler"] + agents.map(\.root) {
                _ = try? await Self.output(of: "/bin/umount", ["-l", path])
            }
        }
        try? await group.shutdownGracefully()
        try? FileManager.default.removeItem(atPath: root)
    }

    // MARK: Processes and files

    /// Living processes whose command lines meet a condition.
    static func processes(_ matches: ([String]) -> Bool) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { pid in
            guard pid != getpid(), let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
                !data.isEmpty
            else { return false }
            return matches(data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// Living processes that carry a task's marker and this run's folder, each with its command.
    func workers() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).compactMap { pid in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/environ"), !bytes.isEmpty else {
                return nil
            }
            let variables = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard let task = variables.first(where: { $0.hasPrefix("ELVES_TASK=") }),
                variables.contains(where: { $0.contains(root) })
            else { return nil }
            return "\(task.dropFirst("ELVES_TASK=".count)) pid \(pid)"
        }
    }

    static func hostAndPort(_ text: String) throws -> (String, Int) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else { throw BenchFailure("\(text) is no host:port") }
        return (String(parts[0]), port)
    }

    /// What a program of this build, or one at a path, prints.
    static func output(of program: String, _ arguments: [String]) async throws -> String {
        let path = program.hasPrefix("/") ? program : ChildProcess.beside(program)
        return try await Blocking.run {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw BenchFailure(
                    "\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
            }
            return String(decoding: data, as: UTF8.self)
        }
    }

    private static func mount(_ path: String, mebibytes: Int) async throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        _ = try await output(
            of: "/bin/mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=700", "tmpfs", path])
    }

    /// Takes all that is left of a disk; false when nothing could be taken.
    private static func fill(_ path: String) -> Bool {
        guard let file = try? log(path + "/filler") else { return false }
        for size in [1 << 20, 4096, 1] {
            let bytes = Data(count: size)
            while (try? file.write(contentsOf: bytes)) != nil {}
        }
        return (try? file.close()) != nil
    }

    /// A new, empty file to write to.
    static func log(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(filePath: path))
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    private static func write(_ text: String, to path: String) throws {
        // Whole or not at all: programs read it at any moment.
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }
}

/// Runs what blocks on a thread of its own.
enum Blocking {
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    static func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}
