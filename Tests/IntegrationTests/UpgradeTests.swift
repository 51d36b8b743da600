import ElvesClient
import Foundation
import Identity
import TestSupport
import Testing

/// What the operators' guide says of upgrades: a new file is renamed over that of a running agent.
@Suite(.serialized, .timeLimit(.minutes(5))) struct UpgradeTests {
    /// A real center, and an agent of it that runs from a file of its own.
    private struct Machine {
        let running: RunningCenter
        let center: ElvesCenter
        /// Its files go with it.
        let authority: TestAuthority
        let files: IssuedIdentity.Files
        let program: URL
        let agent: RunningAgent

        init() async throws {
            running = try await RunningCenter.start(agents: 0)
            center = try running.client()
            authority = try TestAuthority(ofCenterIn: running.dataPath)
            files = try authority.files("agent", "00a1b2c3d4e5f607", ip: UpgradeTests.ip)
            program = running.folder.appending(path: "elves-agent")
            try FileManager.default.copyItem(at: RunningCenter.program("elves-agent"), to: program)
            agent = try RunningAgent(
                files, scheduler: running.address(of: "scheduler"), heartbeat: running.address(of: "heartbeat"),
                program: program)
            try await serves()
        }

        func serves() async throws {
            let center = center
            try await running.until("the agent serves") {
                await (try? center.run("hello", "greet", on: UpgradeTests.ip).state) == .succeeded
            }
        }

        /// Renames a new file over the one that runs.
        func upgrade() throws {
            let fresh = running.folder.appending(path: "elves-agent.new")
            try FileManager.default.copyItem(at: RunningCenter.program("elves-agent"), to: fresh)
            try #require(rename(fresh.path(percentEncoded: false), program.path(percentEncoded: false)) == 0)
        }

        /// The agent that follows.
        func successor() throws -> RunningAgent {
            try RunningAgent(
                files, scheduler: running.address(of: "scheduler"), heartbeat: running.address(of: "heartbeat"),
                program: program, after: agent)
        }
    }

    private static let ip = "127.0.0.77"

    /// The file that a process runs: with a remark when it has no name any more.
    private static func file(of pid: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
    }

    @Test func workersGoOnAndTheirResultsArrive() async throws {
        let machine = try await Machine()
        let (running, center, agent) = (machine.running, machine.center, machine.agent)
        let path = machine.program.path(percentEncoded: false)
        let mark = running.folder.appending(path: "mark").path(percentEncoded: false)
        async let answer = center.createTask(
            TaskRequest(app: "hello", function: "wait", target: Self.ip, param: ["mark": .string(mark)]),
            wait: .seconds(60))
        try await running.until("the worker runs") { FileManager.default.fileExists(atPath: mark) }
        let runner = try #require(agent.runner)

        try machine.upgrade()
        #expect(Self.file(of: runner) == path + " (deleted)")
        kill(agent.process.processIdentifier, SIGTERM)
        try await running.until("the old agent has gone") { !agent.process.isRunning }
        #expect(agent.runner == runner)
        let successor = try machine.successor()
        try await machine.serves()
        #expect(Self.file(of: successor.process.processIdentifier) == path)
        #expect(successor.runner == runner, "the workers are its")

        try Data().write(to: URL(filePath: mark + ".go"))
        let task = try await answer
        #expect(task.state == .succeeded && task.result == .string("waited"), "\(task.state) \(task.message)")
    }

    @Test func aRunnerThatStartsAfterwardsIsOfTheNewFile() async throws {
        let machine = try await Machine()
        let agent = machine.agent
        let path = machine.program.path(percentEncoded: false)
        let runner = try #require(agent.runner)
        try machine.upgrade()
        kill(runner, SIGKILL)
        try await machine.serves()
        let next = try #require(agent.runner)
        #expect(next != runner && Self.file(of: next) == path)
        #expect(Self.file(of: agent.process.processIdentifier) == path + " (deleted)")
    }
}
