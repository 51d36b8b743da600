import ElvesCore
import GRDB
import StorageSQLite
import Synchronization

/// What a write recorded beside the records themselves: known to others once it is committed.
struct Recorded: Sendable {
    var ends: [(position: Int64, end: RecordedEnd)] = []
    /// Where what was committed stands, for those who wait.
    var topics: [RecordFeed.Topic: Int64] = [:]
}

/// Events and results, written in the transaction of what they tell of.
///
/// One thread writes the file, so positions are given in the order of commits: who has read up to one has missed
/// nothing before it.
extension SQLiteSchedulerStore {
    /// Writes the events, places in cursors and deliveries of ends. Called in their transaction.
    func record(_ ends: [RecordedEnd], _ batches: [Batch], in db: Database) throws -> Recorded {
        var recorded = Recorded()
        guard !ends.isEmpty || !batches.isEmpty else { return recorded }
        let first = take(ends.count)
        try EventRow.write(ends, from: first, to: db)
        let place = "INSERT INTO result (owner, position, task_id) VALUES (?, ?, ?)"
        for (offset, end) in ends.enumerated() {
            let position = first + Int64(offset)
            recorded.ends.append((position, end))
            guard !end.record.owner.isEmpty else { continue }
            try db.cachedStatement(sql: place).execute(arguments: [
                end.record.owner, position, end.record.id.rawValue,
            ])
            recorded.topics[.results(owner: end.record.owner)] = position
        }
        let others = try write(batches.map(SchedulerEvent.init(end:)), to: db)
        recorded.topics[.events] = others.last?.id ?? first + Int64(ends.count) - 1
        let webhooks = state.withLock { $0.webhooks }
        guard !webhooks.isEmpty else { return recorded }
        let events =
            recorded.ends.map { position, end in
                var event = SchedulerEvent(end: end.record)
                event.id = position
                return event
            } + others
        try deliver(events, to: webhooks, &recorded, in: db)
        return recorded
    }

    /// Tells of what was committed.
    func tell(_ recorded: Recorded) {
        state.withLock { state in
            for (position, end) in recorded.ends { state.tail.add(HistoryEntry(end.record), at: position) }
            let more = recorded.ends.count { $0.end.isFirst }
            state.ended = state.ended.map { $0 + more }
        }
        feed.advance(recorded.topics)
    }

    package func record(_ events: [SchedulerEvent], cursor: FleetCursor) async throws {
        let recorded = try await file.write(.buffered) { db in
            var recorded = Recorded()
            let events = try self.write(events, to: db)
            recorded.topics[.events] = events.last?.id
            try Mark.fleetEpoch.set(cursor.epoch, in: db)
            try Mark.fleetAfter.set(cursor.after, in: db)
            try self.deliver(events, to: self.state.withLock { $0.webhooks }, &recorded, in: db)
            return recorded
        }
        tell(recorded)
    }

    package func fleetCursor() async throws -> FleetCursor? {
        try await file.read { db in
            guard let epoch = try Mark.fleetEpoch.value(in: db) else { return nil }
            return FleetCursor(epoch: epoch, after: try Mark.fleetAfter.value(in: db) ?? 0)
        }
    }

    package func events(after: Int64, limit: Int) async throws -> EventList {
        try await file.read { db in
            let lost = try Mark.lost.value(in: db) ?? 0
            let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM event") ?? lost
            // Past the newest: of a store that was there before this one.
            guard after <= newest else { return EventList(events: [], nextAfter: newest, lost: true) }
            let events = try EventRow.fetch(db, after: after, limit: limit)
            return EventList(events: events, nextAfter: events.last?.id ?? max(after, lost), lost: after < lost)
        }
    }

    package func retainEvents(_ bounds: EventBounds) async throws -> Int {
        try await file.write(.buffered) { db in
            let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM event") ?? 0
            // What is not in the indexes of lists yet has to stay.
            let last = min(newest - 1, try Mark.indexed.value(in: db) ?? 0)
            let oldest = try Row.fetchAll(
                db, sql: "SELECT id, at FROM event WHERE id <= ? ORDER BY id LIMIT ?", arguments: [last, bounds.step])
            let gone = oldest.prefix { row in
                (row[0] as Int64) <= newest - Int64(bounds.keep) || (row[1] as Int64) < bounds.before
            }
            guard let upTo = gone.last?[0] as Int64? else { return 0 }
            try db.execute(sql: "DELETE FROM event WHERE id <= ?", arguments: [upTo])
            try Mark.lost.set(upTo, in: db)
            return gone.count
        }
    }

    package func results(of owner: String, after: Int64, limit: Int) async throws -> PlacedEnds {
        try await file.read { db in
            let bounds = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT (SELECT position FROM result_lost WHERE owner = ?1),
                        (SELECT max(position) FROM result WHERE owner = ?1)
                        """), arguments: [owner])
            let deleted: Int64 = bounds?[0] ?? 0
            return try PlacedEnds.after(after, deleted: deleted, newest: max(deleted, bounds?[1] ?? 0)) { start in
                let rows = try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT position, task_id FROM result WHERE owner = ? AND position > ?
                            ORDER BY position LIMIT ?
                            """), arguments: [owner, start, limit])
                return try rows.compactMap { row in
                    try ExecutionRow.fetch(db, ids: [row[1] as Int64]).first.map {
                        PlacedEnd(position: row[0], execution: $0)
                    }
                }
            }
        }
    }

    /// Writes events that no task's record tells of, and answers with them as they are now placed.
    private func write(_ events: [SchedulerEvent], to db: Database) throws -> [SchedulerEvent] {
        guard !events.isEmpty else { return [] }
        let first = take(events.count)
        return try events.enumerated().map { offset, event in
            var event = event
            event.id = first + Int64(offset)
            try EventRow.write(event, to: db)
            return event
        }
    }

    /// Takes the next positions; answers with the first. Those of a transaction that fails stay unused.
    private func take(_ count: Int) -> Int64 {
        state.withLock { state in
            defer { state.position += Int64(count) }
            return state.position + 1
        }
    }

    private func deliver(
        _ events: [SchedulerEvent], to webhooks: [WebhookRecord], _ recorded: inout Recorded, in db: Database
    ) throws {
        for event in events {
            for webhook in webhooks where webhook.takes(event) {
                try DeliveryRow.write(event, for: webhook.id, to: db)
                recorded.topics[.deliveries] = event.id
            }
        }
    }
}
