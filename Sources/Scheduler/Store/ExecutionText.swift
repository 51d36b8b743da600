import ElvesCore
import Foundation
import GRDB
import StorageSQLite

/// The texts of a record that are too long for its row.
enum ExecutionText {
    private static let insert = """
        INSERT OR REPLACE INTO execution_text (id, param, message, result, stdout_head, stdout_tail, stdout_dropped,
            stderr_head, stderr_tail, stderr_dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    private static let select = """
        SELECT param, \(bytes("message")), \(bytes("result")), \(bytes("stdout_head")), \(bytes("stdout_tail")),
            stdout_dropped, \(bytes("stderr_head")), \(bytes("stderr_tail")), stderr_dropped
        FROM execution_text WHERE id = ?
        """

    private static func bytes(_ column: String) -> String { StoredText.bytes(of: column) }

    static func write(_ record: Execution, to db: Database) throws {
        let outcome = record.outcome
        try db.cachedStatement(sql: insert).execute { row in
            row.bind(record.id.rawValue)
            row.bind(record.call.param)
            row.bind(outcome.message)
            row.bind(outcome.result)
            row.bind(outcome.stdout.head)
            row.bind(outcome.stdout.tail)
            row.bind(outcome.stdout.dropped)
            row.bind(outcome.stderr.head)
            row.bind(outcome.stderr.tail)
            row.bind(outcome.stderr.dropped)
        }
    }

    /// Puts the whole texts in place of the cut ones.
    static func read(into record: inout Execution, from db: Database) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: select), arguments: [record.id.rawValue])
        else { return }
        record.call.param = row[0]
        record.outcome.message = StoredText.text(row[1])
        record.outcome.result = (row[2] as Data?).map(StoredText.text)
        record.outcome.stdout = KeptOutput(
            head: StoredText.text(row[3]), tail: StoredText.text(row[4]), dropped: row[5])
        record.outcome.stderr = KeptOutput(
            head: StoredText.text(row[6]), tail: StoredText.text(row[7]), dropped: row[8])
    }
}
