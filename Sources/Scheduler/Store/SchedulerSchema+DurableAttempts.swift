import StorageSQLite

extension SchedulerSchema {
    /// Fields of durable attempts, the history's indexes, results by cursor, events and webhooks.
    static let durableAttempts = Migration(
        2, "durable attempts",
        sql: """
            ALTER TABLE execution ADD COLUMN owner TEXT NOT NULL DEFAULT '';
            ALTER TABLE execution ADD COLUMN durable INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN retry_of INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN retry_rule TEXT;
            ALTER TABLE execution ADD COLUMN started_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN start_by INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN next_attempt_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN boot TEXT NOT NULL DEFAULT '';
            ALTER TABLE execution ADD COLUMN files TEXT NOT NULL DEFAULT '';
            ALTER TABLE execution ADD COLUMN worker TEXT;
            ALTER TABLE execution ADD COLUMN returned TEXT NOT NULL DEFAULT '';
            ALTER TABLE execution ADD COLUMN stdout_bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN stderr_bytes INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE execution ADD COLUMN survivors INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE batch ADD COLUMN max_failures INTEGER;
            ALTER TABLE batch ADD COLUMN max_failure_percent INTEGER;
            ALTER TABLE batch ADD COLUMN start_by INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE batch ADD COLUMN retry_rule TEXT;
            ALTER TABLE batch ADD COLUMN owner TEXT NOT NULL DEFAULT '';
            ALTER TABLE batch ADD COLUMN stop_reason TEXT NOT NULL DEFAULT '';
            ALTER TABLE batch ADD COLUMN files TEXT NOT NULL DEFAULT '';

            -- Texts of more than 1 KiB: `execution` holds them cut, so that a list reads little.
            ALTER TABLE execution ADD COLUMN is_cut INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE execution_text (
                id INTEGER PRIMARY KEY,
                param TEXT,
                message TEXT NOT NULL,
                result TEXT,
                stdout_head TEXT NOT NULL,
                stdout_tail TEXT NOT NULL,
                stdout_dropped INTEGER NOT NULL,
                stderr_head TEXT NOT NULL,
                stderr_tail TEXT NOT NULL,
                stderr_dropped INTEGER NOT NULL
            ) STRICT;

            -- What happened, in the order in which it was recorded. `subject` is a task, a batch or an agent.
            CREATE TABLE event (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                subject INTEGER NOT NULL,
                state INTEGER NOT NULL,
                detail TEXT
            ) STRICT;
            CREATE TABLE result (
                owner TEXT NOT NULL,
                position INTEGER NOT NULL,
                task_id INTEGER NOT NULL,
                PRIMARY KEY (owner, position)
            ) STRICT, WITHOUT ROWID;
            -- How far something has come: one row each.
            CREATE TABLE mark (
                name TEXT PRIMARY KEY,
                value INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- What a list filters by. Filled some thousand ended tasks at a time, sorted by agent: an insert at a
            -- time, on 10,000 agents, would write a page of each index for each row.
            CREATE TABLE task_index (
                id INTEGER PRIMARY KEY,
                batch_id INTEGER NOT NULL,
                app TEXT NOT NULL,
                function TEXT NOT NULL,
                agent_id INTEGER NOT NULL,
                ip TEXT NOT NULL,
                caller TEXT NOT NULL,
                state INTEGER NOT NULL
            ) STRICT;
            INSERT INTO task_index SELECT id, batch_id, app, function, agent_id, ip, caller, state
                FROM execution WHERE ended_at > 0;
            CREATE INDEX task_index_agent ON task_index (agent_id);
            CREATE INDEX task_index_app ON task_index (app);
            CREATE INDEX task_index_function ON task_index (app, function);
            CREATE INDEX task_index_caller ON task_index (caller);
            CREATE INDEX task_index_bad ON task_index (id, state) WHERE state > 10;
            CREATE TABLE task_label (
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                task_id INTEGER NOT NULL,
                PRIMARY KEY (name, value, task_id)
            ) STRICT, WITHOUT ROWID;
            INSERT OR IGNORE INTO task_label SELECT key, value, execution.id FROM execution, json_each(execution.labels)
                WHERE ended_at > 0 AND labels <> '{}';
            -- Which agents were at an address.
            CREATE TABLE agent_address (
                ip TEXT NOT NULL,
                agent_id INTEGER NOT NULL,
                PRIMARY KEY (ip, agent_id)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO agent_address SELECT DISTINCT ip, agent_id FROM execution WHERE ended_at > 0;

            -- Ids that are not given again: a sender may still hold the webhook that had one.
            CREATE TABLE webhook (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                url TEXT NOT NULL,
                kinds TEXT NOT NULL,
                apps TEXT NOT NULL,
                states TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                caller TEXT NOT NULL,
                secret TEXT NOT NULL
            ) STRICT;
            CREATE TABLE delivery (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                webhook_id INTEGER NOT NULL,
                event TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                tries INTEGER NOT NULL,
                next_at INTEGER NOT NULL,
                last_at INTEGER NOT NULL,
                problem TEXT NOT NULL,
                dead INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX delivery_waiting ON delivery (webhook_id, next_at) WHERE dead = 0;
            CREATE INDEX delivery_dead ON delivery (webhook_id) WHERE dead = 1;
            """)
}
