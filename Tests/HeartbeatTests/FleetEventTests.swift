import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Heartbeat

@Suite struct FleetEventTests {
    private func connect(_ service: HeartbeatService, _ number: Int64) async throws -> FleetChannel {
        let channel = try await service.connect(FakeFleetLink(number))
        _ = try service.beat(.test(number), .test("web-\(number)"))
        return channel
    }

    private func kinds(_ service: HeartbeatService) -> [String] {
        service.events.notes(epoch: service.events.epoch, after: 0, limit: 1_000).notes.map {
            "\($0.kind.rawValue) \($0.record.report.name)"
        }
    }

    @Test func comingAndStayingAwayAreEvents() async throws {
        let time = TestTime()
        let service = try await HeartbeatService.loaded(time: time.keeper)
        let channel = try await connect(service, 7)
        await service.watch()
        await service.watch()
        #expect(kinds(service) == ["agent.up web-7"])
        service.disconnect(channel)
        await service.watch()
        time.advance(ms: 14_000)
        await service.watch()
        #expect(kinds(service).count == 1)
        time.advance(ms: 2_000)
        await service.watch()
        await service.watch()
        #expect(kinds(service) == ["agent.up web-7", "agent.down web-7"])
        _ = try await connect(service, 7)
        await service.watch()
        #expect(kinds(service).last == "agent.up web-7")
    }

    @Test func whoIsAwayForSecondsNeverLeft() async throws {
        let time = TestTime()
        let service = try await HeartbeatService.loaded(time: time.keeper)
        for _ in 0..<5 {
            let channel = try await connect(service, 7)
            await service.watch()
            service.disconnect(channel)
            await service.watch()
            time.advance(ms: 5_000)
            await service.watch()
        }
        #expect(kinds(service) == ["agent.up web-7"])
    }

    @Test func aRestartIsNoNewsOfThoseWhoComeBack() async throws {
        let time = TestTime()
        let store = InMemoryHeartbeatStore()
        let wallMs = time.keeper.wallMs()
        for (number, beatAt) in [(7, wallMs - 1_000), (8, wallMs), (9, wallMs - 3_600_000)] as [(Int64, Int64)] {
            try await store.save([
                AgentRecord(agent: .test(number), report: .test("web-\(number)"), lastBeatAt: beatAt, firstSeenAt: 1)
            ])
        }
        let service = try await HeartbeatService.loaded(store, time: time.keeper)
        await service.watch()
        time.advance(ms: 30_000)
        _ = try await connect(service, 7)
        await service.watch()
        #expect(kinds(service).isEmpty)
        time.advance(ms: 70_000)
        _ = try service.beat(.test(7), .test("web-7"))
        await service.watch()
        // One that was away for long before the restart is not missed again.
        #expect(kinds(service) == ["agent.down web-8"])
    }

    @Test func whatBecomesOfAppsIsAnEvent() async throws {
        let service = try await HeartbeatService.loaded()
        _ = try await service.connect(FakeFleetLink(7))
        func beat(_ apps: [InstalledApp]) throws {
            _ = try service.beat(.test(7), AgentReport(name: "web-7", apps: apps))
        }
        try beat([InstalledApp(app: "old", version: "1.0.0")])
        #expect(kinds(service).isEmpty)
        let old = InstalledApp(app: "old", version: "1.0.0")
        try beat([old, InstalledApp(app: "hello", version: "1.0.0", problem: "no room")])
        try beat([old, InstalledApp(app: "hello", version: "1.0.0", problem: "no room")])
        try beat([old, InstalledApp(app: "hello", version: "1.0.0")])
        try beat([old, InstalledApp(app: "hello", version: "1.1.0")])
        try beat([old])
        let notes = service.events.notes(epoch: service.events.epoch, after: 0, limit: 10).notes
        #expect(notes.map(\.kind) == [.appFailed, .appInstalled, .appInstalled])
        #expect(notes.map(\.version) == ["1.0.0", "1.0.0", "1.1.0"])
        #expect(notes.map(\.problem) == ["no room", "", ""])
        #expect(notes.map(\.id) == [1, 2, 3])
    }

    @Test func theRingForgetsTheOldestAndSaysSo() {
        let ring = FleetEventRing(epoch: 5, capacity: 10)
        let record = AgentRecord(agent: .test(7), report: .test(), lastBeatAt: 1, firstSeenAt: 1)
        func add(_ count: Int) {
            ring.add((0..<count).map { _ in FleetNote(at: 1, kind: .agentUp, record: record) })
        }
        #expect(ring.notes(epoch: 0, after: 99, limit: 5) == FleetNotes(epoch: 5, notes: [], nextAfter: 0, lost: false))
        add(7)
        #expect(ring.notes(epoch: 0, after: 0, limit: 5).nextAfter == 7)
        #expect(ring.notes(epoch: 5, after: 4, limit: 2).notes.map(\.id) == [5, 6])
        add(18)
        let page = ring.notes(epoch: 5, after: 14, limit: 100)
        #expect(page.lost)
        #expect(page.notes.map(\.id) == Array(16...25))
        #expect(!ring.notes(epoch: 5, after: 15, limit: 100).lost)
        #expect(
            ring.notes(epoch: 5, after: 25, limit: 100) == FleetNotes(epoch: 5, notes: [], nextAfter: 25, lost: false))
        // A place of another start.
        let other = ring.notes(epoch: 4, after: 3, limit: 3)
        #expect(other.lost)
        #expect(other.epoch == 5)
        #expect(other.notes.map(\.id) == [16, 17, 18])
        #expect(ring.notes(epoch: 5, after: 77, limit: 3).lost)
    }

    @Test func whoFollowsWaitsForTheNextEvent() async throws {
        let service = try await HeartbeatService.loaded { $0.watchInterval = .milliseconds(1) }
        try await service.whileRunning {
            let start = try await service.events(epoch: 0, after: 0, limit: 10, waitMs: 60_000)
            #expect(start.notes.isEmpty)
            async let next = service.events(epoch: start.epoch, after: start.nextAfter, limit: 10, waitMs: 60_000)
            _ = try await connect(service, 7)
            #expect(try await next.notes.map(\.kind) == [.agentUp])
            let none = try await service.events(epoch: start.epoch, after: 1, limit: 10, waitMs: 20)
            #expect(none.notes.isEmpty)
            #expect(none.nextAfter == 1)
        }
    }
}
