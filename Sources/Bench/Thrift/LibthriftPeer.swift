internal import Foundation
internal import ThriftNIO

/// A libthrift server, built from the project's IDL with the system's compilers and run as a process.
final class LibthriftPeer: Sendable {
    /// Where it listens.
    let address: ThriftAddress
    private let process: ChildProcess

    /// Builds the server program into `folder`, once.
    static func build(into folder: String, root: String) throws -> String {
        let program = folder + "/bench_server"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try run("/usr/bin/env", ["thrift", "-r", "--gen", "cpp", "-o", folder, root + "/proto/agent.thrift"])
        let generated = ["AgentService", "agent_types", "common_types", "heartbeat_types"]
            .map { "\(folder)/gen-cpp/\($0).cpp" }
        try run(
            "/usr/bin/env",
            ["g++", "-O2", "-std=c++17", "-I\(folder)/gen-cpp", "-o", program]
                + [root + "/Sources/Bench/Peers/bench_server.cpp"] + generated
                + ["-lthriftnb", "-lthrift", "-levent", "-lpthread"])
        return program
    }

    /// Starts a server of a kind (`nonblocking`, `threaded`) with so many I/O threads.
    init(program: String, kind: String, threads: Int) async throws {
        process = try ChildProcess(program, [kind, String(threads)], errors: .nullDevice)
        address = try await process.port()
    }

    /// Ends it.
    func stop() { process.stop() }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchFailure("\(arguments.joined(separator: " ")) failed; `make deps` installs what it needs")
        }
    }
}
