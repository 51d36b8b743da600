internal import ElvesCore
internal import Foundation
internal import Identity
internal import NIOCore
internal import ServiceCore
internal import Synchronization
internal import ThriftNIO

/// A real agent behind a proxy, started again whenever it ends.
final class FaultyAgent: Sendable {
    let number: Int
    let root: String
    let id: Int64
    let ip: String
    /// On its way to the scheduler.
    let proxy: MessageProxy
    /// On its way to heartbeat.
    let heartbeat: ByteProxy
    /// Its machine's; nil when clocks stay right.
    let clock: FaultClock?
    private let arguments: [String]
    private let environment: [String: String]
    private let process = Mutex<Process?>(nil)
    private let isWanted = Atomic(true)
    private let log: FileHandle

    init(
        number: Int, folder: String, center: CenterFolder, environment: [String: String], hasClock: Bool,
        loop: any EventLoop
    ) async throws {
        self.number = number
        clock = hasClock ? try FaultClock("\(folder)/clock-\(number)") : nil
        self.environment = environment.merging(clock?.environment ?? [:]) { $1 }
        let authority = try center.authority
        let seat = try FleetSeat(
            number: number, in: folder + "/identities", center: center, authority: authority, now: FaultClock.slowestMs)
        let front = folder + "/proxy"
        try FileManager.default.createDirectory(atPath: front, withIntermediateDirectories: true)
        let issued = try authority.issue(
            role: "scheduler", instance: "scheduler-front", ip: nil, validFor: .seconds(86_400),
            now: FaultClock.slowestMs
        ).write(to: front)
        let (host, port) = try FaultCenter.hostAndPort(seat.scheduler)
        proxy = try MessageProxy(
            to: (host, port), scheduler: try TLSIdentity(issued), agent: try TLSIdentity(seat.files), loop: loop)
        heartbeat = ByteProxy(to: try FaultCenter.hostAndPort(seat.heartbeat), loop: loop)
        root = "\(folder)/agent-\(number)"
        ip = seat.ip
        id = 0x0B00_0000_0000_0000 + Int64(number)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let listening = try await proxy.listen()
        arguments = [
            "run", "--root", root, "--name", seat.name, "--labels", "fleet=faults", "--scheduler",
            "127.0.0.1:\(listening)", "--heartbeat", "127.0.0.1:\(try await heartbeat.listen())", "--certificate",
            seat.files.certificate, "--key", seat.files.key, "--authority", seat.files.authority, "--default_timeout",
            "30", "--grace", "1", "--max_running", "16",
        ]
        log = try FaultCenter.log("\(folder)/agent-\(number).log")
    }

    var name: String { Hex.encode(UInt64(bitPattern: id)) }

    /// The agent's process, while it lives.
    var pid: Int32? { process.withLock { $0?.isRunning == true ? $0?.processIdentifier : nil } }

    /// Its runner's process: nobody's child once an agent was killed, so found by its command line.
    var runner: Int32? {
        FaultCenter.processes { $0.count > 3 && $0[1] == "runner" && $0.contains(self.root) }.first
    }

    /// Keeps the agent up until `stop`.
    func run() async {
        while isWanted.load(ordering: .relaxed) {
            do {
                let child = Process()
                child.executableURL = URL(filePath: ChildProcess.beside("elves-agent"))
                child.arguments = arguments
                child.environment = environment
                child.standardInput = FileHandle.nullDevice
                child.standardOutput = log
                child.standardError = log
                try child.run()
                process.withLock { $0 = child }
                while child.isRunning { try await Task.sleep(for: .milliseconds(20)) }
            } catch {
                if Task.isCancelled { return }
            }
            // A full disk, say: as a service manager does.
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Ends agent, runner and workers.
    func stop() {
        isWanted.store(false, ordering: .relaxed)
        proxy.stop()
        heartbeat.stop()
        if let pid { kill(pid, SIGKILL) }
        if let runner { kill(runner, SIGTERM) }
    }

    /// What `elves-agent journal` says.
    func journal() async throws -> [Evidence.Entry] {
        let text = try await FaultCenter.output(of: "elves-agent", ["journal", "--root", root, "--json"])
        return try Evidence.Entry.read(text, agent: name)
    }
}

extension Evidence.Entry {
    /// Reads what `elves-agent journal --json` prints.
    static func read(_ text: String, agent: String) throws -> [Evidence.Entry] {
        enum Standing: String, Decodable { case open, kept, recorded }
        struct Line: Decodable {
            var task: String
            var attempt: Int
            var standing: Standing
            var started: Bool
        }
        let decoder = JSONDecoder()
        return try text.split(separator: "\n").map { text in
            let line = try decoder.decode(Line.self, from: Data(text.utf8))
            return Evidence.Entry(
                agent: agent, task: line.task, attempt: line.attempt, started: line.started,
                ended: line.standing != .open, recorded: line.standing == .recorded)
        }
    }
}

extension TLSIdentity {
    init(_ files: IssuedIdentity.Files) throws {
        try self.init(certificate: files.certificate, key: files.key, authority: files.authority)
    }
}
