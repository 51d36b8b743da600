import StorageSQLite

/// The tables of heartbeat's store.
enum HeartbeatSchema {
    static let migrations = [
        Migration(
            1, "agents and catalog",
            sql: """
                CREATE TABLE agent (
                    id INTEGER PRIMARY KEY,
                    ip TEXT NOT NULL,
                    name TEXT NOT NULL,
                    version TEXT NOT NULL,
                    labels TEXT NOT NULL,
                    facts TEXT NOT NULL,
                    apps TEXT NOT NULL,
                    desired_generation INTEGER NOT NULL,
                    last_beat_at INTEGER NOT NULL,
                    first_seen_at INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX agent_last_beat ON agent (last_beat_at);
                CREATE TABLE catalog (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    generation INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE catalog_app (
                    app TEXT PRIMARY KEY,
                    removed INTEGER NOT NULL,
                    bindings TEXT NOT NULL,
                    version TEXT,
                    tree_digest BLOB,
                    files BLOB,
                    content BLOB
                ) STRICT, WITHOUT ROWID;
                """)
    ]
}
