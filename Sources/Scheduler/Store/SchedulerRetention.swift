import ElvesCore
import GRDB

/// Deletes old rows a step at a time, so that no writer waits long.
enum SchedulerRetention {
    /// `excess`: how many ended tasks there are too many. Answers which tasks and how many batches went.
    static func step(
        _ bounds: RetentionBounds, excess: Int, in db: Database
    ) throws -> (executions: [ElvesID], batches: Int) {
        var ids = try Int64.fetchAll(
            db, sql: "SELECT id FROM execution WHERE id < ? AND ended_at > 0 ORDER BY id LIMIT ?",
            arguments: [bounds.before.rawValue, bounds.step])
        let tooMany = min(excess, bounds.step)
        if tooMany > ids.count {
            ids = try Int64.fetchAll(
                db, sql: "SELECT id FROM execution WHERE ended_at > 0 ORDER BY id LIMIT ?", arguments: [tooMany])
        }
        if !ids.isEmpty {
            let list = HistoryIndex.text(ids)
            try HistoryIndex.remove(list, from: db)
            for table in ["execution_text", "execution"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE id IN (SELECT value FROM json_each(?))", arguments: [list])
            }
        }
        try deletePassedResults(bounds.step, in: db)
        let room = bounds.step - ids.count
        return (ids.compactMap(ElvesID.init(rawValue:)), room > 0 ? try deleteEmptyBatches(room, in: db) : 0)
    }

    /// Places in cursors whose tasks are gone, among the oldest of each owner.
    private static func deletePassedResults(_ limit: Int, in db: Database) throws {
        for owner in try String.fetchAll(db, sql: Self.owners) {
            try db.execute(
                sql: """
                    DELETE FROM result WHERE owner = ? AND position IN (
                        SELECT position FROM
                            (SELECT position, task_id FROM result WHERE owner = ? ORDER BY position LIMIT ?)
                        WHERE NOT EXISTS (SELECT 1 FROM execution WHERE id = task_id))
                    """, arguments: [owner, owner, 2 * limit])
        }
    }

    /// One step in the index for each owner, however many places it has.
    private static let owners = """
        WITH RECURSIVE owner (name) AS (
            SELECT min(owner) FROM result
            UNION ALL SELECT (SELECT min(owner) FROM result WHERE owner > name) FROM owner WHERE name IS NOT NULL)
        SELECT name FROM owner WHERE name IS NOT NULL
        """

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
