import ElvesContracts
import Supervisor
import Testing
import Thrift
import ThriftInProcess

@Suite struct SupervisorHandlerTests {
    private func client(_ fixture: Fixture, as role: String = "openapi") -> SupervisorServiceClient {
        let router = ThriftRouter([SupervisorServiceProcessor(SupervisorHandler(fixture.service))])
        return SupervisorServiceClient(InProcessCaller(router, as: PeerIdentity(role: role, instance: "\(role)-1")))
    }

    @Test func anAppGoesThroughTheWireAndBack() async throws {
        let fixture = try await Fixture()
        let openapi = client(fixture)
        let zip = try Fixture.zip()
        let upload = try await openapi.beginPush(upload: PackageUpload(filename: "a.zip", size: Int64(zip.count)))
        try await openapi.pushChunk(upload: upload, offset: 0, bytes: zip)
        let pushed = try await openapi.finishPush(upload: upload, options: CallOptions(caller: "key-7"))
        #expect(pushed.activated && pushed.version.createdBy == "key-7")
        #expect(pushed.version.manifest.workerProtocol == .json)
        #expect(pushed.version.manifest.functions.map(\.timeoutMs) == [5_000])
        _ = try await openapi.bind(app: "hello", targets: "*")

        let heartbeat = client(fixture, as: "heartbeat")
        let catalog = try await heartbeat.catalogChanges(after: 0, waitMs: 0)
        let app = try #require(catalog.apps.first)
        #expect(catalog.complete && app.info.bindings.map(\.targets) == ["*"])
        let file = try #require(app.live?.tree.files.last)
        let bytes = try await heartbeat.readFile(digest: file.digest, offset: 0, length: 262_144)
        #expect(bytes.count == file.size)
        #expect(try await openapi.apps() == [app.info])
        #expect(try await openapi.appVersion(app: "hello", version: "1.0.0") == app.live)
        _ = try await openapi.unbind(app: "hello", targets: "*")
        try await openapi.remove(app: "hello")
        let removed = try await heartbeat.catalogChanges(after: catalog.generation, waitMs: 5_000)
        #expect(removed.apps.map(\.removed) == [true] && removed.apps.first?.live == nil)
    }

    @Test func aKeyGoesThroughTheWireAndBack() async throws {
        let openapi = client(try await Fixture())
        let scope = ElvesContracts.KeyScope(apps: ["hello"], functions: ["greet"], agents: ["zone=bj"], admin: true)
        let made = try await openapi.createKey(
            request: KeyRequest(comment: "ci", scope: scope, legacyMd5: true, requireNonce: true))
        #expect(made.info.scope == scope && made.info.legacyMd5 && made.info.requireNonce)
        let known = try await openapi.keyChanges(after: 0, waitMs: 0)
        #expect(known.keys.map(\.secret) == [made.secret] && known.keys.map(\.info) == [made.info])
        #expect(known.keys.first?.tokenDigest.count == 32)
        #expect(try await openapi.revokeKey(id: made.info.id).revoked)
        #expect(try await openapi.keys().map(\.revoked) == [true])
    }

    @Test func errorsAreFaultsOfTheRegistry() async throws {
        let openapi = client(try await Fixture())
        let fault = await #expect(throws: Fault.self) { try await openapi.app(app: "nope") }
        #expect(fault?.code == "supervisor.app.unknown" && fault?.hint.isEmpty == false)
        #expect(fault?.details["app"] == "nope")
    }

    @Test func othersAreTurnedAway() async throws {
        let fixture = try await Fixture()
        for role in ["agent", "scheduler", "none", "local"] {
            let stranger = client(fixture, as: role)
            await #expect(throws: (any Error).self) { try await stranger.apps() }
            await #expect(throws: (any Error).self) { try await stranger.keyChanges(after: 0, waitMs: 0) }
            await #expect(throws: (any Error).self) { try await stranger.readFile(digest: [], offset: 0, length: 1) }
        }
        let heartbeat = client(fixture, as: "heartbeat")
        await #expect(throws: (any Error).self) { try await heartbeat.keyChanges(after: 0, waitMs: 0) }
    }

    @Test func aLongPollEndsBeforeItsCallerGivesUp() async throws {
        let heartbeat = client(try await Fixture(), as: "heartbeat")
        let changes = try await heartbeat.catalogChanges(
            after: 1, waitMs: 60_000, options: CallOptions(timeout: .seconds(5)))
        #expect(changes.apps.isEmpty && changes.generation == 1)
    }
}
