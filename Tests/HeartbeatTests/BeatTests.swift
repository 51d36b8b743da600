import AgentLinks
import ElvesCore
import Testing

@testable import Heartbeat

@Suite struct BeatTests {
    @Test func aBeatMakesAnAgentKnown() async throws {
        let service = try await HeartbeatService.loaded()
        let channel = try await service.connect(FakeFleetLink(1))
        let answer = try service.beat(.test(1), .test())
        #expect(answer.intervalMs == 10_000)
        #expect(answer.desired == nil)
        let view = try service.agent("web-1")
        #expect(view.alive)
        #expect(view.record.agent == .test(1))
        #expect(view.record.report.labels == ["role": "web"])
        #expect(view.record.lastBeatAt > 0 && view.record.firstSeenAt == view.record.lastBeatAt)
        service.disconnect(channel)
        #expect(try service.agent("web-1").alive == false)
    }

    @Test func anAgentWhoseBeatsStopIsNotAlive() async throws {
        let time = TestTime()
        let service = try await HeartbeatService.loaded(time: time.keeper)
        _ = try await service.connect(FakeFleetLink(1))
        _ = try service.beat(.test(1), .test())
        time.advance(ms: 30_000)
        #expect(try service.agent("web-1").alive)
        time.advance(ms: 1)
        #expect(try service.agent("web-1").alive == false)
        _ = try service.beat(.test(1), .test())
        #expect(try service.agent("web-1").alive)
    }

    @Test func aBigFleetBeatsLessOftenAndStaysAlive() async throws {
        let time = TestTime()
        let service = try await HeartbeatService.loaded(time: time.keeper) { limits in
            limits.beatIntervalMs = 100
            limits.beatsPerSecond = 2
        }
        _ = try await service.connect(FakeFleetLink(1))
        #expect(try service.beat(.test(1), .test()).intervalMs == 500)
        for number in Int64(2)...10 { _ = try service.beat(.test(number), .test()) }
        #expect(try service.beat(.test(1), .test()).intervalMs == 5_000)
        time.advance(ms: 15_000)
        #expect(try service.agent("\(AgentIdentity.test(1).id)").alive)
        time.advance(ms: 1)
        #expect(try service.agent("\(AgentIdentity.test(1).id)").alive == false)
        #expect(HeartbeatLimits().beatIntervalMs(agents: 1_000_000) == 60_000)
    }

    @Test func answersTheDesiredStateUntilTheAgentHasIt() async throws {
        let service = try await HeartbeatService.loaded(catalog: [
            .test("a", on: "role=web"), .test("b", on: "role=db"),
        ])
        let desired = try #require(try service.beat(.test(1), .test()).desired)
        #expect(desired.apps.map(\.app) == ["a"])
        #expect(try service.beat(.test(1), .test()).desired == desired)
        let applied = AgentReport.test(apps: ["a"], generation: desired.generation)
        #expect(try service.beat(.test(1), applied).desired == nil)
        #expect(try service.beat(.test(1), applied).desired == nil)
    }

    @Test func answersItAgainWhenAnAppIsMissing() async throws {
        let service = try await HeartbeatService.loaded(catalog: [.test("a", on: "*")])
        let desired = try #require(try service.beat(.test(1), .test()).desired)
        let lost = AgentReport.test(apps: [], generation: desired.generation)
        #expect(try service.beat(.test(1), lost).desired == desired)
        #expect(try service.beat(.test(1), lost).desired == desired)
    }

    @Test func labelsDecideAnewWithEachBeat() async throws {
        let service = try await HeartbeatService.loaded(catalog: [
            .test("a", on: "role=web"), .test("b", on: "role=db"),
        ])
        _ = try service.beat(.test(1), .test())
        let moved = AgentReport.test("web-1", ["role": "db"], apps: ["a"], generation: 5)
        let desired = try #require(try service.beat(.test(1), moved).desired)
        #expect(desired.apps.map(\.app) == ["b"])
        #expect(desired.removals == ["a"])
    }

    @Test func removesNothingWithoutACatalog() async throws {
        let service = try await HeartbeatService.loaded()
        let report = AgentReport.test(apps: ["a", "b"], generation: 77)
        #expect(try service.beat(.test(1), report).desired == nil)
    }

    @Test(arguments: [true, false]) func anEmptiedCatalogRemovesNothing(complete: Bool) async throws {
        let supervisor = FakeSupervisor()
        let service = try await HeartbeatService.loaded(
            InMemoryHeartbeatStore(), supervisor, catalog: [.test("a", on: "*")])
        let desired = try #require(try service.beat(.test(1), .test()).desired)
        supervisor.publish(CatalogChange(generation: 2, complete: complete, entries: []))
        _ = try await service.follow()
        let report = AgentReport.test(apps: ["a"], generation: desired.generation)
        #expect(try service.beat(.test(1), report).desired == nil)
        let other = AgentReport.test(apps: ["a", "b"], generation: 12)
        #expect(try service.beat(.test(1), other).desired?.removals ?? [] == [])
    }

    @Test func aSupervisorRestoredFromABackupRemovesNothing() async throws {
        let supervisor = FakeSupervisor()
        let service = try await HeartbeatService.loaded(
            InMemoryHeartbeatStore(), supervisor, catalog: [.test("a", on: "*"), .test("b", on: "*")])
        supervisor.publish(CatalogChange(generation: 0, complete: false, entries: []))
        supervisor.publish(CatalogChange(generation: 0, complete: true, entries: [.test("a", on: "*")]))
        #expect(try await service.follow())
        #expect(supervisor.asked == [1, 0])
        let desired = try service.beat(.test(1), .test(apps: ["a", "b"], generation: 3)).desired
        #expect(desired?.apps.map(\.app) == ["a"])
        #expect(desired?.removals == [])
    }

    @Test func theReportedIpIsOnlyAFact() async throws {
        let service = try await HeartbeatService.loaded()
        _ = try await service.connect(FakeFleetLink(1))
        _ = try await service.connect(FakeFleetLink(2))
        var liar = AgentReport.test("web-2")
        liar.facts["ip"] = "127.0.0.1"
        _ = try service.beat(.test(1), .test("web-1"))
        _ = try service.beat(.test(2), liar)
        #expect(try service.agent("127.0.0.1").record.agent == .test(1))
        #expect(try service.agent("127.0.0.2").record.agent == .test(2))
    }

    /// Names are the agents' own word, so one that reads like an address or an id names nobody.
    @Test func aNameThatReadsLikeAnAddressIsNone() async throws {
        let service = try await HeartbeatService.loaded()
        for name in ["127.0.0.9", "fd00::9", "0000000000000009"] {
            _ = try service.beat(.test(1), .test(name))
            let error = #expect(throws: ElvesError.self) { try service.agent(name) }
            #expect(error?.code == .heartbeatAgentUnknown)
            #expect(try service.resolve(name, exclude: "").agents.isEmpty)
        }
        #expect(try service.agent("127.0.0.1").record.report.name == "0000000000000009")
    }

    @Test func aLivingAgentsAddressIsNotGivenAway() async throws {
        let service = try await HeartbeatService.loaded()
        let link = FakeFleetLink(1)
        _ = try await service.connect(link)
        await #expect(throws: AgentRefusal.duplicate(.test(1))) { try await service.connect(FakeFleetLink(1)) }
        #expect(link.isOpen)
    }

    @Test func refusesABeatThatIsTooLarge() async throws {
        let service = try await HeartbeatService.loaded {
            $0.labels = 2
            $0.facts = 2
            $0.apps = 2
            $0.textBytes = 10
            $0.agents = 1
        }
        let labels = AgentReport.test("a", ["a": "", "b": "", "c": ""])
        let long = AgentReport.test("12345678901")
        let apps = AgentReport.test("a", apps: ["a", "b", "c"])
        var digest = AgentReport.test("a", apps: ["a"])
        digest.apps[0].treeDigest = Array(repeating: 1, count: 33)
        for report in [labels, long, apps, digest] {
            let error = #expect(throws: ElvesError.self) { try service.beat(.test(1), report) }
            #expect(error?.code == .heartbeatBeatInvalid)
        }
        digest.apps[0].treeDigest.removeLast()
        _ = try service.beat(.test(1), digest)
        let full = #expect(throws: ElvesError.self) { try service.beat(.test(2), .test("a")) }
        #expect(full?.code == .heartbeatInventoryFull)
    }
}
