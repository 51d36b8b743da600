import AgentLinks
import ElvesCore
import Synchronization
import Testing

@testable import Heartbeat

/// A store that fails when told to and counts what it writes.
private final class FaultyStore: HeartbeatStore {
    struct Full: Error {}

    private let inner = InMemoryHeartbeatStore()
    private let state = Mutex((fails: false, written: 0))

    func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }
    var written: Int { state.withLock { $0.written } }

    func save(_ agents: [AgentRecord]) async throws {
        try state.withLock { state in
            if state.fails { throw Full() }
            state.written += agents.count
        }
        try await inner.save(agents)
    }

    func agents(after: ElvesID?, limit: Int) async throws -> [AgentRecord] {
        try await inner.agents(after: after, limit: limit)
    }
    func forget(lastBeatBefore: Int64, limit: Int) async throws -> [ElvesID] {
        try await inner.forget(lastBeatBefore: lastBeatBefore, limit: limit)
    }
    func catalog() async throws -> Catalog? { try await inner.catalog() }
    func save(_ change: CatalogChange) async throws { try await inner.save(change) }
}

@Suite struct HeartbeatWritingTests {
    @Test func aBeatWithoutNewsIsWrittenSeldom() async throws {
        let time = TestTime()
        let store = FaultyStore()
        let service = try await HeartbeatService.loaded(store, time: time.keeper)
        for _ in 0..<3 {
            _ = try service.beat(.test(1), .test())
            while await service.writeSome() {}
            time.advance(ms: 10_000)
        }
        #expect(store.written == 1)
        _ = try service.beat(.test(1), .test())
        while await service.writeSome() {}
        #expect(store.written == 2)
        _ = try service.beat(.test(1), .test("renamed"))
        while await service.writeSome() {}
        #expect(store.written == 3)
    }

    @Test func aStoreThatFailsStopsNoBeatAndLosesNothing() async throws {
        let store = FaultyStore()
        let service = try await HeartbeatService.loaded(store)
        store.fail(true)
        for number: Int64 in 1...5 { _ = try service.beat(.test(number), .test("web-\(number)")) }
        #expect(await service.writeSome() == false)
        #expect(service.notReadyReason?.contains("cannot be written") == true)
        #expect(service.figures["agents_unwritten"] == 5)
        #expect(try service.agent("web-3").record.agent == .test(3))
        store.fail(false)
        while await service.writeSome() {}
        #expect(service.notReadyReason == nil)
        #expect(try await store.agents(after: nil, limit: 10).count == 5)
    }

    @Test func agentsThatAreLongGoneAreForgotten() async throws {
        let time = TestTime()
        let store = FaultyStore()
        let service = try await HeartbeatService.loaded(store, time: time.keeper) { $0.retentionMs = 1_000 }
        _ = try service.beat(.test(1), .test("old"))
        _ = try service.beat(.test(2), .test("new"))
        while await service.writeSome() {}
        time.advance(ms: 2_000)
        _ = try service.beat(.test(2), .test("new", ["fresh": "yes"]))
        while await service.writeSome() {}
        await service.forget()
        #expect(throws: ElvesError.self) { try service.agent("old") }
        #expect(try service.agent("new").record.agent == .test(2))
        #expect(try await store.agents(after: nil, limit: 10).map(\.agent.id) == [.test(2)])
    }
}
