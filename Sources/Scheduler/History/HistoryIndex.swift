import ElvesCore
import GRDB

/// Fills the indexes of lists from the records that ended since.
enum HistoryIndex {
    /// Tasks that ended after `position`, up to the newest end; by agent, so that inserts into its index stay close.
    static func missing(after position: Int64, in db: Database) throws -> (ids: [Int64], position: Int64) {
        let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM event") ?? position
        let ids = try Int64.fetchAll(
            db,
            sql: """
                SELECT DISTINCT subject FROM event CROSS JOIN execution ON execution.id = subject
                WHERE event.id > ? AND event.id <= ? AND kind = \(EventKind.taskEnded.rawValue)
                ORDER BY agent_id, subject
                """, arguments: [position, newest])
        return (ids, newest)
    }

    static func add(_ ids: some Sequence<Int64>, to db: Database) throws {
        let list = text(ids)
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO task_index
                SELECT x.id, x.batch_id, x.app, x.function, x.agent_id, x.ip, x.caller, x.state
                FROM json_each(?) AS j CROSS JOIN execution AS x ON x.id = j.value
                """, arguments: [list])
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO task_label
                SELECT l.key, l.value, x.id FROM json_each(?) AS j CROSS JOIN execution AS x ON x.id = j.value
                CROSS JOIN json_each(x.labels) AS l WHERE x.labels <> '{}'
                """, arguments: [list])
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO agent_address
                SELECT DISTINCT t.ip, t.agent_id
                FROM json_each(?) AS j CROSS JOIN task_index AS t ON t.id = j.value
                """, arguments: [list])
    }

    static func remove(_ list: String, from db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM task_label WHERE (name, value, task_id) IN
                (SELECT l.key, l.value, x.id FROM json_each(?) AS j CROSS JOIN execution AS x ON x.id = j.value
                CROSS JOIN json_each(x.labels) AS l WHERE x.labels <> '{}')
                """, arguments: [list])
        try db.execute(
            sql: "DELETE FROM task_index WHERE id IN (SELECT value FROM json_each(?))", arguments: [list])
    }

    /// Entries of the tail: ends after `position`.
    static func tail(after position: Int64, in db: Database) throws -> HistoryTail {
        var tail = HistoryTail(indexed: position)
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT id, subject FROM event WHERE id > ? AND kind = \(EventKind.taskEnded.rawValue) ORDER BY id",
            arguments: [position])
        for row in rows {
            let id: Int64 = row[1]
            guard let record = try ExecutionRow.fetch(db, ids: [id], isBrief: true).first else { continue }
            tail.add(HistoryEntry(record), at: row[0])
        }
        return tail
    }

    static func text(_ ids: some Sequence<Int64>) -> String {
        "[" + ids.map(String.init).joined(separator: ",") + "]"
    }
}
