import StorageSQLite

/// The tables of the scheduler's store.
enum SchedulerSchema {
    static let migrations = [
        Migration(
            1, "executions and batches",
            sql: """
                CREATE TABLE execution (
                    id INTEGER PRIMARY KEY,
                    batch_id INTEGER NOT NULL,
                    batch_place INTEGER NOT NULL,
                    app TEXT NOT NULL,
                    function TEXT NOT NULL,
                    param TEXT,
                    timeout_ms INTEGER,
                    proxy TEXT,
                    labels TEXT NOT NULL,
                    agent_id INTEGER NOT NULL,
                    ip TEXT NOT NULL,
                    agent_name TEXT NOT NULL,
                    caller TEXT NOT NULL,
                    trace TEXT NOT NULL,
                    state INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    created_at INTEGER NOT NULL,
                    dispatched_at INTEGER NOT NULL,
                    ended_at INTEGER NOT NULL,
                    flag INTEGER NOT NULL,
                    message TEXT NOT NULL,
                    result TEXT,
                    cost_ms INTEGER NOT NULL,
                    exit_code INTEGER,
                    signal INTEGER,
                    stdout_head TEXT NOT NULL,
                    stdout_tail TEXT NOT NULL,
                    stdout_dropped INTEGER NOT NULL,
                    stderr_head TEXT NOT NULL,
                    stderr_tail TEXT NOT NULL,
                    stderr_dropped INTEGER NOT NULL,
                    code TEXT NOT NULL,
                    version TEXT NOT NULL,
                    hops TEXT NOT NULL
                ) STRICT;
                CREATE INDEX execution_batch ON execution (batch_id, batch_place) WHERE batch_id <> 0;
                CREATE INDEX execution_unfinished ON execution (id) WHERE ended_at = 0;
                CREATE TABLE batch (
                    id INTEGER PRIMARY KEY,
                    app TEXT NOT NULL,
                    function TEXT NOT NULL,
                    param TEXT,
                    timeout_ms INTEGER,
                    proxy TEXT,
                    labels TEXT NOT NULL,
                    total INTEGER NOT NULL,
                    concurrency INTEGER NOT NULL,
                    generation INTEGER NOT NULL,
                    caller TEXT NOT NULL,
                    trace TEXT NOT NULL,
                    created_at INTEGER NOT NULL,
                    ended_at INTEGER NOT NULL,
                    states TEXT NOT NULL
                ) STRICT;
                CREATE INDEX batch_unfinished ON batch (id) WHERE ended_at = 0;
                CREATE TABLE plan (
                    batch_id INTEGER NOT NULL,
                    task_id INTEGER NOT NULL,
                    agent_id INTEGER NOT NULL,
                    ip TEXT NOT NULL,
                    name TEXT NOT NULL,
                    PRIMARY KEY (batch_id, task_id)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE idempotency (
                    caller TEXT NOT NULL,
                    key TEXT NOT NULL,
                    subject INTEGER NOT NULL,
                    fingerprint BLOB NOT NULL,
                    PRIMARY KEY (caller, key)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX idempotency_subject ON idempotency (subject);
                """),
        SchedulerSchema.durableAttempts,
        SchedulerSchema.retention,
        SchedulerSchema.workerTexts,
    ]
}
