import ElvesCore
import Synchronization
import TestSupport
import Testing

@testable import Scheduler

/// Heartbeat, played.
final class PlayedFleet: FleetSource {
    struct Away: Error {}

    private let pages: Mutex<[FleetNews]>
    private let asked = Mutex<[FleetCursor]>([])

    init(_ pages: [FleetNews]) { self.pages = Mutex(pages) }

    var cursors: [FleetCursor] { asked.withLock { $0 } }

    func news(after cursor: FleetCursor, waitMs: Int64) async throws -> FleetNews {
        asked.withLock { $0.append(cursor) }
        return try pages.withLock { pages in
            if pages.isEmpty { throw Away() }
            return pages.removeFirst()
        }
    }
}

@Suite struct FleetFollowerTests {
    private func event(_ kind: EventKind) -> SchedulerEvent {
        var event = SchedulerEvent(at: 5, kind: kind)
        event.target = TaskTarget(id: .test(7), ip: "10.0.0.7", name: "web-7")
        return event
    }

    @Test func eventsAreTakenOverOnceAndFromWhereItStopped() async throws {
        let store = FaultyStore()
        let service = try await SchedulerService.serving(store)
        let fleet = PlayedFleet([
            FleetNews(cursor: FleetCursor(epoch: 3, after: 8), events: [], lost: false),
            FleetNews(cursor: FleetCursor(epoch: 3, after: 9), events: [event(.agentUp)], lost: false),
            FleetNews(cursor: FleetCursor(epoch: 3, after: 9), events: [event(.agentUp)], lost: false),
            FleetNews(cursor: FleetCursor(epoch: 4, after: 1), events: [event(.agentDown)], lost: true),
        ])
        let follower = FleetFollower(service, source: fleet, waitMs: 0)
        #expect(try await follower.follow() == 0)
        store.fails = true
        await #expect(throws: (any Error).self) { try await follower.follow() }
        store.fails = false
        #expect(try await follower.follow() == 1)
        #expect(try await follower.follow() == 1)
        await #expect(throws: PlayedFleet.Away.self) { try await follower.follow() }
        #expect(
            fleet.cursors == [(0, 0), (3, 8), (3, 8), (3, 9), (4, 1)].map { FleetCursor(epoch: $0, after: $1) })
        let list = try await service.events(after: 0, limit: 10, waitMs: 0)
        #expect(list.events.map(\.kind) == [.agentUp, .agentDown])
        #expect(list.events.map(\.target.name) == ["web-7", "web-7"])
    }
}
