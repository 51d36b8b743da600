package import ArgumentParser
internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// `elves task list`.
package struct TaskListCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tasks, the newest first.",
        discussion: """
              elves task list --app nginx --state failed,timed_out --since 2h
              elves task list --label ticket=OPS-12 --json | jq -r .id
            """)

    @Option(help: ArgumentHelp("Only of this app.", valueName: "APP")) var app: String?
    @Option(help: ArgumentHelp("Only of this function.", valueName: "FUNC")) var function: String?
    @Option(help: ArgumentHelp("Only on this agent: ip, name or id.", valueName: "AGENT")) var on: String?
    @Option(help: ArgumentHelp("Only in this state; repeatable, or with commas.", valueName: "STATE"))
    var state: [String] = []
    @Option(help: ArgumentHelp("Only with this label; repeatable: with all of them.", valueName: "NAME=VALUE"))
    var label: [String] = []
    @Option(help: ArgumentHelp("Only what the key of this id asked for.", valueName: "KEY")) var caller: String?
    @Option(help: ArgumentHelp("Only of this batch.", valueName: "BATCH")) var batch: String?
    @Option(
        help: ArgumentHelp(
            "Created since: a time such as 2026-01-02T03:04:05Z, or so long ago: 90s, 2h, 3d.", valueName: "TIME"))
    var since: String?
    @Option(help: ArgumentHelp("Created before, in the same words.", valueName: "TIME")) var until: String?
    @Option(name: [.long, .customShort("n")], help: ArgumentHelp("So many, at most.", valueName: "N")) var limit = 50
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more.") }
        _ = try query(now: Date(timeIntervalSince1970: 1e9))
    }

    /// Lists them.
    package func run() async throws {
        let context = CommandContext.current
        let query = try query(now: context.now())
        let center = try place.connect().center
        var tasks: [TaskRecord] = []
        var cursor: Cursor?
        repeat {
            let page = try await center.tasks(query, after: cursor, limit: min(1000, limit - tasks.count))
            tasks += page.tasks
            cursor = page.next
        } while cursor != nil && tasks.count < limit
        if output.json {
            for task in tasks { context.terminal.print(try JSONLines.text(task)) }
            return
        }
        guard !tasks.isEmpty else { return context.terminal.note("no such task") }
        for line in Self.table(tasks, now: context.now()).lines { context.terminal.print(line) }
        if cursor != nil { context.terminal.note("there are more: --limit N shows so many") }
    }

    private func query(now: Date) throws -> TaskQuery {
        var query = TaskQuery()
        query.app = app
        query.function = function
        query.agent = on
        query.states = state.flatMap { $0.split(separator: ",") }.map { TaskState(rawValue: String($0)) }
        for state in query.states where !ElvesCore.TaskState.allCases.contains(where: { $0.name == state.rawValue }) {
            let names = ElvesCore.TaskState.allCases.map(\.name)
            let near = Suggestion.phrase(for: state.rawValue, in: names)
            throw ValidationError(
                "There is no state \"\(state.rawValue)\"" + (near.isEmpty ? ": " + names.joined(separator: ", ") : near)
            )
        }
        query.labels = try LabelText.parse(label, separator: "=")
        query.caller = caller
        query.batch = batch
        query.since = try since.map { try MomentText.parse($0, option: "--since", now: now) }
        query.until = try until.map { try MomentText.parse($0, option: "--until", now: now) }
        return query
    }

    static func table(_ tasks: [TaskRecord], now: Date) -> TextTable {
        var table = TextTable(["ID", "STATE", "CALL", "AGENT", "CREATED", "TOOK", "WHY"])
        for task in tasks {
            let didRun = task.dispatchedAt != nil && task.state.isEnd
            let why = task.state == .succeeded ? "" : task.message
            table.add([
                task.id, task.state.rawValue, "\(task.app) \(task.function)",
                task.agent.name.isEmpty ? task.agent.ip : task.agent.name, Wording.ago(task.createdAt, now: now),
                didRun ? Wording.span(milliseconds: task.costMilliseconds) : "",
                String(why.prefix { !$0.isNewline }.prefix(60)),
            ])
        }
        return table
    }
}

/// Moments as people type them.
enum MomentText {
    /// An RFC 3339 time, or how long ago.
    static func parse(_ text: String, option: String, now: Date) throws -> Date {
        if let milliseconds = try? DurationText.milliseconds(text) {
            return now.addingTimeInterval(-Double(milliseconds) / 1000)
        }
        let date =
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
        guard let date else {
            throw ValidationError(
                "\(option) is a time such as 2026-01-02T03:04:05Z, or how long ago: 90s, 2h, 3d; not \(text).")
        }
        return date
    }
}
