import AgentLinks
import ElvesContracts
import ElvesCore
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Heartbeat

/// Heartbeat over its wire, both sides in process.
@Suite struct HeartbeatHandlerTests {
    private let version = AppVersion(
        app: "hello", version: "1.0.0",
        manifest: AppManifest(
            name: "hello", version: "1.0.0", workerProtocol: .json,
            functions: [AppFunction(name: "greet", summary: "greets", timeoutMs: 9)], entry: ["python3", "main.py"]),
        tree: Tree(digest: digest("t"), files: [TreeFile(path: "main.py", mode: 493, size: 3, digest: digest("f"))]))

    private func loaded(_ supervisor: FakeSupervisor = FakeSupervisor()) async throws -> HeartbeatService {
        let app = CatalogApp(
            info: ElvesContracts.AppInfo(
                app: "hello", liveVersion: "1.0.0", bindings: [Binding(app: "hello", targets: "role=web")]),
            live: version, generation: 3)
        supervisor.publish(CatalogChange(CatalogChanges(generation: 3, complete: true, apps: [app])))
        let service = try await HeartbeatService.loaded(InMemoryHeartbeatStore(), supervisor)
        _ = try await service.follow()
        return service
    }

    private func client(_ service: HeartbeatService, role: String = "agent", number: Int64 = 7)
        -> HeartbeatServiceClient
    {
        let peer = PeerIdentity(
            role: role, instance: ElvesID.test(number).description, ip: AgentIdentity.test(number).ip)
        return HeartbeatServiceClient(
            InProcessCaller(ThriftRouter([HeartbeatServiceProcessor(HeartbeatHandler(service))]), as: peer))
    }

    private let beat = Beat(name: "web-7", version: "0.1.0", labels: ["role": "web"], facts: ["ip": "127.0.0.1"])

    @Test func aBeatBringsManifestAndTree() async throws {
        let service = try await loaded()
        let reply = try await client(service).beat(beat: beat)
        let desired = try #require(reply.desired)
        #expect(desired.apps == [DesiredApp(manifest: version.manifest, tree: version.tree)])
        #expect(desired.removals == [] && desired.generation > 0)
        var applied = beat
        applied.desiredGeneration = desired.generation
        applied.apps = [ElvesContracts.InstalledApp(app: "hello", version: "1.0.0", treeDigest: digest("t"))]
        #expect(try await client(service).beat(beat: applied).desired == nil)
        let info = try await client(service, role: "openapi").agent(ref: "web-7")
        #expect(info.id == 7 && info.ip == "127.0.0.7" && info.apps == applied.apps && info.labels == ["role": "web"])
    }

    @Test func filesComeFromTheSupervisor() async throws {
        let supervisor = FakeSupervisor()
        supervisor.store([1, 2, 3], as: digest("f"))
        let service = try await loaded(supervisor)
        _ = try await client(service).beat(beat: beat)
        #expect(try await client(service).fetchFile(digest: digest("f"), offset: 1, length: 100) == [2, 3])
        let fault = await #expect(throws: Fault.self) {
            try await client(service, number: 8).fetchFile(digest: digest("f"), offset: 0, length: 1)
        }
        #expect(fault?.code == "heartbeat.agent.unknown")
    }

    @Test func questionsAreAnswered() async throws {
        let service = try await loaded()
        for number: Int64 in 1...5 { _ = try await client(service, number: number).beat(beat: beat) }
        let asker = client(service, role: "openapi")
        let resolution = try await asker.resolve(targets: "role=web,zone!=bj;nobody", exclude: "127.0.0.2")
        #expect(resolution.agents.map(\.id) == [1, 3, 4, 5])
        #expect(resolution.unmatched == ["nobody"])
        let page = try await asker.agents(targets: "", after: 0, limit: 3)
        #expect(page.agents.map(\.id) == [1, 2, 3] && page.nextAfter == 3)
        #expect(try await asker.agents(targets: "", after: 3, limit: 3).nextAfter == 0)
        let fault = await #expect(throws: Fault.self) { try await asker.resolve(targets: "", exclude: "") }
        #expect(fault?.code == "elves.target.syntax")
    }

    @Test func everyoneElseIsDenied() async throws {
        let service = try await loaded()
        for role in ["openapi", "none", "supervisor", "scheduler"] {
            let error = await #expect(throws: ThriftError.self) {
                try await client(service, role: role).beat(beat: beat)
            }
            #expect(error?.code == .denied)
        }
        let error = await #expect(throws: ThriftError.self) {
            try await client(service).resolve(targets: "*", exclude: "")
        }
        #expect(error?.code == .denied)
    }

    @Test func aRefreshReachesTheAgent() async throws {
        final class Agent: AgentServiceHandler {
            let told = Mutex<[Int64]>([])
            func run(task: RunTask, context: CallContext) async throws -> TaskResult { TaskResult() }
            func kill(taskId: Int64, reason: String, context: CallContext) async throws {}
            func refresh(generation: Int64, context: CallContext) async throws {
                told.withLock { $0.append(generation) }
            }
        }
        let agent = Agent()
        let service = try await loaded()
        let back = InProcessCaller(
            ThriftRouter([AgentServiceProcessor(agent)]), as: PeerIdentity(role: "heartbeat", instance: "h-1"))
        let peer = PeerIdentity(role: "agent", instance: ElvesID.test(7).description, ip: "127.0.0.7")
        _ = try await service.connect(ThriftFleetLink(try AgentWire(peer: peer, caller: back)))
        let generation = try #require(try await client(service).beat(beat: beat).desired).generation
        await service.refreshAll()
        try await eventually("the agent is told") { agent.told.withLock { $0 } == [generation] }
    }
}
