import ElvesContracts
import ElvesCore
import Thrift

// Between the words of scheduler.thrift and the scheduler's own.

extension ExecutionOrder {
    init(_ request: ExecuteRequest, _ header: CallHeader) {
        self.init(
            call: FunctionCall(
                app: request.app, function: request.func, param: request.param, timeoutMs: request.timeoutMs,
                proxy: request.proxy, labels: request.labels),
            target: TaskTarget(
                id: ElvesID(rawValue: request.agentId), ip: request.ip, name: request.agentName ?? ""),
            startByMs: max(0, request.startByMs), idempotencyKey: request.idempotencyKey,
            caller: header.caller ?? "", trace: header.trace ?? "")
    }
}

extension BatchOrder {
    init(_ request: BatchRequest, _ header: CallHeader) {
        self.init(
            call: FunctionCall(
                app: request.app, function: request.func, param: request.param, timeoutMs: request.timeoutMs,
                labels: request.labels),
            targets: request.targets.map { TaskTarget(id: ElvesID(rawValue: $0.agentId), ip: $0.ip, name: $0.name) },
            concurrency: Int(request.concurrency), generation: request.generation,
            idempotencyKey: request.idempotencyKey, caller: header.caller ?? "", trace: header.trace ?? "")
    }
}

extension TaskRecord {
    init(_ record: Execution) {
        let outcome = record.outcome
        self.init(
            id: record.id.rawValue, batchId: record.batchID?.rawValue ?? 0, app: record.call.app,
            func: record.call.function, param: record.call.param, agentId: record.target.id?.rawValue ?? 0,
            ip: record.target.ip, state: ElvesContracts.TaskState(rawValue: record.state.rawValue),
            attempt: record.attempt, caller: record.caller, trace: record.trace, createdAt: record.createdAt,
            dispatchedAt: record.dispatchedAt, endedAt: record.endedAt, flag: outcome.flag, message: outcome.message,
            result: outcome.result, costMs: outcome.costMs, exitCode: outcome.exitCode, signal: outcome.signal,
            stdout: OutputText(outcome.stdout), stderr: OutputText(outcome.stderr), code: outcome.code,
            version: outcome.version, hops: record.hops.map(Hop.init), labels: record.call.labels,
            timeoutMs: record.call.timeoutMs ?? 0, agentName: record.target.name)
    }
}

extension BatchRecord {
    init(_ batch: Batch) {
        let states = batch.states.map { (ElvesContracts.TaskState(rawValue: $0.key.rawValue), Int32($0.value)) }
        self.init(
            id: batch.id.rawValue, app: batch.call.app, func: batch.call.function, total: Int32(batch.total),
            states: Dictionary(states) { first, _ in first }, createdAt: batch.createdAt, endedAt: batch.endedAt,
            caller: batch.caller, concurrency: Int32(batch.concurrency), labels: batch.call.labels)
    }
}

extension BatchEnds {
    init(_ page: BatchEndPage) {
        self.init(tasks: page.executions.map(TaskRecord.init), nextAfter: page.nextAfter, done: page.done)
    }
}
