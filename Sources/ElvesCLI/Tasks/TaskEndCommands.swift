package import ArgumentParser
internal import ElvesClient

/// `elves task cancel`.
package struct TaskCancelCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End tasks that have not started.")

    @Argument(help: "The tasks' ids.") var ids: [String]
    @Option(help: ArgumentHelp("Why, for their records.", valueName: "WORDS")) var reason: String?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Cancels them.
    package func run() async throws {
        let center = try place.connect().center
        let wait = Duration.seconds(5)
        try await TaskEnds(output.json, waited: wait).each(ids) { id throws(CenterError) in
            try await center.cancel(id, reason: reason, wait: wait)
        }
    }
}

/// `elves task kill`.
package struct TaskKillCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "End tasks, also those that run, and wait until they are dead.",
        discussion: "A worker gets TERM, then its grace, then KILL, with all processes that it started.")

    @Argument(help: "The tasks' ids.") var ids: [String]
    @Option(help: ArgumentHelp("Why, for their records.", valueName: "WORDS")) var reason: String?
    @Flag(inversion: .prefixedNo, help: "Wait for their ends, or only ask.") var wait = true
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Kills them.
    package func run() async throws {
        let center = try place.connect().center
        let wait = wait ? Duration.seconds(60) : .zero
        try await TaskEnds(output.json, waited: wait).each(ids) { id throws(CenterError) in
            try await center.kill(id, reason: reason, wait: wait)
        }
    }
}

/// `elves task retry`.
package struct TaskRetryCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Do an ended task again, as a new task, and show how it ended.")

    @Argument(help: "The task's id.") var id: String
    @Flag(name: .customLong("async"), help: "Do not wait: print the new task's id and end.") var isAsync = false
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Does it again.
    package func run() async throws {
        let context = CommandContext.current
        let center = try place.connect().center
        var task = try await center.retry(id)
        guard !isAsync else {
            return context.terminal.print(output.json ? #"{"task":"\#(task.id)"}"# : task.id)
        }
        while !task.state.isEnd { task = try await center.task(task.id, wait: .seconds(20)) }
        let status = try ExecReport(context: context, json: output.json).single(task)
        if status != .success { throw status }
    }
}

/// Asks for the end of several tasks and says what came of each.
struct TaskEnds {
    private let json: Bool
    /// How long each end is waited for; zero: it is only asked for.
    private let waited: Duration
    private let terminal = CommandContext.current.terminal

    init(_ json: Bool, waited: Duration) {
        self.json = json
        self.waited = waited
    }

    /// Goes through all of them, whatever happens to one; ends with the worst status.
    func each(_ ids: [String], _ end: (String) async throws(CenterError) -> TaskRecord) async throws {
        var worst = CommandStatus.success
        for id in ids {
            do {
                let task = try await end(id)
                if json {
                    terminal.print(try JSONLines.text(task))
                } else {
                    terminal.print("\(task.id) \(task.state.rawValue)" + (task.state.isEnd ? "" : ", not ended yet"))
                }
                if !task.state.isEnd, waited > .zero {
                    terminal.note(
                        "\(task.id): asked to end, and after \(waited.components.seconds) s still \(task.state.rawValue);"
                            + " an agent that is away hears of it when it is back: look with elves task get \(task.id)")
                    worst = max(worst, .unreachable)
                }
                if let survivors = task.survivors, survivors > 0 {
                    terminal.note("\(task.id): \(Wording.count(survivors, "process", "processes")) outlived its end")
                    worst = max(worst, .failure)
                }
            } catch let error as CenterError {
                let failure = Failure(error)
                terminal.note(failure.text)
                worst = max(worst, failure.status)
            }
        }
        if worst != .success { throw worst }
    }

    private func max(_ left: CommandStatus, _ right: CommandStatus) -> CommandStatus {
        left.rawValue >= right.rawValue ? left : right
    }
}
