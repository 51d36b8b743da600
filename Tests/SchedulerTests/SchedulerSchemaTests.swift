import ElvesCore
import GRDB
import StorageSQLite
import Testing

@testable import Scheduler

/// Files of earlier versions, with what they held.
@Suite struct SchedulerSchemaTests {
    /// What versions 2 and later have alike.
    private static let second = """
        INSERT INTO execution (id, batch_id, batch_place, app, function, param, timeout_ms, labels, agent_id, ip,
            agent_name, caller, trace, state, attempt, created_at, dispatched_at, ended_at, flag, message, cost_ms,
            exit_code, stdout_head, stdout_tail, stdout_dropped, stderr_head, stderr_tail, stderr_dropped, code,
            version, hops) VALUES
            (4194305, 0, 0, 'hello', 'greet', '{}', 5000, '{"ticket":"OPS-12"}', 7, '10.0.0.7', 'web-7', 'key-1', 't',
            11, 1, 1000, 2000, 3000, -1, 'exit status 3', 12, 3, 'out', '', 0, '', '', 0, 'agent.worker.exit', '1.0.0',
            '[["scheduler","created",0,""]]'),
            (4194306, 4194304, 0, 'hello', 'greet', NULL, NULL, '{}', 8, '10.0.0.8', '', 'key-1', 't',
            2, 1, 1000, 2000, 0, 0, '', 0, NULL, '', '', 0, '', '', 0, '', '', '[]');
        INSERT INTO task_index VALUES (4194305, 0, 'hello', 'greet', 7, '10.0.0.7', 'key-1', 11);
        INSERT INTO task_label VALUES ('ticket', 'OPS-12', 4194305);
        INSERT INTO agent_address VALUES ('10.0.0.7', 7);
        INSERT INTO batch (id, app, function, labels, total, concurrency, generation, caller, trace, created_at,
            ended_at, states) VALUES
            (4194304, 'hello', 'greet', '{}', 1, 1, 3, 'key-1', 't', 1000, 0, '{"created":1}');
        INSERT INTO plan VALUES (4194304, 4194306, 8, '10.0.0.8', '');
        INSERT INTO idempotency VALUES ('key-1', 'k', 4194305, x'01');
        -- The place of a task that is gone, and of an owner who has no other.
        INSERT INTO result VALUES ('cron', 3, 77);
        INSERT INTO mark VALUES ('lost', 3), ('indexed', 3);

        """

    /// Rows as the version wrote them.
    private static let rows: [Int: String] = [
        0: "",
        1: """
        INSERT INTO execution VALUES
            (4194305, 0, 0, 'hello', 'greet', '{}', 5000, NULL, '{"ticket":"OPS-12"}', 7, '10.0.0.7', 'web-7',
            'key-1', 't', 11, 1, 1000, 2000, 3000, -1, 'exit status 3', NULL, 12, 3, NULL, 'out', '', 0, '', '',
            0, 'agent.worker.exit', '1.0.0', '[["scheduler","created",0,""]]'),
            (4194306, 4194304, 0, 'hello', 'greet', NULL, NULL, NULL, '{}', 8, '10.0.0.8', '', 'key-1', 't', 2,
            1, 1000, 2000, 0, 0, '', NULL, 0, NULL, NULL, '', '', 0, '', '', 0, '', '', '[]');
        INSERT INTO batch VALUES
            (4194304, 'hello', 'greet', NULL, NULL, NULL, '{}', 1, 1, 3, 'key-1', 't', 1000, 0,
            '{"created":1}');
        INSERT INTO plan VALUES (4194304, 4194306, 8, '10.0.0.8', '');
        INSERT INTO idempotency VALUES ('key-1', 'k', 4194305, x'01');
        """,
        2: second,
        3: second + """
            UPDATE execution SET worker = '{"umask":"022"}' WHERE id = 4194305;
            DELETE FROM result;
            INSERT INTO result_lost VALUES ('cron', 3);
            """,
    ]

    @Test(arguments: [0, 1, 2, 3]) func aFileOfAnEarlierVersionServes(version: Int) async throws {
        try await withFolder { folder in
            let path = "\(folder)/scheduler.sqlite"
            try await write(version, at: path)
            let store = try SQLiteSchedulerStore(path: path)
            if version >= 1 {
                let record = try #require(try await store.execution(.test(4_194_305)))
                #expect(record.outcome.stdout.head == "out")
                #expect(record.call.labels == ["ticket": "OPS-12"])
                #expect(record.owner == "")
                #expect(record.outcome.worker == (version >= 3 ? #"{"umask":"022"}"# : nil))
                #expect(!record.isDurable)
                #expect(try await store.unfinished(limit: 10).map(\.id) == [.test(4_194_306)])
                #expect(try await store.unfinishedBatches(limit: 10).map(\.stopReason) == [""])
                // What had ended is in lists, by every index.
                for query in [
                    HistoryQuery(), .test { $0.labels = ["ticket": "OPS-12"] }, .test { $0.agent = .test(7) },
                    .test { $0.ip = "10.0.0.7" }, .test { $0.app = "hello" }, .test { $0.states = [.failed] },
                ] {
                    #expect(try await store.walk(query) == [4_194_305])
                }
            }
            if version >= 2 {
                #expect(
                    try await store.results(of: "cron", after: 0, limit: 5)
                        == PlacedEnds(ends: [], nextAfter: 3, lost: true))
            }
            // And what it does from now on works.
            try await store.write([.ended(9_000_000, owner: "queue")], batches: [], .synced)
            _ = try await store.index(threshold: 1)
            #expect(try await store.walk(.test { $0.limit = 1 }).first == 9_000_000)
            #expect(try await store.results(of: "queue", after: 0, limit: 5).ends.count == 1)
            #expect(try await store.retain(RetentionBounds(before: 1, keep: 0, step: 10)) > 0)
            try store.close()
        }
    }

    /// A function of its own, so that the file is free afterwards.
    private func write(_ version: Int, at path: String) async throws {
        let old = try SQLiteStore.open(path, migrations: Array(SchedulerSchema.migrations.prefix(version)))
        let rows = try #require(Self.rows[version])
        try await old.write { db in try db.execute(sql: rows) }
        try old.close()
    }

    /// A new version needs its rows above.
    @Test func everyVersionHasARow() {
        #expect(Self.rows.count == SchedulerSchema.migrations.count)
    }
}
