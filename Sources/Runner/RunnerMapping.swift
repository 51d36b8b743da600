package import ElvesContracts
internal import Thrift

extension WorkerOrder {
    /// Reads the wire's form.
    package init(_ spawn: Spawn) {
        self.init(
            key: AttemptKey(taskId: spawn.taskId, attempt: spawn.attempt), command: spawn.command,
            workingFolder: spawn.workingFolder, environment: spawn.environment, input: spawn.input,
            timeout: spawn.timeoutMs > 0 ? .milliseconds(spawn.timeoutMs) : nil,
            grace: .milliseconds(max(0, spawn.graceMs)), outputLimit: Int(spawn.outputLimit),
            resultLimit: spawn.wantsResult ? Int(spawn.resultLimit) : nil)
        umask = spawn.umask.map { UInt32(truncatingIfNeeded: $0) & 0o777 } ?? 0o022
        copy = spawn.copyPath.map { path in
            OutputCopyOrder(
                path: path, limit: spawn.copyLimit ?? 8 << 20,
                after: spawn.copyAfterMs.map { .milliseconds(max(0, $0)) })
        }
    }
}

extension Spawn {
    /// The wire's form of an order.
    package init(_ order: WorkerOrder) {
        self.init(
            taskId: order.key.taskId, attempt: order.key.attempt, command: order.command,
            workingFolder: order.workingFolder, environment: order.environment, input: order.input,
            timeoutMs: order.timeout.map { max(1, $0.wholeMilliseconds) } ?? 0,
            graceMs: order.grace.wholeMilliseconds, outputLimit: Int32(clamping: order.outputLimit),
            resultLimit: Int32(clamping: order.resultLimit ?? 0), wantsResult: order.resultLimit != nil,
            copyPath: order.copy?.path, copyLimit: order.copy?.limit,
            copyAfterMs: order.copy?.after?.wholeMilliseconds, umask: Int32(order.umask))
    }
}

extension Exit {
    /// The wire's form of an end.
    package init(_ end: WorkerEnd) {
        self.init(
            taskId: end.key.taskId, attempt: end.key.attempt, timedOut: end.timedOut, killed: end.killed,
            output: Captured(end.output), errors: Captured(end.errors), result: end.result,
            resultTooLong: end.resultTooLong, costMs: end.cost.wholeMilliseconds, survivors: Int32(end.survivors),
            spawnMicros: end.spawnCost.components.attoseconds / 1_000_000_000_000,
            outputBytes: end.outputBytes, errorBytes: end.errorBytes, copiedBytes: end.copiedBytes)
        switch end.status {
        case .exited(let code): exitCode = code
        case .signaled(let number): signal = number
        case .notStarted(let why): spawnProblem = why
        case .stuck: break
        }
    }
}

extension WorkerEnd {
    /// Reads the wire's form.
    package init(_ exit: Exit) {
        let status: WorkerStatus =
            if !exit.spawnProblem.isEmpty {
                .notStarted(exit.spawnProblem)
            } else if let code = exit.exitCode {
                .exited(code)
            } else if let signal = exit.signal {
                .signaled(signal)
            } else {
                .stuck
            }
        self.init(key: AttemptKey(taskId: exit.taskId, attempt: exit.attempt), status: status)
        timedOut = exit.timedOut
        killed = exit.killed
        output = CapturedBytes(exit.output)
        errors = CapturedBytes(exit.errors)
        result = exit.result
        resultTooLong = exit.resultTooLong
        cost = .milliseconds(exit.costMs)
        spawnCost = .microseconds(exit.spawnMicros)
        survivors = Int(exit.survivors)
        // A runner of an earlier version counts only what it did not keep.
        outputBytes = exit.outputBytes ?? output.count
        errorBytes = exit.errorBytes ?? errors.count
        copiedBytes = exit.copiedBytes
    }
}

extension Captured {
    fileprivate init(_ bytes: CapturedBytes) {
        self.init(head: bytes.head, tail: bytes.tail, dropped: bytes.dropped)
    }
}

extension CapturedBytes {
    fileprivate init(_ captured: Captured) {
        self.init(head: captured.head, tail: captured.tail, dropped: captured.dropped)
    }
}
