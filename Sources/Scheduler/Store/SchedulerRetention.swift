import ElvesCore
import GRDB

/// Deletes old rows a step at a time, so that no writer waits long.
enum SchedulerRetention {
    /// `excess`: how many ended tasks there are too many. Answers how many tasks and batches went.
    static func step(
        _ bounds: RetentionBounds, excess: Int, in db: Database
    ) throws -> (executions: Int, batches: Int) {
        try db.execute(
            sql: """
                DELETE FROM execution WHERE id IN
                (SELECT id FROM execution WHERE id < ? AND ended_at > 0 ORDER BY id LIMIT ?)
                """, arguments: [bounds.before.rawValue, bounds.step])
        var gone = db.changesCount
        let tooMany = min(excess, bounds.step) - gone
        if tooMany > 0 {
            try db.execute(
                sql: """
                    DELETE FROM execution WHERE id IN
                    (SELECT id FROM execution WHERE ended_at > 0 ORDER BY id LIMIT ?)
                    """, arguments: [tooMany])
            gone += db.changesCount
        }
        let room = bounds.step - gone
        return (gone, room > 0 ? try deleteEmptyBatches(room, in: db) : 0)
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
