import Foundation
import Identity
import TestSupport
import Testing
import ThriftNIO

/// ELVES 2.0's simple mode: a heartbeat without a supervisor, and a real agent.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SimpleModeTests {
    @Test func anAgentGetsTheAppsThatHeartbeatIsConfiguredWith() async throws {
        let authority = try TestAuthority()
        let apps = authority.folder.appending(path: "apps")
        try FileManager.default.createDirectory(at: apps, withIntermediateDirectories: true)
        let worker = "print('<ElvesWFlag>true</ElvesWFlag><ElvesWResult>hi</ElvesWResult>')\n"
        var zip = RawZip()
        zip.add("app-worker.py", worker)
        try Data(zip.bytes()).write(to: apps.appending(path: "old_tools_1.0.3.zip"))

        // Below the kernel's outgoing connections.
        let port = Int.random(in: 10_000..<30_000)
        let heartbeat = try start(authority, port: port, apps: apps)
        defer {
            kill(heartbeat.processIdentifier, SIGKILL)
            heartbeat.waitUntilExit()
        }
        let agent = try RunningAgent(
            try authority.files("agent", "00a1b2c3d4e5f607", ip: "127.0.0.77"),
            scheduler: .tcp(host: "127.0.0.1", port: 1), heartbeat: .tcp(host: "127.0.0.1", port: port))
        let installed = agent.folder.appending(path: "root/apps/old_tools/app-worker.py")
        try await eventually("the agent installed the app", within: RunningCenter.patience) {
            (try? String(contentsOf: installed, encoding: .utf8)) == worker
        }
        #expect(agent.process.isRunning && heartbeat.isRunning)
    }

    private func start(_ authority: TestAuthority, port: Int, apps: URL) throws -> Process {
        let files = try authority.files("heartbeat")
        let data = authority.folder.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = RunningCenter.program("elves-heartbeat")
        process.arguments = [
            "--instance", "heartbeat-1", "--listen", "127.0.0.1:\(port)", "--data", data.path(percentEncoded: false),
            "--apps", apps.path(percentEncoded: false), "--tls-certificate", files.certificate, "--tls-key", files.key,
            "--tls-ca", files.authority,
        ]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
