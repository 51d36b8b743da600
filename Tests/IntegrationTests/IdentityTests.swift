import ElvesClient
import ElvesContracts
import Foundation
import NIOPosix
import ServiceCore
import TestSupport
import Testing
import Thrift
import ThriftNIO

/// What a certificate proves and what it does not, at the programs of a real center.
@Suite(.serialized, .timeLimit(.minutes(5))) struct IdentityTests {
    @Test func acceptedForWhatTheCertificateSaysAndNothingElse() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        try await wrongRolesAreRefused(running, authority)
        try await anotherAgentsIpIsRefused(running, authority)
        try await whatAnAgentSaysOfItselfIsOnlyAFact(running, authority)
        #expect(try await running.client().run("hello", "greet", on: "127.0.0.1").state == .succeeded)
    }

    @Test func ofTwoAgentsWithOneIdentityOneIsServed() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        let files = try authority.files("agent", "00a1b2c3d4e5f607", ip: "127.0.0.77")
        let (scheduler, heartbeat) = (try running.address(of: "scheduler"), try running.address(of: "heartbeat"))
        let center = try running.client()

        let first = try RunningAgent(files, name: "first", scheduler: scheduler, heartbeat: heartbeat)
        try await running.until("the first is served") {
            await (try? center.run("hello", "greet", on: "127.0.0.77").state) == .succeeded
        }
        let second = try RunningAgent(files, name: "second", scheduler: scheduler, heartbeat: heartbeat)
        let refusal = "00a1b2c3d4e5f607 (127.0.0.77) is connected already and alive; two programs use one identity"
        try await running.until("the second says why it is refused:\n\(second.log)") {
            second.log.split(separator: "\n").count { $0.contains("channel.identity.duplicate") } >= 2
        }
        #expect(second.log.contains(refusal))
        for program in ["scheduler", "heartbeat"] {
            try await running.until("\(program) logs the refusal") {
                running.logs(of: program).contains("channel.identity.duplicate")
            }
        }
        #expect(try await center.run("hello", "greet", on: "127.0.0.77").state == .succeeded)
        #expect(try await center.agent("127.0.0.77").name == "first")
        #expect(first.process.isRunning && second.process.isRunning)

        kill(first.process.processIdentifier, SIGKILL)
        try await running.until("the second takes over") {
            let name = try? await center.agent("127.0.0.77").name
            guard name == "second" else { return false }
            return await (try? center.run("hello", "greet", on: "127.0.0.77").state) == .succeeded
        }
    }

    /// Real arguments: what is refused has no effect.
    private func wrongRolesAreRefused(_ running: RunningCenter, _ authority: TestAuthority) async throws {
        let agent = try authority.identity("agent", "00a1b2c3d4e5f608", ip: "127.0.0.78").client()
        let openapi = try authority.identity("openapi", "openapi-9").client()
        let scheduler = try authority.identity("scheduler", "scheduler-9").client()

        let keys = SupervisorServiceClient(try await dial(running, "supervisor", agent))
        let wanted = ElvesContracts.KeyRequest(comment: "stolen", scope: KeyScope(admin: true))
        await denied("SupervisorService:createKey") {
            _ = try await keys.createKey(request: wanted)
        }
        let secrets = SupervisorServiceClient(try await dial(running, "supervisor", scheduler))
        await denied("SupervisorService:keyChanges") { _ = try await secrets.keyChanges(after: 0, waitMs: 0) }
        let tasks = SchedulerServiceClient(try await dial(running, "scheduler", agent))
        let mark = running.folder.appending(path: "forged").path(percentEncoded: false)
        await denied("SchedulerService:execute") {
            _ = try await tasks.execute(
                request: ExecuteRequest(
                    app: "hello", func: "nap", param: "{\"mark\":\"\(mark)\"}", ip: "127.0.0.1"), waitMs: 1_000)
        }
        let beats = HeartbeatServiceClient(try await dial(running, "heartbeat", openapi))
        await denied("HeartbeatService:beat") { _ = try await beats.beat(beat: Beat(name: "forged")) }

        let center = try running.client()
        #expect(try await center.keys().map(\.comment).contains("stolen") == false)
        #expect(try await center.allAgents().map(\.name).contains("forged") == false)
        try await running.until("the refusals are logged") {
            running.logs(of: "supervisor").contains("channel.role.denied")
                && running.logs(of: "scheduler").contains("channel.role.denied")
                && running.logs(of: "heartbeat").contains("channel.role.denied")
        }
        // A task that came later has ended, and the refused one has not begun.
        #expect(try await center.run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        #expect(!FileManager.default.fileExists(atPath: mark))
    }

    /// A certificate for an address that a living agent has.
    private func anotherAgentsIpIsRefused(_ running: RunningCenter, _ authority: TestAuthority) async throws {
        let thief = try authority.identity("agent", "00a1b2c3d4e5f609", ip: "127.0.0.1").client()
        for program in ["scheduler", "heartbeat"] {
            let error = await #expect(throws: ThriftError.self) { _ = try await dial(running, program, thief) }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("claims 127.0.0.1, which belongs to the living agent") == true)
            try await running.until("\(program) logs the refusal") {
                running.logs(of: program).contains("channel.identity.ip")
            }
        }
    }

    /// Name, labels and facts are the agent's own word: they move no call and no package.
    private func whatAnAgentSaysOfItselfIsOnlyAFact(
        _ running: RunningCenter, _ authority: TestAuthority
    ) async throws {
        let center = try running.client()
        let id = try await center.agent("127.0.0.1").id
        let liar = try authority.identity("agent", "00a1b2c3d4e5f60a", ip: "127.0.0.80").client()
        let beats = HeartbeatServiceClient(try await dial(running, "heartbeat", liar))
        for name in ["127.0.0.1", "127.0.0.99", id] {
            _ = try await beats.beat(
                beat: Beat(
                    name: name, version: "1", labels: ["ip": "127.0.0.1", "name": "local-1"],
                    facts: ["ip": "127.0.0.1"]))
            let seen = try await center.agent("00a1b2c3d4e5f60a")
            #expect(seen.ip == "127.0.0.80" && seen.name == name && seen.facts["ip"] == "127.0.0.1")
            for target in ["127.0.0.1", id, "ip=127.0.0.1", "name=local-1"] {
                let hit = try await center.allAgents(on: target).map(\.id)
                #expect(hit == [id], "\(target) hits one that is called \(name)")
            }
        }
        // An address that no agent has is nobody's, whatever an agent calls itself.
        _ = try await beats.beat(beat: Beat(name: "127.0.0.99", version: "1"))
        let task = TaskRequest(app: "hello", function: "greet", target: "127.0.0.99")
        let error = await #expect(throws: CenterError.self) { _ = try await center.createTask(task) }
        #expect(error?.code == "openapi.agent.unknown")
    }

    private func dial(
        _ running: RunningCenter, _ program: String, _ security: TransportSecurity
    ) async throws -> ThriftConnection {
        try await ThriftDialer(
            running.address(of: program), security: security, expecting: program, group: .singleton
        ).dial()
    }

    private func denied(_ method: String, _ call: () async throws -> Void) async {
        let error = await #expect(throws: ThriftError.self) { try await call() }
        #expect(error?.code == .denied)
        #expect(error?.message.contains("may not call \(method)") == true)
    }
}
