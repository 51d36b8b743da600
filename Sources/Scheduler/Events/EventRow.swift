import ElvesCore
import GRDB
import StorageSQLite

/// Events as rows. That of a task's end is narrow: what else it says is read from the task's record.
enum EventRow {
    /// The rows that one statement inserts: their cost is that of statements.
    private static let together = 32

    private static let endValues = "(?, ?, \(EventKind.taskEnded.rawValue), ?, ?, NULL)"
    private static let insert = "INSERT INTO event (id, at, kind, subject, state, detail) VALUES "
    private static let insertEnd = insert + endValues
    private static let insertEnds = insert + Array(repeating: endValues, count: together).joined(separator: ", ")
    private static let insertAny = insert + "(?, ?, ?, ?, 0, ?)"

    /// Writes the ends of tasks at the positions from `first` on.
    static func write(_ ends: [RecordedEnd], from first: Int64, to db: Database) throws {
        var place = 0
        while place < ends.count {
            let count = ends.count - place >= together ? together : 1
            try db.cachedStatement(sql: count == 1 ? insertEnd : insertEnds).execute { row in
                for end in place..<place + count {
                    row.bind(first + Int64(end))
                    row.bind(ends[end].record.endedAt)
                    row.bind(ends[end].record.id.rawValue)
                    row.bind(ends[end].record.state.rawValue)
                }
            }
            place += count
        }
    }

    /// Writes an event that no task's record tells of.
    static func write(_ event: SchedulerEvent, to db: Database) throws {
        try db.cachedStatement(sql: insertAny).execute(arguments: [
            event.id, event.at, event.kind.rawValue, (event.batch ?? event.target.id)?.rawValue ?? 0,
            StoredEvent.text(event),
        ])
    }

    static func fetch(_ db: Database, after: Int64, limit: Int) throws -> [SchedulerEvent] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT id, at, kind, subject, state, detail FROM event WHERE id > ? ORDER BY id LIMIT ?"),
            arguments: [after, limit])
        return try rows.compactMap { row in
            guard let kind = EventKind(rawValue: row[2]) else { return nil }
            if let detail = row[5] as String? {
                var event = StoredEvent.read(detail)
                event?.id = row[0]
                return event
            }
            let task = ElvesID(rawValue: row[3])
            let record = try task.flatMap { try ExecutionRow.fetch(db, ids: [$0.rawValue], isBrief: true).first }
            var event = SchedulerEvent(at: row[1], kind: kind)
            if var record {
                // The state as it was then: `unknown` may have become a definite end since.
                let state = TaskState(rawValue: row[4])
                if let state, state != record.state { record.become(state) }
                event = SchedulerEvent(end: record, at: row[1])
            } else {
                event.task = task
                event.state = TaskState(rawValue: row[4])
            }
            event.id = row[0]
            return event
        }
    }
}

extension Execution {
    /// Forgets what a later end said.
    fileprivate mutating func become(_ earlier: TaskState) {
        state = earlier
        outcome = TaskOutcome()
        if earlier == .unknown { outcome.code = ErrorCode.schedulerAgentLost.code }
    }
}
