import StorageSQLite

extension SchedulerSchema {
    /// Retention by the time of the end, and what readers of results are told of it.
    static let retention = Migration(
        3, "retention by end",
        sql: """
            CREATE INDEX execution_ended ON execution (ended_at, batch_id) WHERE ended_at > 0;
            CREATE INDEX result_task ON result (task_id);
            -- Results of an owner up to this one were deleted, all or some.
            CREATE TABLE result_lost (
                owner TEXT PRIMARY KEY,
                position INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            INSERT INTO result_lost SELECT owner, max(position) FROM result
                WHERE NOT EXISTS (SELECT 1 FROM execution WHERE id = task_id) GROUP BY owner;
            DELETE FROM result WHERE NOT EXISTS (SELECT 1 FROM execution WHERE id = task_id);
            """)
}
