import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Heartbeat

@Suite struct CatalogTests {
    @Test func takesOverDeltasAndCompleteChanges() {
        var catalog = Catalog()
        let changes = [
            CatalogChange(generation: 3, complete: true, entries: [.test("a"), .test("b")]),
            CatalogChange(generation: 4, complete: false, entries: [.test("b", "2.0.0")]),
            CatalogChange(generation: 4, complete: false, entries: [.test("late")]),
        ]
        let taken = changes.map { catalog.apply($0) }
        #expect(taken == [true, true, false])
        #expect(catalog.entries["b"]?.live?.version == "2.0.0")
        #expect(catalog.entries.keys.sorted() == ["a", "b"])
        let restored = catalog.apply(CatalogChange(generation: 2, complete: true, entries: [.test("c")]))
        #expect(restored)
        #expect(catalog.generation == 2 && catalog.entries.keys.sorted() == ["c"])
    }

    @Test func followsTheSupervisorAndTellsAgents() async throws {
        let supervisor = FakeSupervisor()
        let service = try await HeartbeatService.loaded(InMemoryHeartbeatStore(), supervisor)
        let web = FakeFleetLink(1)
        let db = FakeFleetLink(2)
        _ = try await service.connect(web)
        _ = try await service.connect(db)
        _ = try service.beat(.test(1), .test("web-1", ["role": "web"]))
        _ = try service.beat(.test(2), .test("db-1", ["role": "db"]))
        try await service.whileRunning { () async throws in
            supervisor.publish(CatalogChange(generation: 1, complete: true, entries: [.test("a", on: "role=web")]))
            try await eventually("the web agent is told") { web.refreshes.count == 1 }
            let desired = try #require(try service.beat(.test(1), .test("web-1", ["role": "web"])).desired)
            #expect(web.refreshes == [desired.generation])
            let applied = AgentReport.test("web-1", ["role": "web"], apps: ["a"], generation: desired.generation)
            _ = try service.beat(.test(1), applied)
            supervisor.publish(
                CatalogChange(generation: 2, complete: false, entries: [.test("b", on: "role=cache")]))
            try await eventually("the change is here") { service.figures["catalog_generation"] == 2 }
            supervisor.publish(
                CatalogChange(generation: 3, complete: false, entries: [.test("a", "2.0.0", on: "role=web")]))
            try await eventually("the web agent is told again") { web.refreshes.count == 2 }
        }
    }

    @Test func anAgentIsToldOfOneStateOnce() async throws {
        let service = try await HeartbeatService.loaded(catalog: [.test("a", on: "*")])
        let link = FakeFleetLink(1)
        _ = try await service.connect(link)
        _ = try service.beat(.test(1), .test())
        for _ in 0..<3 { await service.refreshAll() }
        #expect(link.refreshes.count == 1)
    }

    @Test func servesTheStoredCatalogWhenTheSupervisorIsAway() async throws {
        let store = InMemoryHeartbeatStore()
        let supervisor = FakeSupervisor()
        let first = try await HeartbeatService.loaded(store, supervisor)
        supervisor.publish(CatalogChange(generation: 8, complete: true, entries: [.test("a", on: "*")]))
        _ = try await first.follow()
        supervisor.goAway()
        let second = try await HeartbeatService.loaded(store, supervisor)
        try await second.whileRunning { () async throws in
            #expect(try second.beat(.test(1), .test()).desired?.apps.map(\.app) == ["a"])
            try await eventually("it asks on") { supervisor.asked.count > 3 }
            supervisor.publish(CatalogChange(generation: 9, complete: false, entries: [.test("b", on: "*")]))
            supervisor.goAway(false)
            try await eventually("the new app is here") {
                try second.beat(.test(1), .test()).desired?.apps.map(\.app) == ["a", "b"]
            }
        }
        #expect(supervisor.asked.contains(8))
        #expect(!supervisor.asked.dropFirst().contains(0))
    }
}
