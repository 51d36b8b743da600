import StorageSQLite

extension SchedulerSchema {
    /// How workers were started, once for all records that say the same.
    static let workerTexts = Migration(
        4, "worker texts",
        sql: """
            CREATE TABLE worker_text (
                id INTEGER PRIMARY KEY,
                text TEXT NOT NULL UNIQUE,
                -- UTC milliseconds of the last end that used it, within an hour.
                used_at INTEGER NOT NULL
            ) STRICT;
            -- In place of `worker`; nil when that has the text, or there is none.
            ALTER TABLE execution ADD COLUMN worker_text INTEGER;
            """)
}
