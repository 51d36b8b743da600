package import ArgumentParser
internal import ElvesClient

/// `elves webhook`.
package struct WebhookCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Have events sent to an address; needs an admin key.",
        subcommands: [
            WebhookAddCommand.self, WebhookListCommand.self, WebhookRemoveCommand.self, WebhookDeadCommand.self,
            WebhookRedeliverCommand.self,
        ])

    /// No arguments.
    package init() {}
}

/// `elves webhook add`.
package struct WebhookAddCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Have events sent to an address; its secret is shown this once.",
        discussion: """
            With the secret a receiver checks that an event is from this center: docs/guide/api-users.md.

              elves webhook add https://ops.example.com/elves --state failed --app nginx
            """)

    @Argument(help: "The address, http or https.") var url: String
    @Option(
        name: [.long, .customLong("kinds")],
        help: ArgumentHelp("Only this kind of event; repeatable, or with commas.", valueName: "KIND"))
    var kind: [String] = []
    @Option(help: ArgumentHelp("Only of this app; repeatable, or with commas.", valueName: "APP"))
    var app: [String] = []
    @Option(
        help: ArgumentHelp("Only of tasks that ended in this state; repeatable, or with commas.", valueName: "STATE"))
    var state: [String] = []
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Adds it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let webhook = try await place.connect().center.createWebhook(
            WebhookRequest(
                url: url, kinds: Self.words(kind), apps: Self.words(app),
                states: Self.words(state).map { TaskState(rawValue: $0) }))
        if output.json { return terminal.print(try JSONLines.text(webhook)) }
        terminal.print("id      \(webhook.id)")
        terminal.print("secret  \(webhook.secret ?? "-")")
        terminal.note("Keep the secret now: it is not shown again.")
    }

    private static func words(_ texts: [String]) -> [String] {
        texts.flatMap { $0.split(separator: ",").map(String.init) }
    }
}

/// `elves webhook list`.
package struct WebhookListCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "List webhooks.")

    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Lists them.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let webhooks = try await place.connect().center.webhooks()
        if output.json {
            for webhook in webhooks { terminal.print(try JSONLines.text(webhook)) }
            return
        }
        guard !webhooks.isEmpty else { return terminal.note("no webhook yet: elves webhook add URL") }
        var table = TextTable(["ID", "URL", "KINDS", "APPS", "STATES", "WAITING", "DEAD", "CREATED"])
        for webhook in webhooks {
            table.add([
                webhook.id, webhook.url, Self.all(webhook.kinds), Self.all(webhook.apps),
                Self.all(webhook.states.map(\.rawValue)), Wording.count(webhook.waiting), Wording.count(webhook.dead),
                Wording.moment(webhook.createdAt),
            ])
        }
        for line in table.lines { terminal.print(line) }
    }

    private static func all(_ words: [String]) -> String { words.isEmpty ? "all" : words.joined(separator: ",") }
}

/// `elves webhook remove`.
package struct WebhookRemoveCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Send nothing more to an address; what waits is dropped.")

    @Argument(help: "The webhook's id.") var id: String
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Removes it.
    package func run() async throws {
        try await place.connect().center.deleteWebhook(id)
        CommandContext.current.terminal.print("removed \(id)")
    }
}

/// `elves webhook dead`.
package struct WebhookDeadCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "List events that a webhook did not take, the newest first.")

    @Argument(help: "The webhook's id.") var id: String
    @Option(name: [.long, .customShort("n")], help: ArgumentHelp("So many, at most.", valueName: "N")) var limit = 50
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000.") }
    }

    /// Lists them.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let page = try await place.connect().center.deadLetters(ofWebhook: id, limit: limit)
        if output.json {
            for letter in page.dead { terminal.print(try JSONLines.text(letter)) }
            return
        }
        guard !page.dead.isEmpty else { return terminal.note("it has given up no event") }
        var table = TextTable(["ID", "EVENT", "TRIES", "LAST TRY", "PROBLEM"])
        for letter in page.dead {
            table.add([
                letter.id, "\(letter.event.kind) \(letter.event.taskID ?? letter.event.batchID ?? "")",
                String(letter.tries), Wording.moment(letter.lastTryAt), letter.problem,
            ])
        }
        for line in table.lines { terminal.print(line) }
        terminal.note("try one again: elves webhook redeliver ID")
    }
}

/// `elves webhook redeliver`.
package struct WebhookRedeliverCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "redeliver", abstract: "Try an event again that a webhook did not take.")

    @Argument(help: "The ids that `elves webhook dead` shows.") var ids: [String]
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Tries them.
    package func run() async throws {
        let center = try place.connect().center
        for id in ids {
            try await center.redeliver(id)
            CommandContext.current.terminal.print("\(id) is on its way again")
        }
    }
}
