import ElvesCore
import GRDB
import Synchronization

/// How workers were started, as text: the same for every call of a function, and half of what a record would hold.
/// Each text has a row of its own, and records name it.
///
/// The table is bounded: what is too long for it, or more than it holds, stays in its record.
final class WorkerTexts: Sendable {
    struct Known: Sendable {
        let id: Int64
        /// UTC milliseconds.
        let usedAt: Int64
    }

    struct Limits: Sendable {
        /// Bytes of a text: shorter ones gain nothing.
        var lengths = 64...8_192
        /// Rows of the table.
        var rows = 10_000
    }

    /// How old the note of a text's last use may be, in milliseconds.
    private static let noteAge: Int64 = 3_600_000
    /// Texts that are known without asking the file.
    private static let keptCount = 1_000

    private struct State {
        var known: [String: Known] = [:]
        /// Counts the times that rows were deleted.
        var generation = 0
    }

    private let state = Mutex(State())
    private let limits: Limits

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// What one transaction learns: it counts once that is committed.
    struct Session: Sendable {
        fileprivate let texts: WorkerTexts
        fileprivate let generation: Int
        fileprivate var fresh: [String: Known] = [:]

        /// The row of a text that an end uses at this UTC millisecond; nil when its record is to hold it.
        mutating func id(of text: String?, at now: Int64, in db: Database) throws -> Int64? {
            guard let text, texts.limits.lengths.contains(text.utf8.count) else { return nil }
            let known = fresh[text] ?? texts.state.withLock { $0.known[text] }
            if let known, now - known.usedAt < WorkerTexts.noteAge { return known.id }
            guard let id = try texts.row(of: text, usedAt: now, in: db) else { return nil }
            fresh[text] = Known(id: id, usedAt: now)
            return id
        }

        /// The transaction is committed.
        func keep() {
            guard !fresh.isEmpty else { return }
            texts.state.withLock { state in
                guard state.generation == generation else { return }
                if state.known.count + fresh.count > WorkerTexts.keptCount { state.known = [:] }
                state.known.merge(fresh) { _, new in new }
            }
        }
    }

    func session() -> Session { Session(texts: self, generation: state.withLock { $0.generation }) }

    private func row(of text: String, usedAt now: Int64, in db: Database) throws -> Int64? {
        let update = try db.cachedStatement(
            sql: "UPDATE worker_text SET used_at = max(used_at, ?2) WHERE text = ?1 RETURNING id")
        if let id = try Int64.fetchOne(update, arguments: [text, now]) { return id }
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM worker_text") ?? 0 < limits.rows else { return nil }
        try db.cachedStatement(sql: "INSERT INTO worker_text (text, used_at) VALUES (?, ?)")
            .execute(arguments: [text, now])
        return db.lastInsertedRowID
    }

    static func text(_ id: Int64, in db: Database) throws -> String? {
        try String.fetchOne(db.cachedStatement(sql: "SELECT text FROM worker_text WHERE id = ?"), arguments: [id])
    }

    /// Deletes what no record can name any more: texts that were last used before the oldest end that is left.
    func prune(in db: Database) throws {
        // Before and whether or not it is committed: asking the file again is always right.
        state.withLock { state in
            state.generation += 1
            state.known = [:]
        }
        try db.execute(
            sql: """
                DELETE FROM worker_text
                WHERE used_at + ? < (SELECT min(ended_at) FROM execution WHERE ended_at > 0)
                """, arguments: [2 * Self.noteAge])
    }
}
