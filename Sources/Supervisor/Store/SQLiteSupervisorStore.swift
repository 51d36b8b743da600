internal import AppPackage
internal import ElvesCore
internal import Foundation
internal import GRDB
package import StorageSQLite

/// The supervisor's store in one SQLite file, every change fsynced.
package struct SQLiteSupervisorStore: SupervisorStore {
    private let file: SQLiteStore

    /// Opens or creates the file at `path`.
    package init(path: String, options: SQLiteStore.Options = SQLiteStore.Options()) throws {
        file = try SQLiteStore.open(path, options: options, migrations: SupervisorSchema.migrations)
    }

    package func apps() async throws -> [AppState] {
        try await file.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM app WHERE NOT removed ORDER BY name")
                .compactMap { try AppRows.state($0, db) }
        }
    }

    package func app(_ name: String) async throws -> AppState? {
        try await file.read { db in try AppRows.state(name, db).flatMap { $0.removed ? nil : $0 } }
    }

    package func version(_ app: String, _ version: String) async throws -> VersionRecord? {
        try await file.read { db in try VersionRows.fetch(app, version, db) }
    }

    package func add(_ version: VersionRecord) async throws -> AddedVersion {
        try await file.write { db in
            let (name, number) = (version.manifest.name, version.manifest.version)
            if let stored = try VersionRows.fetch(name, number, db), let app = try AppRows.state(name, db) {
                guard stored.tree.digest == version.tree.digest else { throw StoreRules.versionExists(version) }
                return AddedVersion(version: stored, isNew: false, app: app)
            }
            try db.execute(
                sql: "INSERT INTO app (name, updated_at, generation) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                arguments: [name, version.createdAt])
            try VersionRows.insert(version, db)
            try db.execute(
                sql: "UPDATE app SET removed = 0, live = CASE live WHEN '' THEN ? ELSE live END WHERE name = ?",
                arguments: [number, name])
            return AddedVersion(
                version: version, isNew: true, app: try AppRows.touch(name, at: version.createdAt, db))
        }
    }

    package func activate(_ app: String, _ version: String, at time: Int64) async throws -> AppState {
        try await change(app, at: time) { state, db in
            guard state.versions.contains(version) else { throw StoreRules.unknownVersion(state, version) }
            guard state.live != version else { return false }
            try db.execute(sql: "UPDATE app SET live = ? WHERE name = ?", arguments: [version, app])
            return true
        }
    }

    package func bind(_ app: String, _ targets: String, at time: Int64) async throws -> AppState {
        try await change(app, at: time) { _, db in
            try db.execute(
                sql: "INSERT INTO binding (app, targets, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [app, targets, time])
            return db.changesCount > 0
        }
    }

    package func unbind(_ app: String, _ targets: String, at time: Int64) async throws -> AppState {
        try await change(app, at: time) { state, db in
            try db.execute(sql: "DELETE FROM binding WHERE app = ? AND targets = ?", arguments: [app, targets])
            guard db.changesCount > 0 else { throw StoreRules.unknownBinding(state, targets) }
            return true
        }
    }

    package func remove(_ app: String, at time: Int64) async throws -> AppState {
        try await change(app, at: time) { state, db in
            guard state.bindings.isEmpty else { throw StoreRules.stillBound(state) }
            try db.execute(sql: "DELETE FROM version WHERE app = ?", arguments: [app])
            try db.execute(sql: "UPDATE app SET removed = 1, live = '' WHERE name = ?", arguments: [app])
            return true
        }
    }

    package func catalog(after generation: Int64) async throws -> Changes<CatalogEntry> {
        try await file.read { db in
            let (current, complete) = try Self.position("catalog", after: generation, db)
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM app WHERE generation > ? ORDER BY generation",
                arguments: [complete ? 0 : generation])
            let items = try names.compactMap { name in
                try AppRows.state(name, db).map { app in
                    CatalogEntry(app: app, live: try VersionRows.fetch(name, app.live, db))
                }
            }
            return Changes(generation: current, complete: complete, items: items)
        }
    }

    package func referencedDigests() async throws -> Set<[UInt8]> {
        try await file.read { db in
            var digests: Set<[UInt8]> = []
            let rows = try Data.fetchCursor(db, sql: "SELECT DISTINCT digest FROM version_file")
            while let digest = try rows.next() { digests.insert(Array(digest)) }
            return digests
        }
    }

    package func add(_ key: KeyRecord) async throws -> KeyRecord {
        try await file.write { db in
            var key = key
            key.generation = try Int64.fetchOne(db, sql: SupervisorSchema.raise, arguments: ["keys"]) ?? 0
            try KeyRows.insert(key, db)
            return key
        }
    }

    package func keys() async throws -> [KeyRecord] {
        try await file.read { db in try KeyRows.fetchAll(db, sql: "SELECT * FROM key ORDER BY created_at, id") }
    }

    package func revoke(key id: String) async throws -> KeyRecord {
        try await file.write { db in
            guard let key = try KeyRows.fetch(id, db) else {
                throw StoreRules.unknownKey(id, among: try String.fetchAll(db, sql: "SELECT id FROM key"))
            }
            guard !key.revoked else { return key }
            let generation = try Int64.fetchOne(db, sql: SupervisorSchema.raise, arguments: ["keys"])
            try db.execute(
                sql: "UPDATE key SET revoked = 1, generation = ? WHERE id = ?", arguments: [generation, id])
            return try KeyRows.fetch(id, db) ?? key
        }
    }

    package func keyChanges(after generation: Int64) async throws -> Changes<KeyRecord> {
        try await file.read { db in
            let (current, complete) = try Self.position("keys", after: generation, db)
            let items = try KeyRows.fetchAll(
                db, sql: "SELECT * FROM key WHERE generation > ? ORDER BY generation",
                arguments: [complete ? 0 : generation])
            return Changes(generation: current, complete: complete, items: items)
        }
    }

    // MARK: Changing an app

    private static func position(
        _ of: String, after generation: Int64, _ db: Database
    ) throws -> (current: Int64, complete: Bool) {
        let current =
            try Int64.fetchOne(db, sql: "SELECT value FROM generation WHERE of = ?", arguments: [of]) ?? 0
        return (current, generation <= 0 || generation > current)
    }

    /// Applies `body` to an app that is there; it says whether anything changed.
    private func change(
        _ name: String, at time: Int64, _ body: @escaping @Sendable (AppState, Database) throws -> Bool
    ) async throws -> AppState {
        try await file.write { db in
            guard let state = try AppRows.state(name, db), !state.removed else {
                let names = try String.fetchAll(db, sql: "SELECT name FROM app WHERE NOT removed")
                throw StoreRules.unknownApp(name, among: names)
            }
            return try body(state, db) ? try AppRows.touch(name, at: time, db) : state
        }
    }
}
