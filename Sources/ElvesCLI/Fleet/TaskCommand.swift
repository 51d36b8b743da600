package import ArgumentParser
internal import ElvesClient

/// `elves task`.
package struct TaskCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Look at a task.",
        subcommands: [TaskGetCommand.self, TaskExplainCommand.self])

    /// No arguments.
    package init() {}
}

/// `elves task get`.
package struct TaskGetCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show a task and what it gave.")

    @Argument(help: "The task's id.") var id: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Shows it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let task = try await place.connect().center.task(id)
        for line in output.json ? [try JSONLines.text(task)] : TaskText.lines(task) { terminal.print(line) }
    }
}

/// `elves task explain`.
package struct TaskExplainCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show each hop of a task: where, when, and which rule decided.")

    @Argument(help: "The task's id.") var id: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Shows it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let explanation = try await place.connect().center.explain(id)
        if output.json {
            terminal.print(try JSONLines.text(explanation))
            return
        }
        for line in TaskText.lines(explanation.task) { terminal.print(line) }
        terminal.print("")
        var table = TextTable(["AT", "PLACE", "EVENT", "RULE"])
        for hop in explanation.hops {
            table.add([TaskText.milliseconds(hop.atMicroseconds), hop.place, hop.event, hop.rule])
        }
        for line in table.lines { terminal.print(line) }
    }
}

/// How a task reads to people.
enum TaskText {
    static func lines(_ task: TaskRecord) -> [String] {
        var rows: [(String, String)] = [
            ("task", task.id),
            ("call", "\(task.app) \(task.function)" + (task.param.map { " \($0.text)" } ?? "")),
            ("agent", [task.agent.ip, task.agent.name].filter { !$0.isEmpty }.joined(separator: " ")),
            ("state", state(task)),
        ]
        if let result = task.result, result != .null { rows.append(("result", result.text)) }
        if !task.message.isEmpty, task.message != task.result?.string { rows.append(("message", task.message)) }
        if let code = task.code, !code.isEmpty { rows.append(("code", code)) }
        if let exit = task.exitCode, exit != 0 { rows.append(("exit code", String(exit))) }
        if let signal = task.signal { rows.append(("signal", String(signal))) }
        if let version = task.version, !version.isEmpty { rows.append(("version", version)) }
        if let batch = task.batchID { rows.append(("batch", batch)) }
        rows.append(("created", Wording.moment(task.createdAt)))
        if task.endedAt != nil { rows.append(("ended", Wording.moment(task.endedAt))) }
        var lines = rows.map { name, value in
            name + String(repeating: " ", count: 11 - name.count) + value
        }
        lines += section("stdout", task.stdout) + section("stderr", task.stderr)
        return lines
    }

    /// `0.412 ms` from microseconds.
    static func milliseconds(_ microseconds: Int) -> String {
        let thousandths = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths + " ms"
    }

    private static func state(_ task: TaskRecord) -> String {
        var text = task.state.rawValue
        if task.attempt > 1 { text += ", attempt \(task.attempt)" }
        if task.state.isEnd, task.dispatchedAt != nil {
            text += " after \(Wording.span(milliseconds: task.costMilliseconds))"
        }
        return text
    }

    static func section(_ name: String, _ output: TaskRecord.Output) -> [String] {
        guard !output.head.isEmpty || output.dropped > 0 else { return [] }
        var lines = ["\(name):"] + indented(output.head)
        if output.dropped > 0 {
            lines.append("  … \(Wording.count(output.dropped)) bytes dropped …")
            lines += indented(output.tail)
        }
        return lines
    }

    private static func indented(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .reversed().drop { $0.isEmpty }.reversed().map { "  " + $0 }
    }
}
