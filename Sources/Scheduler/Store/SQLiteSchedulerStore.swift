package import ElvesCore
import Foundation
import GRDB
package import StorageSQLite
import Synchronization

/// The scheduler's records in one SQLite file.
package final class SQLiteSchedulerStore: SchedulerStore {
    /// What is in memory beside the file.
    struct State: Sendable {
        /// How many ended tasks the file holds; nil until the first retention run counts them once.
        var ended: Int?
        /// The last position that was given to an event.
        var position: Int64
        var tail: HistoryTail
        var webhooks: [WebhookRecord]
    }

    let file: SQLiteStore
    let state: Mutex<State>
    private let texts: WorkerTexts
    package let feed: RecordFeed

    /// Opens or creates the file.
    package convenience init(path: String, options: SQLiteStore.Options = SQLiteStore.Options()) throws {
        try self.init(path: path, options: options, texts: WorkerTexts.Limits())
    }

    /// The same, with other bounds of texts that records share.
    init(path: String, options: SQLiteStore.Options = SQLiteStore.Options(), texts: WorkerTexts.Limits) throws {
        self.texts = WorkerTexts(texts)
        file = try SQLiteStore.open(path, options: options, migrations: SchedulerSchema.migrations)
        let loaded = try file.readNow { db in
            let lost = try Mark.lost.value(in: db) ?? 0
            let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM event") ?? 0
            return State(
                position: max(lost, newest),
                tail: try HistoryIndex.tail(after: try Mark.indexed.value(in: db) ?? 0, in: db),
                webhooks: try WebhookRow.fetch(db))
        }
        state = Mutex(loaded)
        feed = RecordFeed(position: loaded.position)
    }

    /// Ends all connections, so that later calls fail. Not needed before a process exits.
    package func close() throws { try file.close() }

    package func create(_ execution: Execution, claim: IdempotencyClaim?) async throws -> ClaimResult {
        try await file.write(.synced) { db in
            if let claim, let taken = try claim.take(for: execution.id, in: db) { return taken }
            // A task that has not ended has no worker yet.
            var session = self.texts.session()
            _ = try ExecutionRow.write([execution], texts: &session, to: db)
            return .new
        }
    }

    package func create(
        _ batch: Batch, tasks: [PlannedTask], claim: IdempotencyClaim?
    ) async throws -> ClaimResult {
        try await file.write(.synced) { db in
            if let claim, let taken = try claim.take(for: batch.id, in: db) { return taken }
            _ = try BatchRow.write([batch], to: db)
            let insert = try db.cachedStatement(
                sql: "INSERT INTO plan (batch_id, task_id, agent_id, ip, name) VALUES (?, ?, ?, ?, ?)")
            for task in tasks {
                let target = task.target
                try insert.execute(arguments: [
                    batch.id.rawValue, task.id.rawValue, target.id?.rawValue ?? 0, target.ip, target.name,
                ])
            }
            return .new
        }
    }

    package func write(
        _ executions: [Execution], batches: [Batch], _ durability: RecordDurability
    ) async throws {
        let (recorded, session) = try await file.write(durability == .synced ? .synced : .buffered) { db in
            var session = self.texts.session()
            let ends = try ExecutionRow.write(executions, texts: &session, to: db)
            return (try self.record(ends, try BatchRow.write(batches, to: db), in: db), session)
        }
        session.keep()
        tell(recorded)
    }

    package func execution(_ id: ElvesID) async throws -> Execution? {
        try await file.read { db in
            try ExecutionRow.fetch(db, "WHERE id = ?", [id.rawValue]).first
        }
    }

    package func executions(_ ids: [ElvesID]) async throws -> [Execution] {
        try await file.read { db in try ExecutionRow.fetch(db, ids: ids.map(\.rawValue)) }
    }

    package func batch(_ id: ElvesID) async throws -> Batch? {
        try await file.read { db in try BatchRow.fetch(db, "WHERE id = ?", [id.rawValue]).first }
    }

    package func batchEnds(_ id: ElvesID, after: Int64, limit: Int) async throws -> [Execution] {
        try await file.read { db in
            try ExecutionRow.fetch(
                db, "WHERE batch_id = ? AND batch_id <> 0 AND batch_place > ? ORDER BY batch_place LIMIT ?",
                [id.rawValue, max(0, after), limit])
        }
    }

    package func unfinished(limit: Int) async throws -> [Execution] {
        try await file.read { db in try ExecutionRow.fetch(db, "WHERE ended_at = 0 ORDER BY id LIMIT ?", [limit]) }
    }

    package func batches(of app: String, before: ElvesID?, limit: Int) async throws -> [Batch] {
        try await file.read { db in
            try BatchRow.fetch(
                db, "WHERE id < ? AND (app = ? OR ? = '') ORDER BY id DESC LIMIT ?",
                [before?.rawValue ?? .max, app, app, limit], withParams: false)
        }
    }

    package func unfinishedBatches(limit: Int) async throws -> [Batch] {
        try await file.read { db in try BatchRow.fetch(db, "WHERE ended_at = 0 ORDER BY id LIMIT ?", [limit]) }
    }

    package func unrecorded(of batch: ElvesID, limit: Int) async throws -> [PlannedTask] {
        try await file.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT task_id, agent_id, ip, name FROM plan
                    WHERE batch_id = ? AND NOT EXISTS (SELECT 1 FROM execution WHERE id = task_id)
                    ORDER BY task_id LIMIT ?
                    """, arguments: [batch.rawValue, limit])
            return rows.compactMap { row in
                guard let id = ElvesID(rawValue: row[0]) else { return nil }
                return PlannedTask(
                    id: id, target: TaskTarget(id: ElvesID(rawValue: row[1]), ip: row[2], name: row[3]))
            }
        }
    }

    package func progress(of batch: ElvesID) async throws -> BatchProgress {
        try await file.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT state, count(*), max(batch_place) FROM execution
                    WHERE batch_id = ? AND batch_id <> 0 GROUP BY state
                    """, arguments: [batch.rawValue])
            return rows.reduce(into: BatchProgress()) { progress, row in
                guard let state = TaskState(rawValue: row[0]) else { return }
                progress.states[state] = row[1]
                progress.lastPlace = max(progress.lastPlace, row[2])
            }
        }
    }

    package func lastID() async throws -> ElvesID? {
        try await file.read { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT max(id) FROM (SELECT max(id) AS id FROM execution
                    UNION ALL SELECT max(id) FROM batch
                    UNION ALL SELECT max(task_id) FROM plan WHERE batch_id = (SELECT max(id) FROM batch))
                    """)
        }.flatMap(ElvesID.init(rawValue:))
    }

    package func retain(_ bounds: RetentionBounds) async throws -> Int {
        if state.withLock({ $0.ended == nil }) {
            // Reads a whole index: once, beside the writer. From then on each write is counted.
            let count = try await file.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM task_index") }
            state.withLock { $0.ended = $0.ended ?? (count ?? 0) + $0.tail.count }
        }
        var excess = (state.withLock { $0.ended } ?? 0) - bounds.keep
        if try await file.usedBytes() > bounds.bytes { excess = max(excess, bounds.step) }
        let ids = try await file.read { [excess] db in try SchedulerRetention.find(bounds, excess: excess, in: db) }
        let batches = try await file.write(.buffered) { db in
            let batches = try SchedulerRetention.delete(ids, room: bounds.step - ids.count, in: db)
            if !ids.isEmpty { try self.texts.prune(in: db) }
            return batches
        }
        state.withLock { state in
            state.ended = state.ended.map { $0 - ids.count }
            state.tail.remove(ids.compactMap(ElvesID.init(rawValue:)))
        }
        if !ids.isEmpty { try await file.reclaim() }
        return ids.count + batches
    }
}

extension IdempotencyClaim {
    /// Takes the key for `subject`, or says who has it.
    fileprivate func take(for subject: ElvesID, in db: Database) throws -> ClaimResult? {
        let row = try Row.fetchOne(
            db, sql: "SELECT subject, fingerprint FROM idempotency WHERE caller = ? AND key = ?",
            arguments: [caller, key])
        if let row, let owner = ElvesID(rawValue: row[0]) {
            return .taken(by: owner, fingerprint: Array(row[1] as Data))
        }
        try db.execute(
            sql: "INSERT INTO idempotency (caller, key, subject, fingerprint) VALUES (?, ?, ?, ?)",
            arguments: [caller, key, subject.rawValue, Data(fingerprint)])
        return nil
    }
}
