import ElvesContracts
import ElvesCore
import HummingbirdTesting
import Logging
import Synchronization
import TestSupport
import Testing

@testable import OpenAPI

@Suite struct ChangeFeedTests {
    private func record(_ key: TestKey, revoked: Bool = false) -> KeyRecord {
        KeyRecord(
            info: KeyInfo(id: key.id, scope: KeyScope(apps: ["hello"], admin: true), revoked: revoked),
            secret: key.secret, tokenDigest: key.entry.tokenDigest)
    }

    /// Follows while the body runs.
    private func following(_ edge: TestEdge, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await edge.service.follow() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func keysAndAppsArriveAndChange() async throws {
        let edge = TestEdge(loaded: false)
        edge.supervisor.state.withLock { state in
            state.keyChanges = KeyChanges(generation: 5, complete: true, keys: [record(.caller), record(.hello)])
            state.catalog = TestEdge.catalog
        }
        try await following(edge) {
            try await eventually("keys and apps are loaded") {
                edge.service.problem == nil && edge.service.keys.current?.key(id: "caller") != nil
            }
            #expect(edge.service.catalog["hello"]?.liveVersion == "1.0.0")
            #expect(edge.service.keys.current?.key(id: "caller")?.scope == .init(apps: ["hello"], admin: true))
            edge.supervisor.state.withLock { state in
                state.keyChanges = KeyChanges(generation: 6, complete: false, keys: [record(.caller, revoked: true)])
                state.catalog = CatalogChanges(
                    generation: 2, complete: false, apps: [CatalogApp(info: AppInfo(app: "hello"), removed: true)])
            }
            try await eventually("the revocation arrives") {
                edge.service.keys.current?.isRevoked("caller") == true && edge.service.catalog["hello"] == nil
            }
            #expect(edge.service.keys.current?.key(id: "hello") != nil && edge.service.catalog["elder"] != nil)
        }
    }

    @Test func afterAFailureItTriesAgain() async throws {
        let edge = TestEdge(loaded: false)
        edge.supervisor.fails(ElvesError(.channelUnreachable))
        try await following(edge) {
            try await eventually("a first failure") { edge.time.ticks > 0 }
            #expect(!edge.service.keys.isFresh)
            edge.supervisor.state.withLock { state in
                state.failure = nil
                state.keyChanges = KeyChanges(generation: 1, complete: true, keys: [record(.caller)])
            }
            try await eventually("keys are loaded") { edge.service.keys.current?.key(id: "caller") != nil }
        }
    }

    @Test func noncesOfARevokedKeyAreForgotten() async throws {
        let edge = TestEdge()
        let nonces = NonceCache()
        for key in ["caller", "hello"] { #expect(nonces.use("n", of: key, at: 0) == .new) }
        edge.supervisor.state.withLock { state in
            state.keyChanges = KeyChanges(generation: 6, complete: false, keys: [record(.caller, revoked: true)])
        }
        let feed = ChangeFeed.keys(
            edge.service.keys, nonces: nonces, from: edge.supervisor,
            clock: EdgeClock(wall: { 0 }, ticks: { 0 }, sleep: { _ in }), logger: Logger(label: "test"))
        try await feed.poll(0)
        #expect(!nonces.remembers("caller") && nonces.remembers("hello"))
    }

    @Test func aSupervisorThatLostItsHistoryIsReadAnew() async throws {
        let edge = TestEdge()
        edge.service.keys.apply([TestKey.caller.entry], gone: [], complete: true, generation: 50)
        edge.supervisor.state.withLock { state in
            state.keyChanges = KeyChanges(generation: 3, complete: false, keys: [record(.hello)])
        }
        let feed = ChangeFeed.keys(
            edge.service.keys, nonces: NonceCache(), from: edge.supervisor,
            clock: EdgeClock(wall: { 0 }, ticks: { 0 }, sleep: { _ in }), logger: Logger(label: "test"))
        try await feed.poll(0)
        #expect(edge.supervisor.state.withLock(\.keyPolls) >= 2, "asked again from the start")
        #expect(edge.service.keys.generation == 3)
    }
}
