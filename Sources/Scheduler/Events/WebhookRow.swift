import ElvesCore
import GRDB

/// A webhook as a row.
enum WebhookRow {
    static func insert(_ webhook: WebhookRecord, to db: Database) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO webhook (url, kinds, apps, states, created_at, caller, secret) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                webhook.url, text(webhook.kinds.map { .int(Int64($0.rawValue)) }),
                text(webhook.apps.sorted().map { .string($0) }),
                text(webhook.states.map { .int(Int64($0.rawValue)) }), webhook.createdAt, webhook.caller,
                webhook.secret,
            ])
        return db.lastInsertedRowID
    }

    static func fetch(_ db: Database) throws -> [WebhookRecord] {
        try Row.fetchAll(
            db, sql: "SELECT id, url, kinds, apps, states, created_at, caller, secret FROM webhook ORDER BY id"
        ).map { row in
            var webhook = WebhookRecord(url: row[1])
            webhook.id = row[0]
            webhook.kinds = Set(list(row[2]).compactMap { $0.int.flatMap { EventKind(rawValue: Int($0)) } })
            webhook.apps = Set(list(row[3]).compactMap(\.string))
            webhook.states = Set(
                list(row[4]).compactMap { $0.int.flatMap { TaskState(rawValue: Int32(clamping: $0)) } })
            webhook.createdAt = row[5]
            webhook.caller = row[6]
            webhook.secret = row[7]
            return webhook
        }
    }

    private static func text(_ items: [JSONValue]) -> String { JSONValue.array(items).text() }

    private static func list(_ text: String) -> [JSONValue] { (try? JSONValue(parsing: text))?.array ?? [] }
}

/// A delivery as a row.
enum DeliveryRow {
    private static let columns =
        "id, webhook_id, event, created_at, tries, next_at, last_at, problem, dead"

    static func write(_ event: SchedulerEvent, for webhook: Int64, to db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO delivery (webhook_id, event, created_at, tries, next_at, last_at, problem, dead)
                VALUES (?, ?, ?, 0, 0, 0, '', 0)
                """
        ).execute(arguments: [webhook, StoredEvent.text(event), event.at])
    }

    static func fetch(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [WebhookDelivery] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT \(columns) FROM delivery WHERE \(condition)"), arguments: arguments
        ).compactMap { row in
            guard let event = StoredEvent.read(row[2]) else { return nil }
            return WebhookDelivery(
                id: row[0], webhook: row[1], event: event, createdAt: row[3], tries: row[4], nextAt: row[5],
                lastAt: row[6], problem: row[7], isDead: row[8])
        }
    }

    static func settle(_ id: Int64, _ word: DeliveryWord, now: Int64, in db: Database) throws {
        func set(next: Int64, dead: Bool, _ problem: String) throws {
            try db.cachedStatement(
                sql: """
                    UPDATE delivery SET tries = tries + 1, next_at = ?, last_at = ?, problem = ?, dead = ? WHERE id = ?
                    """
            ).execute(arguments: [next, now, problem, dead, id])
        }
        switch word {
        case .taken: try db.cachedStatement(sql: "DELETE FROM delivery WHERE id = ?").execute(arguments: [id])
        case .retry(let at, let problem): try set(next: at, dead: false, problem)
        case .dead(let problem): try set(next: 0, dead: true, problem)
        }
    }
}
