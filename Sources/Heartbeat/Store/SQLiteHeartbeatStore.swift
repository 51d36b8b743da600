package import ElvesCore
import Foundation
import GRDB
package import StorageSQLite

/// Agents and the catalog in one SQLite file.
package final class SQLiteHeartbeatStore: HeartbeatStore {
    private let file: SQLiteStore

    /// Opens or creates the file.
    package init(path: String, options: SQLiteStore.Options = SQLiteStore.Options()) throws {
        file = try SQLiteStore.open(path, options: options, migrations: HeartbeatSchema.migrations)
    }

    /// Ends all connections, so that later calls fail. Not needed before a process exits.
    package func close() throws { try file.close() }

    package func agents(after: ElvesID?, limit: Int) async throws -> [AgentRecord] {
        try await file.read { db in
            try Row.fetchAll(
                db, sql: "\(AgentRow.select) WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [after?.rawValue ?? 0, limit]
            ).compactMap(AgentRow.decode)
        }
    }

    package func save(_ agents: [AgentRecord]) async throws {
        try await file.write(.buffered) { db in
            let insert = try db.cachedStatement(sql: AgentRow.insert)
            for record in agents { try insert.execute(arguments: AgentRow.arguments(record)) }
        }
    }

    package func forget(lastBeatBefore: Int64, limit: Int) async throws -> [ElvesID] {
        try await file.write(.buffered) { db in
            try Int64.fetchAll(
                db,
                sql: """
                    DELETE FROM agent WHERE id IN
                    (SELECT id FROM agent WHERE last_beat_at < ? ORDER BY id LIMIT ?) RETURNING id
                    """, arguments: [lastBeatBefore, limit]
            ).compactMap(ElvesID.init(rawValue:)).sorted()
        }
    }

    package func catalog() async throws -> Catalog? {
        try await file.read { db in
            guard let generation = try Int64.fetchOne(db, sql: "SELECT generation FROM catalog") else { return nil }
            let rows = try Row.fetchAll(db, sql: CatalogRow.select)
            return Catalog(generation: generation, entries: rows.map(CatalogRow.decode))
        }
    }

    package func save(_ change: CatalogChange) async throws {
        try await file.write(.synced) { db in
            let known = try Int64.fetchOne(db, sql: "SELECT generation FROM catalog") ?? 0
            if change.complete {
                try db.execute(sql: "DELETE FROM catalog_app")
            } else if change.generation <= known {
                return
            }
            try db.execute(
                sql: "INSERT OR REPLACE INTO catalog (id, generation) VALUES (1, ?)", arguments: [change.generation])
            for entry in change.entries {
                try db.execute(sql: CatalogRow.insert, arguments: CatalogRow.arguments(entry))
            }
        }
    }
}
