internal import StorageSQLite

/// The supervisor's tables, step by step.
enum SupervisorSchema {
    static let migrations = [
        Migration(
            1, "apps and keys",
            sql: """
                CREATE TABLE generation (of TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                INSERT INTO generation VALUES ('catalog', 1), ('keys', 1);
                CREATE TABLE app (
                    name TEXT PRIMARY KEY,
                    live TEXT NOT NULL DEFAULT '',
                    removed INTEGER NOT NULL DEFAULT 0,
                    updated_at INTEGER NOT NULL,
                    generation INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX app_generation ON app(generation);
                CREATE TABLE version (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    app TEXT NOT NULL REFERENCES app(name),
                    number TEXT NOT NULL,
                    manifest TEXT NOT NULL,
                    summary TEXT NOT NULL,
                    tree_digest BLOB NOT NULL,
                    created_at INTEGER NOT NULL,
                    created_by TEXT NOT NULL,
                    UNIQUE (app, number)
                ) STRICT;
                CREATE TABLE version_file (
                    version INTEGER NOT NULL REFERENCES version(id) ON DELETE CASCADE,
                    path TEXT NOT NULL,
                    mode INTEGER NOT NULL,
                    size INTEGER NOT NULL,
                    digest BLOB NOT NULL,
                    PRIMARY KEY (version, path)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE binding (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    app TEXT NOT NULL REFERENCES app(name),
                    targets TEXT NOT NULL,
                    created_at INTEGER NOT NULL,
                    UNIQUE (app, targets)
                ) STRICT;
                CREATE TABLE key (
                    id TEXT PRIMARY KEY,
                    comment TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    legacy_md5 INTEGER NOT NULL,
                    require_nonce INTEGER NOT NULL,
                    created_at INTEGER NOT NULL,
                    revoked INTEGER NOT NULL DEFAULT 0,
                    sealed_secret BLOB NOT NULL,
                    token_digest BLOB NOT NULL,
                    generation INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX key_generation ON key(generation);
                """)
    ]

    /// Raises the generation of `catalog` or `keys` and answers with it.
    static let raise = "UPDATE generation SET value = value + 1 WHERE of = ? RETURNING value"
}
