import ElvesCore
import GRDB

/// A task's record as a row.
enum ExecutionRow {
    private static let columns = [
        "id", "batch_id", "batch_place", "app", "function", "param", "timeout_ms", "proxy", "labels", "agent_id",
        "ip", "agent_name", "caller", "trace", "state", "attempt", "created_at", "dispatched_at", "ended_at",
        "flag", "message", "result", "cost_ms", "exit_code", "signal", "stdout_head", "stdout_tail",
        "stdout_dropped", "stderr_head", "stderr_tail", "stderr_dropped", "code", "version", "hops",
    ]

    static let select = "SELECT \(columns.joined(separator: ", ")) FROM execution"

    private static let insert = """
        INSERT OR REPLACE INTO execution (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """

    static func write(_ records: [Execution], to db: Database) throws {
        guard !records.isEmpty else { return }
        let statement = try db.cachedStatement(sql: insert)
        for record in records { try statement.execute(arguments: arguments(record)) }
    }

    static func fetch(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [Execution] {
        try Row.fetchAll(db.cachedStatement(sql: "\(select) \(condition)"), arguments: arguments).map(decode)
    }

    private static func arguments(_ record: Execution) -> StatementArguments {
        let outcome = record.outcome
        return [
            record.id.rawValue, record.batchID?.rawValue ?? 0, record.batchPlace, record.call.app,
            record.call.function, record.call.param, record.call.timeoutMs, record.call.proxy,
            StoredText.of(record.call.labels), record.target.id?.rawValue ?? 0, record.target.ip, record.target.name,
            record.caller, record.trace, record.state.rawValue, record.attempt, record.createdAt,
            record.dispatchedAt, record.endedAt, outcome.flag, outcome.message, outcome.result, outcome.costMs,
            outcome.exitCode, outcome.signal, outcome.stdout.head, outcome.stdout.tail, outcome.stdout.dropped,
            outcome.stderr.head, outcome.stderr.tail, outcome.stderr.dropped, outcome.code, outcome.version,
            StoredText.of(record.hops),
        ]
    }

    static func decode(_ row: Row) throws -> Execution {
        guard let id = ElvesID(rawValue: row[0]), let state = TaskState(rawValue: row[14]) else {
            throw ElvesError(
                .elvesStoreDamaged,
                "the scheduler's record \(row[0] as Int64) has the unknown state \(row[14] as Int64)")
        }
        let call = FunctionCall(
            app: row[3], function: row[4], param: row[5], timeoutMs: row[6], proxy: row[7],
            labels: StoredText.labels(row[8]))
        var record = Execution(
            id: id, batchID: ElvesID(rawValue: row[1]), call: call,
            target: TaskTarget(id: ElvesID(rawValue: row[9]), ip: row[10], name: row[11]), caller: row[12],
            trace: row[13], state: state, createdAt: row[16])
        record.batchPlace = row[2]
        record.attempt = row[15]
        record.dispatchedAt = row[17]
        record.endedAt = row[18]
        record.outcome.flag = row[19]
        record.outcome.message = row[20]
        record.outcome.result = row[21]
        record.outcome.costMs = row[22]
        record.outcome.exitCode = row[23]
        record.outcome.signal = row[24]
        record.outcome.stdout = KeptOutput(head: row[25], tail: row[26], dropped: row[27])
        record.outcome.stderr = KeptOutput(head: row[28], tail: row[29], dropped: row[30])
        record.outcome.code = row[31]
        record.outcome.version = row[32]
        record.hops = StoredText.hops(row[33])
        return record
    }
}
