package import ArgumentParser
internal import ElvesClient

/// `elves task`.
package struct TaskCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "task", abstract: "List tasks, look at one, end it, do it again.",
        subcommands: [
            TaskListCommand.self, TaskGetCommand.self, TaskOutputCommand.self, TaskCancelCommand.self,
            TaskKillCommand.self, TaskRetryCommand.self, TaskExplainCommand.self,
        ])

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
