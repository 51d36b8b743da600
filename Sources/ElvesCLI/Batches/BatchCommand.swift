package import ArgumentParser
internal import ElvesClient
internal import Foundation

/// `elves batch`.
package struct BatchCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "List batches, look at one, stop it.",
        discussion: "A batch is one function on many agents: `elves exec` with several targets makes one.",
        subcommands: [
            BatchListCommand.self, BatchShowCommand.self, BatchGroupsCommand.self, BatchStopCommand.self,
        ])

    /// No arguments.
    package init() {}
}

/// `elves batch list`.
package struct BatchListCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List batches, the newest first.")

    @Option(help: ArgumentHelp("Only of this app.", valueName: "APP")) var app: String?
    @Option(name: [.long, .customShort("n")], help: ArgumentHelp("So many, at most.", valueName: "N")) var limit = 50
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is 1 or more.") }
    }

    /// Lists them.
    package func run() async throws {
        let context = CommandContext.current
        let center = try place.connect().center
        var batches: [BatchRecord] = []
        var cursor: Cursor?
        repeat {
            let page = try await center.batches(ofApp: app, after: cursor, limit: min(1000, limit - batches.count))
            batches += page.batches
            cursor = page.next
        } while cursor != nil && batches.count < limit
        if output.json {
            for batch in batches { context.terminal.print(try JSONLines.text(batch)) }
            return
        }
        guard !batches.isEmpty else {
            return context.terminal.note("no batch yet: elves exec with several targets makes one")
        }
        var table = TextTable(["ID", "CALL", "TARGETS", "ENDS", "CREATED", "STATE"])
        for batch in batches {
            table.add([
                batch.id, "\(batch.app) \(batch.function)", Wording.count(batch.total), BatchText.states(batch),
                Wording.ago(batch.createdAt, now: context.now()), BatchText.standing(batch),
            ])
        }
        for line in table.lines { context.terminal.print(line) }
        if cursor != nil { context.terminal.note("there are more: --limit N shows so many") }
    }
}

/// `elves batch show`.
package struct BatchShowCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a batch: how its tasks stand, and why it stopped if it did.")

    @Argument(help: "The batch's id.") var id: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Shows it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let batch = try await place.connect().center.batch(id)
        if output.json { return terminal.print(try JSONLines.text(batch)) }
        for line in BatchText.lines(batch) { terminal.print(line) }
        terminal.note("its ends: elves batch groups \(batch.id), or elves task list --batch \(batch.id)")
    }
}

/// `elves batch groups`.
package struct BatchGroupsCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Show a batch's ends, those that ended alike together.")

    @Argument(help: "The batch's id.") var id: String
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Shows them.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let groups = try await place.connect().center.groups(ofBatch: id, limit: 1000)
        if output.json {
            for group in groups { terminal.print(try JSONLines.text(group)) }
            return
        }
        guard !groups.isEmpty else { return terminal.note("none of its tasks has ended yet") }
        for group in groups {
            for line in BatchText.lines(group) { terminal.print(line) }
        }
    }
}

/// `elves batch stop`.
package struct BatchStopCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Start no more of a batch's tasks.",
        discussion: "Tasks that run go on to their end, unless --kill is given.")

    @Argument(help: "The batch's id.") var id: String
    @Flag(help: "Also end the tasks that run.") var kill = false
    @Option(help: ArgumentHelp("Why, for the record.", valueName: "WORDS")) var reason: String?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Stops it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let batch = try await place.connect().center.stopBatch(id, kill: kill, reason: reason)
        if output.json { return terminal.print(try JSONLines.text(batch)) }
        terminal.print("\(batch.id) \(BatchText.standing(batch)): \(BatchText.states(batch))")
    }
}

/// How a batch reads to people.
enum BatchText {
    static func lines(_ batch: BatchRecord) -> [String] {
        var rows = [
            ("batch", batch.id), ("call", "\(batch.app) \(batch.function)"), ("state", standing(batch)),
            ("targets", Wording.count(batch.total)), ("ends", states(batch)),
        ]
        if let reason = batch.stopReason, !reason.isEmpty { rows.append(("stopped", reason)) }
        if let limit = batch.maxFailures { rows.append(("stops at", "more than \(limit.text) failed")) }
        if batch.concurrency > 0 { rows.append(("at once", Wording.count(batch.concurrency))) }
        if let retries = batch.retries { rows.append(("attempts", "up to \(retries.attempts)")) }
        if let caller = batch.caller, !caller.isEmpty { rows.append(("caller", caller)) }
        if !batch.labels.isEmpty {
            let labels = batch.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            rows.append(("labels", labels.joined(separator: ", ")))
        }
        rows.append(("created", Wording.moment(batch.createdAt)))
        if batch.endedAt != nil { rows.append(("ended", Wording.moment(batch.endedAt))) }
        return rows.map { name, value in name + String(repeating: " ", count: 10 - name.count) + value }
    }

    /// `2,994 succeeded, 5 failed, 1 running`.
    static func states(_ batch: BatchRecord) -> String {
        batch.states.filter { $0.value > 0 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(Wording.count($0.value)) \($0.key)" }.joined(separator: ", ")
    }

    /// Whether it runs, stops, was stopped, or ended.
    static func standing(_ batch: BatchRecord) -> String {
        let stops = batch.stopping == true
        if batch.endedAt != nil { return stops ? "stopped" : "ended" }
        return stops ? "stopping" : "running"
    }

    static func lines(_ group: BatchGroup) -> [String] {
        let names = group.targets.prefix(10).map { $0.name.isEmpty ? $0.ip : $0.name }
        var head = "\(Wording.count(group.count)) \(group.state.rawValue)"
        if let code = group.code, !code.isEmpty { head += " (\(code))" }
        if let exit = group.exitCode, exit != 0 { head += ", exit code \(exit)" }
        head += ": " + names.joined(separator: ", ") + (group.count > names.count ? ", …" : "")
        let text = group.text.split(separator: "\n", omittingEmptySubsequences: false)
            .reversed().drop { $0.isEmpty }.reversed().map { "  " + $0 }
        return [head] + text
    }
}
