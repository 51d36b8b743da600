internal import ElvesContracts
internal import Foundation
internal import NIOPosix
internal import Runner
internal import Thrift
internal import ThriftNIO

/// A runner's process of a benchmark's own, in a folder of its own, and a connection to it.
final class RunnerBench: Sendable {
    let folder: String
    let connection: ThriftConnection
    let client: RunnerServiceClient
    private let process: ChildProcess

    /// `cgroup`: the agent's setting of that name.
    init(agent: String, cgroup: String? = nil) async throws {
        folder = NSTemporaryDirectory() + "elves-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/run", withIntermediateDirectories: true)
        process = try ChildProcess(
            agent, ["runner", "--root", folder] + (cgroup.map { ["--cgroup", $0] } ?? []),
            errors: FileHandle.nullDevice)
        connection = try await Self.dial(folder)
        client = RunnerServiceClient(connection)
    }

    func stop() {
        process.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func dial(_ folder: String) async throws -> ThriftConnection {
        let dialer = ThriftDialer(
            .unix(path: folder + "/" + RunnerProcess.socket), security: .plaintext(peer: .local),
            group: MultiThreadedEventLoopGroup.singleton)
        for _ in 0..<500 {
            if let connection = try? await dialer.dial() { return connection }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await dialer.dial()
    }
}
