internal import AppPackage
internal import Foundation
internal import GRDB

/// Apps as rows.
enum AppRows {
    static func state(_ name: String, _ db: Database) throws -> AppState? {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM app WHERE name = ?", arguments: [name]) else {
            return nil
        }
        var state = AppState(name: name)
        state.live = row["live"]
        state.removed = row["removed"]
        state.updatedAt = row["updated_at"]
        state.generation = row["generation"]
        let versions = try Row.fetchAll(
            db, sql: "SELECT number, summary FROM version WHERE app = ? ORDER BY id", arguments: [name])
        state.versions = versions.map { $0["number"] }
        let shown = versions.first { $0["number"] == state.live } ?? versions.last
        state.summary = shown?["summary"] ?? ""
        state.bindings = try Row.fetchAll(
            db, sql: "SELECT targets, created_at FROM binding WHERE app = ? ORDER BY id", arguments: [name]
        ).map { BindingRecord(targets: $0["targets"], createdAt: $0["created_at"]) }
        return state
    }

    /// Records that the app changed, and answers with how it stands.
    static func touch(_ name: String, at time: Int64, _ db: Database) throws -> AppState {
        let generation = try Int64.fetchOne(db, sql: SupervisorSchema.raise, arguments: ["catalog"])
        try db.execute(
            sql: "UPDATE app SET updated_at = ?, generation = ? WHERE name = ?", arguments: [time, generation, name])
        return try state(name, db) ?? AppState(name: name)
    }
}

/// Versions and their files as rows.
enum VersionRows {
    static func fetch(_ app: String, _ number: String, _ db: Database) throws -> VersionRecord? {
        let sql = "SELECT * FROM version WHERE app = ? AND number = ?"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [app, number]) else { return nil }
        let id: Int64 = row["id"]
        let files = try Row.fetchAll(
            db, sql: "SELECT path, mode, size, digest FROM version_file WHERE version = ?", arguments: [id]
        ).map { file in
            PackageTree.File(
                path: file["path"], mode: file["mode"], size: file["size"], digest: Array(file["digest"] as Data))
        }
        let manifest: String = row["manifest"]
        return VersionRecord(
            manifest: try JSONDecoder().decode(AppManifest.self, from: Data(manifest.utf8)),
            tree: PackageTree(files), createdAt: row["created_at"], createdBy: row["created_by"])
    }

    static func insert(_ version: VersionRecord, _ db: Database) throws {
        let manifest = version.manifest
        try db.execute(
            sql: """
                INSERT INTO version (app, number, manifest, summary, tree_digest, created_at, created_by)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                manifest.name, manifest.version,
                String(decoding: try JSONEncoder().encode(manifest), as: UTF8.self), manifest.summary,
                Data(version.tree.digest), version.createdAt, version.createdBy,
            ])
        let id = db.lastInsertedRowID
        let insert = try db.makeStatement(sql: "INSERT INTO version_file VALUES (?, ?, ?, ?, ?)")
        for file in version.tree.files {
            try insert.execute(arguments: [id, file.path, file.mode, file.size, Data(file.digest)])
        }
    }
}

/// Keys as rows.
enum KeyRows {
    static func fetch(_ id: String, _ db: Database) throws -> KeyRecord? {
        try fetchAll(db, sql: "SELECT * FROM key WHERE id = ?", arguments: [id]).first
    }

    static func fetchAll(
        _ db: Database, sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [KeyRecord] {
        try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            let scope: String = row["scope"]
            return KeyRecord(
                id: row["id"],
                draft: KeyDraft(
                    comment: row["comment"], scope: try JSONDecoder().decode(KeyScope.self, from: Data(scope.utf8)),
                    legacyMD5: row["legacy_md5"], requireNonce: row["require_nonce"]),
                createdAt: row["created_at"], revoked: row["revoked"],
                sealedSecret: Array(row["sealed_secret"] as Data), tokenDigest: Array(row["token_digest"] as Data),
                generation: row["generation"])
        }
    }

    static func insert(_ key: KeyRecord, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                key.id, key.draft.comment, String(decoding: try JSONEncoder().encode(key.draft.scope), as: UTF8.self),
                key.draft.legacyMD5, key.draft.requireNonce, key.createdAt, key.revoked, Data(key.sealedSecret),
                Data(key.tokenDigest), key.generation,
            ])
    }
}
