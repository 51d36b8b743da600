import ElvesCore
import Foundation
import GRDB
import StorageSQLite

/// A task's end that a write recorded.
struct RecordedEnd: Sendable {
    let record: Execution
    /// Whether it is the task's first end: not the definite one after `unknown`.
    let isFirst: Bool
}

/// A task's record as a row.
enum ExecutionRow {
    private static let columns = [
        "id", "batch_id", "batch_place", "app", "function", "param", "timeout_ms", "proxy", "labels", "agent_id",
        "ip", "agent_name", "caller", "trace", "state", "attempt", "created_at", "dispatched_at", "ended_at",
        "flag", "message", "result", "cost_ms", "exit_code", "signal", "stdout_head", "stdout_tail",
        "stdout_dropped", "stderr_head", "stderr_tail", "stderr_dropped", "code", "version", "hops", "owner", "durable",
        "retry_of", "retry_rule", "started_at", "start_by", "next_attempt_at", "boot", "files", "worker", "returned",
        "stdout_bytes", "stderr_bytes", "survivors", "is_cut", "worker_text",
    ]

    /// What workers write: any character may be in it.
    private static let ofWorkers: Set = [
        "message", "result", "stdout_head", "stdout_tail", "stderr_head", "stderr_tail",
    ]

    private static let select =
        "SELECT \(columns.map { ofWorkers.contains($0) ? StoredText.bytes(of: $0) : $0 }.joined(separator: ", ")) "
        + "FROM execution"

    /// Nothing follows an end, so it says in `changesCount` whether the record was taken.
    private static let upsert = """
        INSERT INTO execution (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(assignments(columns.dropFirst().map { "excluded.\($0)" }))
        WHERE execution.state < 10
        """

    /// The one thing that may follow an end: the word on a task that nobody could tell the end of.
    private static let correct = """
        UPDATE execution SET \(assignments((2...columns.count).map { "?\($0)" }))
        WHERE id = ?1 AND state = \(TaskState.unknown.rawValue)
        """

    private static func assignments(_ values: [String]) -> String {
        zip(columns.dropFirst(), values).map { "\($0) = \($1)" }.joined(separator: ", ")
    }

    /// Writes records over older ones of the same id. Answers with the ends among them that were taken.
    static func write(
        _ records: [Execution], texts: inout WorkerTexts.Session, to db: Database
    ) throws -> [RecordedEnd] {
        guard !records.isEmpty else { return [] }
        let statement = try db.cachedStatement(sql: upsert)
        var ends: [RecordedEnd] = []
        for record in records {
            let isCut = record.hasLongText
            let workerText = try texts.id(of: record.outcome.worker, at: record.endedAt, in: db)
            let row = isCut ? record.cut : record
            func bind(_ binder: inout RowBinder) {
                Self.bind(row, isCut: isCut, workerText: workerText, to: &binder)
            }
            try statement.execute(binding: bind)
            if db.changesCount > 0 {
                if isCut { try ExecutionText.write(record, to: db) }
                if record.state.isEnd { ends.append(RecordedEnd(record: record, isFirst: true)) }
            } else if record.state.isEnd, record.state != .unknown {
                try db.cachedStatement(sql: correct).execute(binding: bind)
                guard db.changesCount > 0 else { continue }
                if isCut { try ExecutionText.write(record, to: db) }
                ends.append(RecordedEnd(record: record, isFirst: false))
            }
        }
        return ends
    }

    /// The records that meet a condition, with all their texts.
    static func fetch(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [Execution] {
        try Row.fetchAll(db.cachedStatement(sql: "\(select) \(condition)"), arguments: arguments).map { row in
            try whole(row, db)
        }
    }

    /// The records of those of `ids` that are there, in their order.
    static func fetch(_ db: Database, ids: some Sequence<Int64>, isBrief: Bool = false) throws -> [Execution] {
        let statement = try db.cachedStatement(sql: "\(select) WHERE id = ?")
        return try ids.compactMap { id in
            guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
            return isBrief ? try decode(row).brief : try whole(row, db)
        }
    }

    private static func whole(_ row: Row, _ db: Database) throws -> Execution {
        var record = try decode(row)
        if row[48] as Bool { try ExecutionText.read(into: &record, from: db) }
        if let id = row[49] as Int64? { record.outcome.worker = try WorkerTexts.text(id, in: db) }
        return record
    }

    /// Binds the columns in their order.
    private static func bind(
        _ record: borrowing Execution, isCut: Bool, workerText: Int64?, to row: inout RowBinder
    ) {
        row.bind(record.id.rawValue)
        row.bind(record.batchID?.rawValue ?? 0)
        row.bind(record.batchPlace)
        bind(record.call, to: &row)
        row.bind(record.target.id?.rawValue ?? 0)
        row.bind(record.target.ip)
        row.bind(record.target.name)
        row.bind(record.caller)
        row.bind(record.trace)
        row.bind(record.state.rawValue)
        row.bind(record.attempt)
        row.bind(record.createdAt)
        row.bind(record.dispatchedAt)
        row.bind(record.endedAt)
        let outcome = record.outcome
        bind(outcome, to: &row)
        StoredText.bind(record.hops, to: &row)
        row.bind(record.owner)
        row.bind(record.isDurable)
        row.bind(record.retryOf?.rawValue ?? 0)
        row.bind(record.retryRule.map(StoredText.of))
        row.bind(record.startedAt)
        row.bind(record.startBy)
        row.bind(record.nextAttemptAt)
        row.bind(record.boot)
        row.bind(StoredText.of(record.call.files))
        row.bind(workerText == nil ? outcome.worker : nil)
        row.bind(StoredText.of(outcome.returned))
        row.bind(outcome.stdoutBytes)
        row.bind(outcome.stderrBytes)
        row.bind(outcome.survivors)
        row.bind(isCut)
        row.bind(workerText)
    }

    private static func bind(_ call: FunctionCall, to row: inout RowBinder) {
        row.bind(call.app)
        row.bind(call.function)
        row.bind(call.param)
        row.bind(call.timeoutMs)
        row.bind(call.proxy)
        row.bind(StoredText.of(call.labels))
    }

    private static func bind(_ outcome: TaskOutcome, to row: inout RowBinder) {
        row.bind(outcome.flag)
        row.bind(outcome.message)
        row.bind(outcome.result)
        row.bind(outcome.costMs)
        row.bind(outcome.exitCode)
        row.bind(outcome.signal)
        bind(outcome.stdout, to: &row)
        bind(outcome.stderr, to: &row)
        row.bind(outcome.code)
        row.bind(outcome.version)
    }

    private static func bind(_ output: KeptOutput, to row: inout RowBinder) {
        row.bind(output.head)
        row.bind(output.tail)
        row.bind(output.dropped)
    }

    private static func decode(_ row: Row) throws -> Execution {
        guard let id = ElvesID(rawValue: row[0]), let state = TaskState(rawValue: row[14]) else {
            throw ElvesError(
                .elvesStoreDamaged,
                "the scheduler's record \(row[0] as Int64) has the unknown state \(row[14] as Int64)")
        }
        let call = FunctionCall(
            app: row[3], function: row[4], param: row[5], timeoutMs: row[6], proxy: row[7],
            labels: StoredText.labels(row[8]), files: StoredText.files(row[42]))
        var record = Execution(
            id: id, batchID: ElvesID(rawValue: row[1]), call: call,
            target: TaskTarget(id: ElvesID(rawValue: row[9]), ip: row[10], name: row[11]), caller: row[12],
            trace: row[13], state: state, createdAt: row[16])
        record.batchPlace = row[2]
        record.attempt = row[15]
        record.dispatchedAt = row[17]
        record.endedAt = row[18]
        record.outcome.flag = row[19]
        record.outcome.message = StoredText.text(row[20])
        record.outcome.result = (row[21] as Data?).map(StoredText.text)
        record.outcome.costMs = row[22]
        record.outcome.exitCode = row[23]
        record.outcome.signal = row[24]
        record.outcome.stdout = KeptOutput(
            head: StoredText.text(row[25]), tail: StoredText.text(row[26]), dropped: row[27])
        record.outcome.stderr = KeptOutput(
            head: StoredText.text(row[28]), tail: StoredText.text(row[29]), dropped: row[30])
        record.outcome.code = row[31]
        record.outcome.version = row[32]
        record.hops = StoredText.hops(row[33])
        record.owner = row[34]
        record.isDurable = row[35]
        record.retryOf = ElvesID(rawValue: row[36])
        record.retryRule = StoredText.retryRule(row[37])
        record.startedAt = row[38]
        record.startBy = row[39]
        record.nextAttemptAt = row[40]
        record.boot = row[41]
        record.outcome.worker = row[43]
        record.outcome.returned = StoredText.files(row[44])
        record.outcome.stdoutBytes = row[45]
        record.outcome.stderrBytes = row[46]
        record.outcome.survivors = row[47]
        return record
    }
}
