import ElvesCore
import GRDB
import StorageSQLite
import Synchronization

/// Webhooks and their deliveries.
extension SQLiteSchedulerStore {
    package func add(_ webhook: WebhookRecord) async throws -> Int64 {
        try await changeWebhooks { db in try WebhookRow.insert(webhook, to: db) }
    }

    package func webhooks() async throws -> [WebhookRecord] {
        try await file.read { db in try WebhookRow.fetch(db) }
    }

    package func removeWebhook(_ id: Int64) async throws -> Bool {
        try await changeWebhooks { db in
            try db.execute(sql: "DELETE FROM webhook WHERE id = ?", arguments: [id])
            let removed = db.changesCount > 0
            try db.execute(sql: "DELETE FROM delivery WHERE webhook_id = ?", arguments: [id])
            return removed
        }
    }

    /// Changes the webhooks, and what is in memory of them: on the writing thread, so that ends which are written
    /// after it go by the new ones.
    private func changeWebhooks<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        do {
            return try await file.write(.synced) { db in
                let value = try body(db)
                let all = try WebhookRow.fetch(db)
                self.state.withLock { $0.webhooks = all }
                return value
            }
        } catch {
            let all = try await webhooks()
            state.withLock { $0.webhooks = all }
            throw error
        }
    }

    package func deliveryCounts() async throws -> [Int64: DeliveryCounts] {
        try await file.read { db in
            // Two questions, because each state has an index of its own.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT webhook_id, 0, count(*) FROM delivery WHERE dead = 0 GROUP BY webhook_id
                    UNION ALL SELECT webhook_id, 1, count(*) FROM delivery WHERE dead = 1 GROUP BY webhook_id
                    """)
            return rows.reduce(into: [:]) { counts, row in
                let path = row[1] ? \DeliveryCounts.dead : \DeliveryCounts.waiting
                counts[row[0], default: DeliveryCounts()][keyPath: path] = row[2]
            }
        }
    }

    package func dueDeliveries(_ webhook: Int64, now: Int64, limit: Int) async throws -> [WebhookDelivery] {
        try await file.read { db in
            try DeliveryRow.fetch(
                db, "webhook_id = ? AND dead = 0 AND next_at <= ? ORDER BY next_at, id LIMIT ?",
                [webhook, now, limit])
        }
    }

    package func nextDelivery(_ webhook: Int64) async throws -> Int64? {
        try await file.read { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT min(next_at) FROM delivery WHERE webhook_id = ? AND dead = 0"),
                arguments: [webhook])
        }
    }

    package func settle(_ words: [Int64: DeliveryWord], now: Int64) async throws {
        try await file.write(.buffered) { db in
            for (id, word) in words { try DeliveryRow.settle(id, word, now: now, in: db) }
        }
    }

    package func trimDeliveries(
        _ webhook: Int64, keep: Int, problem: String, keepDead: Int, deadBefore: Int64
    ) async throws -> Int {
        try await file.write(.buffered) { db in
            try db.execute(
                sql: """
                    UPDATE delivery SET dead = 1, problem = ? WHERE id IN (SELECT id FROM delivery
                    WHERE webhook_id = ? AND dead = 0 ORDER BY id DESC LIMIT -1 OFFSET ?)
                    """, arguments: [problem, webhook, keep])
            let died = db.changesCount
            try db.execute(
                sql: """
                    DELETE FROM delivery WHERE id IN (SELECT id FROM delivery
                    WHERE webhook_id = ? AND dead = 1 ORDER BY id DESC LIMIT -1 OFFSET ?)
                    """, arguments: [webhook, keepDead])
            try db.execute(
                sql: "DELETE FROM delivery WHERE webhook_id = ? AND dead = 1 AND created_at < ?",
                arguments: [webhook, deadBefore])
            return died
        }
    }

    package func deadLetters(_ webhook: Int64, before: Int64, limit: Int) async throws -> [WebhookDelivery] {
        try await file.read { db in
            try DeliveryRow.fetch(
                db, "webhook_id = ? AND dead = 1 AND id < ? ORDER BY id DESC LIMIT ?", [webhook, before, limit])
        }
    }

    package func revive(_ delivery: Int64, now: Int64) async throws -> Bool {
        let revived = try await file.write(.synced) { db in
            try db.execute(
                sql: """
                    UPDATE delivery SET dead = 0, tries = 0, problem = '', created_at = ?, next_at = ?
                    WHERE id = ? AND dead = 1
                    """, arguments: [now, now, delivery])
            return db.changesCount > 0
        }
        if revived { feed.nudge(.deliveries) }
        return revived
    }
}
