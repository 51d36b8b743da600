import ElvesCore
import GRDB

/// The texts of a record that are too long for its row.
enum ExecutionText {
    private static let insert = """
        INSERT OR REPLACE INTO execution_text (id, param, message, result, stdout_head, stdout_tail, stdout_dropped,
            stderr_head, stderr_tail, stderr_dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let select = """
        SELECT param, message, result, stdout_head, stdout_tail, stdout_dropped, stderr_head, stderr_tail,
            stderr_dropped FROM execution_text WHERE id = ?
        """

    static func write(_ record: Execution, to db: Database) throws {
        let outcome = record.outcome
        try db.cachedStatement(sql: insert).execute(arguments: [
            record.id.rawValue, record.call.param, outcome.message, outcome.result, outcome.stdout.head,
            outcome.stdout.tail, outcome.stdout.dropped, outcome.stderr.head, outcome.stderr.tail,
            outcome.stderr.dropped,
        ])
    }

    /// Puts the whole texts in place of the cut ones.
    static func read(into record: inout Execution, from db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: select), arguments: [record.id.rawValue])
        else { return }
        record.call.param = row[0]
        record.outcome.message = row[1]
        record.outcome.result = row[2]
        record.outcome.stdout = KeptOutput(head: row[3], tail: row[4], dropped: row[5])
        record.outcome.stderr = KeptOutput(head: row[6], tail: row[7], dropped: row[8])
    }
}
