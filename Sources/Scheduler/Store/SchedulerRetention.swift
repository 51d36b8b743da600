import ElvesCore
import GRDB

/// Deletes old rows a step at a time, so that no writer waits long.
enum SchedulerRetention {
    /// Ended tasks that go, those that ended first before others. `excess`: how many there are too many.
    ///
    /// A read: what it finds may still go when that is carried out, because nothing follows an end.
    static func find(_ bounds: RetentionBounds, excess: Int, in db: Database) throws -> [Int64] {
        let open = HistoryIndex.text(try Int64.fetchAll(db, sql: "SELECT id FROM batch WHERE ended_at = 0"))
        let statement = try db.cachedStatement(sql: oldest)
        let ids = try Int64.fetchAll(statement, arguments: [bounds.before, open, bounds.step])
        let tooMany = min(excess, bounds.step)
        return tooMany <= ids.count ? ids : try Int64.fetchAll(statement, arguments: [Int64.max, open, tooMany])
    }

    /// Entries of one index, from its start. Those of batches that have not ended are passed over there.
    static let oldest = """
        SELECT id FROM execution WHERE ended_at > 0 AND ended_at < ?
        AND batch_id NOT IN (SELECT value FROM json_each(?)) ORDER BY ended_at LIMIT ?
        """

    /// Deletes the tasks and what hangs on them; answers how many batches went with them, at most `room`.
    static func delete(_ ids: [Int64], room: Int, in db: Database) throws -> Int {
        if !ids.isEmpty {
            let list = HistoryIndex.text(ids)
            try HistoryIndex.remove(list, from: db)
            try deleteResults(list, in: db)
            for table in ["execution_text", "execution"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE id IN (SELECT value FROM json_each(?))", arguments: [list])
            }
        }
        return room > 0 ? try deleteEmptyBatches(room, in: db) : 0
    }

    /// The tasks' places in cursors; each owner's readers can tell from then on that they missed some.
    private static func deleteResults(_ list: String, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO result_lost (owner, position)
                SELECT owner, max(position) FROM result WHERE task_id IN (SELECT value FROM json_each(?)) GROUP BY owner
                ON CONFLICT (owner) DO UPDATE SET position = max(position, excluded.position)
                """, arguments: [list])
        try db.execute(
            sql: "DELETE FROM result WHERE task_id IN (SELECT value FROM json_each(?))", arguments: [list])
    }

    /// Batches that ended and none of whose tasks is left, their plans, and keys that name nothing any more.
    private static func deleteEmptyBatches(_ limit: Int, in db: Database) throws -> Int {
        let batches = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM batch WHERE ended_at > 0 AND NOT EXISTS
                (SELECT 1 FROM execution WHERE execution.batch_id = batch.id AND execution.batch_id <> 0)
                ORDER BY id LIMIT ?
                """, arguments: [limit])
        for batch in batches {
            try db.execute(sql: "DELETE FROM plan WHERE batch_id = ?", arguments: [batch])
            try db.execute(sql: "DELETE FROM batch WHERE id = ?", arguments: [batch])
        }
        try db.execute(
            sql: """
                DELETE FROM idempotency WHERE subject IN (
                    SELECT subject FROM idempotency
                    WHERE NOT EXISTS (SELECT 1 FROM execution WHERE id = subject)
                    AND NOT EXISTS (SELECT 1 FROM batch WHERE id = subject)
                    ORDER BY subject LIMIT ?)
                """, arguments: [limit])
        return batches.count
    }
}
