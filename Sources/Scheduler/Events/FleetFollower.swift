import AgentLinks
import ElvesCore
import Logging

/// News of the fleet, as heartbeat tells them.
package struct FleetNews: Sendable, Hashable {
    package var cursor: FleetCursor
    package var events: [SchedulerEvent]
    /// Whether some between the asked cursor and these are gone.
    package var lost: Bool

    /// Creates news.
    package init(cursor: FleetCursor, events: [SchedulerEvent], lost: Bool) {
        self.cursor = cursor
        self.events = events
        self.lost = lost
    }
}

/// Where news of the fleet come from.
package protocol FleetSource: Sendable {
    /// What came after the cursor, or where the news stand for epoch 0; waits up to `waitMs` for at least one.
    func news(after cursor: FleetCursor, waitMs: Int64) async throws -> FleetNews
}

/// Takes over heartbeat's events, each once: how far it has come is written with them.
package struct FleetFollower: Sendable {
    private let store: any SchedulerStore
    private let source: any FleetSource
    private let time: Timekeeper
    private let logger: Logger
    /// Between two tries while heartbeat is away.
    private let retry: Duration
    private let waitMs: Int64

    /// Creates a follower for a service.
    package init(
        _ service: SchedulerService, source: any FleetSource, retry: Duration = .seconds(1), waitMs: Int64 = 25_000
    ) {
        store = service.store
        time = service.time
        logger = service.logger
        self.source = source
        self.retry = retry
        self.waitMs = waitMs
    }

    /// Works until the task is cancelled.
    package func run() async {
        var failing = false
        while !Task.isCancelled {
            let start = time.micros()
            do {
                let news = try await follow()
                if failing { logger.notice("events of the fleet are followed again") }
                failing = false
                // An answer without news should have taken its time.
                if news > 0 || time.micros() - start > 100_000 { continue }
            } catch {
                if !failing, !Task.isCancelled {
                    logger.warning("events of the fleet cannot be followed", metadata: ["error": "\(error)"])
                }
                failing = true
            }
            try? await time.sleep(retry)
        }
    }

    /// Takes over one page; answers how many events it had.
    func follow() async throws -> Int {
        let cursor = try await store.fleetCursor() ?? FleetCursor(epoch: 0, after: 0)
        let news = try await source.news(after: cursor, waitMs: waitMs)
        if news.lost { logger.warning("some events of the fleet were lost") }
        guard !news.events.isEmpty || news.cursor != cursor else { return 0 }
        try await store.record(news.events, cursor: news.cursor)
        return news.events.count
    }
}
