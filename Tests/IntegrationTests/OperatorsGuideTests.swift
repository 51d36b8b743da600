import ElvesClient
import ElvesContracts
import Foundation
import Identity
import NIOPosix
import ServiceCore
import TestSupport
import Testing
import ThriftNIO

/// The commands of docs/guide/operators.md make certificates that real programs take.
@Suite(.serialized, .timeLimit(.minutes(5))) struct OperatorsGuideTests {
    private static let commands: Result<[String], any Error> = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let guide = try String(contentsOf: root.appending(path: "docs/guide/operators.md"), encoding: .utf8)
        return guide.matches(of: #/\n```sh\n(.*?)\n```\n/#.dotMatchesNewlines()).map { String($0.output.1) }
    }

    private static func run(_ commands: String, in folder: String) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-e", "-c", commands]
        shell.currentDirectoryURL = URL(filePath: folder, directoryHint: .isDirectory)
        let output = Pipe()
        shell.standardOutput = output
        shell.standardError = output
        try shell.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0, "\(said)")
    }

    @Test func itsAuthorityAndCertificatesAreTaken() async throws {
        let commands = try Self.commands.get()
        try #require(commands.count == 2)
        let running = try await RunningCenter.start(agents: 1) { data in
            let authority = data + "/ca"
            try FileManager.default.createDirectory(
                atPath: authority, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Self.run(commands[0], in: authority)
            // `elves up` keeps both files private.
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: authority + "/authority.pem")
        }
        let authority = running.dataPath + "/ca"
        try Self.run(commands[1], in: authority)
        let made = try FileManager.default.contentsOfDirectory(atPath: authority).filter { !$0.hasSuffix(".pem") }
        let agent = try #require(made.first { $0.hasPrefix("agent-") })
        #expect(
            made.filter { $0 != agent }.sorted() == [
                "heartbeat-heartbeat-1", "openapi-openapi-1", "scheduler-scheduler-1", "supervisor-supervisor-1",
            ])

        let openapi = try TLSIdentity(IssuedIdentity.Files(folder: authority + "/openapi-openapi-1"))
        let connection = try await ThriftDialer(
            running.address(of: "supervisor"), security: openapi.client(), expecting: "supervisor", group: .singleton
        ).dial()
        defer { connection.close() }
        #expect(try await SupervisorServiceClient(connection).catalogChanges(after: 0, waitMs: 0).generation > 0)

        let started = try RunningAgent(
            IssuedIdentity.Files(folder: "\(authority)/\(agent)"), name: "elsewhere",
            scheduler: running.address(of: "scheduler"), heartbeat: running.address(of: "heartbeat"))
        let center = try running.client()
        try await running.until("the agent is served") {
            await (try? center.run("hello", "greet", on: "10.0.0.17").state) == .succeeded
        }
        #expect(try await center.agent("10.0.0.17").name == "elsewhere")
        #expect(started.process.isRunning, "\(started.log)")
    }
}
