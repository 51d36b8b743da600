import ElvesCore
import GRDB

/// A batch's record as a row.
enum BatchRow {
    private static let columns = [
        "id", "app", "function", "param", "timeout_ms", "proxy", "labels", "total", "concurrency", "generation",
        "caller", "trace", "created_at", "ended_at", "states", "max_failures",
        "max_failure_percent", "start_by", "retry_rule", "owner", "stop_reason", "files",
    ]

    private static let insert = """
        INSERT OR REPLACE INTO batch (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """

    /// Writes records over older ones of the same id. Answers with those that have ended by this write.
    static func write(_ records: [Batch], to db: Database) throws -> [Batch] {
        var ended: [Batch] = []
        for record in records {
            if record.endedAt > 0 {
                let known = try Int64.fetchOne(
                    db.cachedStatement(sql: "SELECT ended_at FROM batch WHERE id = ?"),
                    arguments: [record.id.rawValue])
                if known ?? 0 == 0 { ended.append(record) }
            }
            try db.cachedStatement(sql: insert).execute(arguments: [
                record.id.rawValue, record.call.app, record.call.function, record.call.param, record.call.timeoutMs,
                record.call.proxy, StoredText.of(record.call.labels), record.total, record.concurrency,
                record.generation, record.caller, record.trace, record.createdAt, record.endedAt,
                StoredText.of(record.states), record.maxFailures, record.maxFailurePercent, record.startBy,
                record.retryRule.map(StoredText.of), record.owner, record.stopReason,
                StoredText.of(record.call.files),
            ])
        }
        return ended
    }

    /// The rows that meet the condition. `withParams`: params are long; lists do without them.
    static func fetch(
        _ db: Database, _ condition: String, _ arguments: StatementArguments, withParams: Bool = true
    ) throws -> [Batch] {
        let read = columns.map { $0 == "param" && !withParams ? "NULL" : $0 }
        let sql = "SELECT \(read.joined(separator: ", ")) FROM batch \(condition)"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { row in
            guard let id = ElvesID(rawValue: row[0]) else { return nil }
            let call = FunctionCall(
                app: row[1], function: row[2], param: row[3], timeoutMs: row[4], proxy: row[5],
                labels: StoredText.labels(row[6]), files: StoredText.files(row[21]))
            var batch = Batch(
                id: id, call: call, total: row[7], concurrency: row[8], generation: row[9], caller: row[10],
                trace: row[11], createdAt: row[12])
            batch.endedAt = row[13]
            batch.states = StoredText.states(row[14])
            batch.maxFailures = row[15]
            batch.maxFailurePercent = row[16]
            batch.startBy = row[17]
            batch.retryRule = StoredText.retryRule(row[18])
            batch.owner = row[19]
            batch.stopReason = row[20]
            return batch
        }
    }
}
