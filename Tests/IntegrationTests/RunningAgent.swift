import ElvesContracts
import Foundation
import Glibc
import Identity
import NIOPosix
import ServiceCore
import Synchronization
import TestSupport
import Thrift
import ThriftNIO

/// An `elves-agent` from the build folder, with a folder of its own. It and its runner end with this value.
final class RunningAgent: Sendable {
    let folder: URL
    private let program: URL
    private let current: Mutex<Process>
    private let errors = Lines()

    /// - Parameters:
    ///   - program: another file than that of the build folder.
    ///   - earlier: an agent in whose folder it takes over.
    init(
        _ identity: IssuedIdentity.Files, name: String = "stray", labels: String = "", scheduler: ThriftAddress,
        heartbeat: ThriftAddress, program: URL = RunningCenter.program("elves-agent"),
        after earlier: RunningAgent? = nil
    ) throws {
        folder =
            earlier?.folder
            ?? FileManager.default.temporaryDirectory.appending(path: "elves-ag-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(
            """
            root = \(folder.appending(path: "root").path(percentEncoded: false))
            name = \(name)
            labels = \(labels)
            scheduler = \(scheduler)
            heartbeat = \(heartbeat)
            certificate = \(identity.certificate)
            key = \(identity.key)
            authority = \(identity.authority)

            """.utf8
        ).write(to: folder.appending(path: "agent.conf"))
        self.program = program
        current = Mutex(Process())
        try start()
    }

    deinit {
        kill()
        for pid in RunningCenter.processes(naming: folder.path(percentEncoded: false)) { Glibc.kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it again after `kill`, in the same folder.
    func start() throws {
        let process = Process()
        process.executableURL = program
        process.arguments = ["run", "--config", folder.appending(path: "agent.conf").path(percentEncoded: false)]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors.pipe()
        try process.run()
        current.withLock { $0 = process }
    }

    /// Ends it by `kill -9`; its runner and workers go on.
    func kill() {
        let process = process
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// The process that was started last.
    var process: Process { current.withLock { $0 } }

    /// The runner beside it.
    var runner: Int32? {
        RunningCenter.processes(naming: folder.path(percentEncoded: false)).first {
            RunningCenter.words(of: $0).dropFirst().first == "runner"
        }
    }

    /// What it has logged so far.
    var log: String { errors.all.joined(separator: "\n") }
}

/// A listener with the certificate of some role that agents dial, in place of scheduler or heartbeat.
final class FakeComponent: Sendable {
    let address: ThriftAddress
    /// What its certificate says that it is.
    let name: String
    private let server: ThriftServer
    private let arrived: Arrived

    private final class Arrived: Sendable {
        let connections = Mutex<[ThriftConnection]>([])
    }

    init(_ role: String, _ authority: TestAuthority) async throws {
        let arrived = Arrived()
        self.arrived = arrived
        let instance = role == "agent" ? "00a1b2c3d4e5f60f" : "\(role)-1"
        let identity = try authority.identity(role, instance, ip: role == "agent" ? "127.0.0.99" : nil)
        name = "\(role)/\(instance)"
        server = ThriftServer(
            [], security: try identity.server(), group: .singleton,
            opened: { connection in arrived.connections.withLock { $0.append(connection) } })
        address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
    }

    /// Connections whose hello was answered.
    var connections: [ThriftConnection] { arrived.connections.withLock { $0 } }

    /// The first connection, as soon as there is one.
    func connection() async throws -> ThriftConnection {
        try await eventually("somebody dialled", within: RunningCenter.patience) { !self.connections.isEmpty }
        return connections[0]
    }

    func close() async { await server.close() }
}

/// An agent that is only its heartbeats.
struct Impostor {
    private let client: HeartbeatServiceClient

    init(_ running: RunningCenter) async throws {
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        let identity = try authority.identity("agent", "00a1b2c3d4e5f607", ip: "127.0.0.77")
        client = HeartbeatServiceClient(
            try await ThriftDialer(
                running.address(of: "heartbeat"), security: identity.client(), expecting: "heartbeat",
                group: .singleton
            ).dial())
    }

    /// A beat that differs from the one before, so that it has to be written.
    func beat(round: Int) async throws {
        let padding = String(repeating: "\(round)", count: 100)
        let facts = Dictionary(uniqueKeysWithValues: (1...20).map { ("fact\($0)", padding) })
        _ = try await client.beat(
            beat: Beat(name: "impostor", version: "1", labels: ["round": "\(round)"], facts: facts))
    }
}
