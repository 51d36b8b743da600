internal import ElvesCore
internal import GRDB
internal import Scheduler

/// A long history, written straight into the tables: through the scheduler it would take hours.
struct BulkHistory {
    let path: String
    let rows: Int

    private static let agents = 10_000
    private static let together = 200_000
    /// Ids as one generator gives them at 1,000 tasks a second: one each millisecond, from 2026-01-01 on.
    private static let firstTick: Int64 = 365 * 86_400_000

    /// Makes the file with the scheduler's own schema, and fills it.
    func build() async throws {
        try SQLiteSchedulerStore(path: path).close()
        let database = try DatabaseQueue(path: path)
        try await database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -500000")
        }
        let indexes = try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'task_index'"
            ).map { ($0[0] as String, $0[1] as String) }
        }
        // Indexes are made at the end: sorted at once instead of row by row.
        try await database.write { db in
            for (name, _) in indexes { try db.execute(sql: "DROP INDEX \(name)") }
        }
        for start in stride(from: 0, to: rows, by: Self.together) {
            let end = min(start + Self.together, rows)
            try await database.write { db in
                for sql in Self.statements { try db.execute(sql: sql, arguments: [start, end]) }
            }
        }
        try await database.write { db in
            for (_, sql) in indexes { try db.execute(sql: sql) }
            try db.execute(sql: "INSERT OR IGNORE INTO agent_address SELECT DISTINCT ip, agent_id FROM task_index")
        }
        try await database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try database.close()
    }

    /// Ids all over the history.
    func ids(_ count: Int) -> [ElvesID] {
        (0..<count).compactMap { _ in id(.random(in: 0..<rows)) }
    }

    /// A place in the history, another for each number.
    func place(_ number: Int) -> Int64 { id(number * 7_919 % rows + 1)?.rawValue ?? .max }

    func agent(_ number: Int) -> ElvesID? { ElvesID(rawValue: Int64(number * 613 % Self.agents + 1) << 22) }

    func ip(_ number: Int) -> String {
        let agent = number * 613 % Self.agents + 1
        return "10.0.\(agent / 256).\(agent % 256)"
    }

    private func id(_ number: Int) -> ElvesID? { ElvesID(rawValue: (Self.firstTick + Int64(number)) << 22) }

    /// What fills the tables with the tasks from one number up to another.
    private static let statements: [String] = [
        """
        WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2),
        t AS (SELECT i, (\(firstTick) + i) << 22 AS id, i * 2654435761 % 4294967296 AS r FROM n)
        INSERT INTO execution (id, batch_id, batch_place, app, function, timeout_ms, labels, agent_id, ip, agent_name,
            caller, trace, state, attempt, created_at, dispatched_at, ended_at, flag, message, cost_ms, exit_code,
            stdout_head, stdout_tail, stdout_dropped, stderr_head, stderr_tail, stderr_dropped, code, version, hops)
        SELECT id, 0, 0, CASE WHEN i % 200003 = 7 THEN 'rare' ELSE 'app-' || (r / 7 % 20) END,
            CASE WHEN i % 100003 = 9 THEN 'f-rare' ELSE 'f-' || (r / 11 % 7) END, 60000,
            CASE WHEN r % 20 <> 0 THEN '{}'
                ELSE '{"env":"' || iif(r / 20 % 3, 'prod', 'test') || '","ticket":"OPS-' || (r / 60 % 5000) || '"}' END,
            (r / 13 % \(agents) + 1) << 22,
            '10.0.' || ((r / 13 % \(agents) + 1) / 256) || '.' || ((r / 13 % \(agents) + 1) % 256),
            'web-' || (r / 13 % \(agents) + 1), 'key-' || (r / 17 % 50),
            '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
            CASE WHEN i % 100003 = 5 THEN 13 WHEN r % 50 = 3 THEN 11 ELSE 10 END, 1, 1767225600000 + i,
            1767225600001 + i, 1767225600200 + i, 1, 'done', r % 5000, 0, hex(zeroblob(r % 300)), '', 0, '', '', 0, '',
            '1.4.2', '[["scheduler","created",0,""],["scheduler","dispatched",120,""],["agent","spawned",700,""],'
                || '["agent","ended",9120,""],["scheduler","ended",9800,""]]'
        FROM t
        """,
        """
        INSERT INTO task_index SELECT id, batch_id, app, function, agent_id, ip, caller, state FROM execution
        WHERE id >= (\(firstTick) + ?1) << 22 AND id < (\(firstTick) + ?2) << 22
        """,
        """
        INSERT INTO task_label SELECT l.key, l.value, x.id FROM execution AS x CROSS JOIN json_each(x.labels) AS l
        WHERE x.id >= (\(firstTick) + ?1) << 22 AND x.id < (\(firstTick) + ?2) << 22 AND x.labels <> '{}'
        ORDER BY l.key, l.value
        """,
    ]
}
