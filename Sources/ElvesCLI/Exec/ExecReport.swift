internal import ElvesClient

/// Says how an `elves exec` ended.
struct ExecReport: Sendable {
    private let context: CommandContext
    private let json: Bool

    init(context: CommandContext, json: Bool) {
        self.context = context
        self.json = json
    }

    /// The end of one task: the result on standard output, everything else on standard error.
    func single(_ task: TaskRecord) throws -> CommandStatus {
        var outcome = ExecOutcome()
        outcome.add(task)
        if json {
            try lines([task])
            return outcome.status
        }
        if task.state == .succeeded {
            context.terminal.print(Self.answer(of: task))
            return outcome.status
        }
        context.terminal.note("\(task.agent.ip) \(Self.reason(of: task))")
        for line in TaskText.section("stderr", task.stderr) { context.terminal.note(line) }
        context.terminal.note("more: elves task explain \(task.id)")
        return outcome.status
    }

    /// A line of JSON for each task.
    func lines(_ tasks: [TaskRecord]) throws {
        for task in tasks { context.terminal.print(try JSONLines.text(task)) }
    }

    /// Targets that no agent answers to, a line of JSON for each; without JSON they are in the folded line.
    func lines(_ unmatched: [String], of batch: BatchRecord) throws {
        for target in unmatched {
            context.terminal.print(
                try JSONLines.text(UnmatchedTarget(target, app: batch.app, function: batch.function)))
        }
    }

    /// A batch that is not waited for: its id, and the targets that are not in it.
    func started(_ batch: BatchRecord, unmatched: [String]) throws -> CommandStatus {
        context.terminal.print(json ? #"{"batch":"\#(batch.id)"}"# : batch.id)
        if json {
            try lines(unmatched, of: batch)
        } else if !unmatched.isEmpty {
            context.terminal.note(EndsText.line([], unmatched: unmatched))
        }
        var outcome = ExecOutcome()
        outcome.add(unmatched: unmatched)
        return outcome.status
    }

    /// The ends of a batch, those alike in one line.
    func folded(_ tasks: [TaskRecord], batch: BatchRecord, unmatched: [String]) -> CommandStatus {
        var outcome = ExecOutcome()
        for task in tasks { outcome.add(task) }
        outcome.add(unmatched: unmatched)
        if !json { context.terminal.print(EndsText.line(tasks, unmatched: unmatched)) }
        if tasks.contains(where: { $0.state != .succeeded && $0.state != .unknown }) {
            context.terminal.note("again where it did not succeed: elves exec --retry-failed \(batch.id)")
        }
        return outcome.status
    }

    /// What a task that succeeded gave, as people read it: a text bare, anything else as JSON.
    static func answer(of task: TaskRecord) -> String {
        switch task.result {
        case .string(let text)?: text
        case .null?, nil: task.message
        case let result?: result.text
        }
    }

    /// Why a task did not succeed.
    static func reason(of task: TaskRecord) -> String {
        let why = task.message.isEmpty ? answer(of: task) : task.message
        let code = task.code.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
        return "\(task.state.rawValue)\(why.isEmpty ? "" : ": \(why)")\(code)"
    }
}
