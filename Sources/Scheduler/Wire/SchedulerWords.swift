import ElvesContracts
import ElvesCore
import Thrift

// Between the words of scheduler.thrift and the scheduler's own.

extension ExecutionOrder {
    init(_ request: ExecuteRequest, _ header: CallHeader) {
        self.init(
            call: FunctionCall(
                app: request.app, function: request.func, param: request.param, timeoutMs: request.timeoutMs,
                proxy: request.proxy, labels: request.labels, files: (request.files ?? []).map(TaskFile.init)),
            target: TaskTarget(
                id: ElvesID(rawValue: request.agentId), ip: request.ip, name: request.agentName ?? ""),
            startByMs: max(0, request.startByMs), idempotencyKey: request.idempotencyKey,
            caller: header.caller ?? "", trace: header.trace ?? "")
        isDurable = request.durable ?? false
        retryRule = request.retryRule.map(RetryRule.init)
        owner = request.owner ?? ""
        retryOf = request.retryOf.flatMap(ElvesID.init(rawValue:))
    }
}

extension RetryRule {
    init(_ rule: ElvesContracts.RetryRule) {
        self.init(attempts: rule.attempts, firstDelayMs: rule.firstDelayMs, longestDelayMs: rule.longestDelayMs)
    }
}

extension ElvesContracts.RetryRule {
    init(_ rule: RetryRule) {
        self.init(attempts: rule.attempts, firstDelayMs: rule.firstDelayMs, longestDelayMs: rule.longestDelayMs)
    }
}

extension BatchOrder {
    init(_ request: BatchRequest, _ header: CallHeader) {
        self.init(
            call: FunctionCall(
                app: request.app, function: request.func, param: request.param, timeoutMs: request.timeoutMs,
                labels: request.labels, files: (request.files ?? []).map(TaskFile.init)),
            targets: request.targets.map { TaskTarget(id: ElvesID(rawValue: $0.agentId), ip: $0.ip, name: $0.name) },
            concurrency: Int(request.concurrency), generation: request.generation,
            idempotencyKey: request.idempotencyKey, caller: header.caller ?? "", trace: header.trace ?? "")
        maxFailures = request.maxFailures.map(Int.init)
        maxFailurePercent = request.maxFailurePercent.map(Int.init)
        startByMs = max(0, request.startByMs ?? 0)
        retryRule = request.retryRule.map(RetryRule.init)
        owner = request.owner ?? ""
    }
}

extension TaskRecord {
    /// - Parameter hops: whether its steps go with it.
    init(_ record: Execution, hops: Bool = true) {
        let outcome = record.outcome
        self.init(
            id: record.id.rawValue, batchId: record.batchID?.rawValue ?? 0, app: record.call.app,
            func: record.call.function, param: record.call.param, agentId: record.target.id?.rawValue ?? 0,
            ip: record.target.ip, state: ElvesContracts.TaskState(rawValue: record.state.rawValue),
            attempt: record.attempt, caller: record.caller, trace: record.trace, createdAt: record.createdAt,
            dispatchedAt: record.dispatchedAt, endedAt: record.endedAt, flag: outcome.flag, message: outcome.message,
            result: outcome.result, costMs: outcome.costMs, exitCode: outcome.exitCode, signal: outcome.signal,
            stdout: OutputText(outcome.stdout), stderr: OutputText(outcome.stderr), code: outcome.code,
            version: outcome.version, hops: hops ? record.hops.map(Hop.init) : [], labels: record.call.labels,
            timeoutMs: record.call.timeoutMs ?? 0, agentName: record.target.name)
        addWhatMostHaveNot(record)
    }

    /// Sets what most tasks have not: each would cost the others some bytes.
    private mutating func addWhatMostHaveNot(_ record: Execution) {
        let outcome = record.outcome
        if !record.owner.isEmpty { owner = record.owner }
        retryOf = record.retryOf?.rawValue
        retryRule = record.retryRule.map(ElvesContracts.RetryRule.init)
        if record.nextAttemptAt > 0 { nextAttemptAt = record.nextAttemptAt }
        if record.startedAt > 0 { startedAt = record.startedAt }
        if record.startBy > 0 { startBy = record.startBy }
        worker = outcome.worker
        if !record.call.files.isEmpty { files = record.call.files.map(FileRef.init) }
        if !outcome.returned.isEmpty { returned = outcome.returned.map(FileRef.init) }
        if outcome.stdoutBytes > 0 { stdoutBytes = outcome.stdoutBytes }
        if outcome.stderrBytes > 0 { stderrBytes = outcome.stderrBytes }
        if outcome.survivors > 0 { survivors = outcome.survivors }
    }
}

extension BatchRecord {
    init(_ batch: Batch) {
        let states = batch.states.map { (ElvesContracts.TaskState(rawValue: $0.key.rawValue), Int32($0.value)) }
        self.init(
            id: batch.id.rawValue, app: batch.call.app, func: batch.call.function, total: Int32(batch.total),
            states: Dictionary(states) { first, _ in first }, createdAt: batch.createdAt, endedAt: batch.endedAt,
            caller: batch.caller, concurrency: Int32(batch.concurrency), labels: batch.call.labels)
        maxFailures = batch.maxFailures.map { Int32(clamping: $0) }
        maxFailurePercent = batch.maxFailurePercent.map { Int32(clamping: $0) }
        if !batch.owner.isEmpty { owner = batch.owner }
        if batch.startBy > 0 { startByMs = batch.startBy - batch.createdAt }
        retryRule = batch.retryRule.map(ElvesContracts.RetryRule.init)
        if !batch.call.files.isEmpty { files = batch.call.files.map(FileRef.init) }
        if !batch.stopReason.isEmpty {
            stopping = true
            stopReason = batch.stopReason
        }
    }
}

extension BatchEnds {
    init(_ page: BatchEndPage) {
        self.init(tasks: page.executions.map { TaskRecord($0) }, nextAfter: page.nextAfter, done: page.done)
    }
}
