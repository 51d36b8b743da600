package import ArgumentParser
internal import ElvesClient
internal import ElvesCore

/// `elves app`.
package struct AppCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "app", abstract: "Write, check, push and place apps.",
        subcommands: [
            AppNewCommand.self, AppLintCommand.self, AppRunCommand.self, AppPushCommand.self, AppActivateCommand.self,
            AppBindCommand.self, AppUnbindCommand.self, AppRemoveCommand.self, AppListCommand.self,
        ])

    /// No arguments.
    package init() {}
}

/// `elves app activate`.
package struct AppActivateCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Choose the version that agents run.")

    @Argument(help: "The app.") var app: String
    @Argument(help: "A pushed version; an older one rolls back.") var version: String
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Activates it.
    package func run() async throws {
        let record = try await place.connect().center.activate(app, version: version)
        CommandContext.current.terminal.print("\(record.app) \(record.liveVersion ?? "-") is live")
    }
}

/// `elves app bind`.
package struct AppBindCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "bind", abstract: "Run an app on agents: those that match now, and those that come.")

    @Argument(help: "The app.") var app: String
    @Option(help: ArgumentHelp("A selector, ips, names, or @file; * is every agent.", valueName: "TARGETS"))
    var on: String
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Binds it.
    package func run() async throws {
        let record = try await place.connect().center.bind(app, to: try TargetText.expand(on))
        CommandContext.current.terminal.print(AppText.bindings(record))
    }
}

/// `elves app unbind`.
package struct AppUnbindCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "unbind", abstract: "Take back a binding; agents that no other binding covers drop the app.")

    @Argument(help: "The app.") var app: String
    @Option(help: ArgumentHelp("The targets, as they were bound.", valueName: "TARGETS"))
    var on: String
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Unbinds it.
    package func run() async throws {
        let record = try await place.connect().center.unbind(app, from: try TargetText.expand(on))
        CommandContext.current.terminal.print(AppText.bindings(record))
    }
}

/// `elves app remove`.
package struct AppRemoveCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an app that is bound to no agent, with all its versions.")

    @Argument(help: "The app.") var app: String
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Removes it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let center = try place.connect().center
        let record = try await center.app(app)
        // The center refuses it too; better said before a person is asked.
        if let binding = record.bindings.first {
            throw Failure(
                .supervisorAppLive, "\(record.app) is bound to \(AppText.bound(record))",
                hint: "unbind it first: elves app unbind \(record.app) --on \(CurlCommand.quoted(binding.targets))")
        }
        try Confirmation.demand(
            "Remove \(record.app) with \(Wording.count(record.versions.count, "version"))?",
            yes: yes, terminal: terminal)
        try await center.remove(app)
        terminal.print("removed \(app)")
    }
}

/// `elves app list`.
package struct AppListCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List apps, or one app's functions and versions.")

    @Argument(help: "One app.") var app: String?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Lists them.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let center = try place.connect().center
        if let app {
            let record = try await center.app(app)
            for line in output.json ? [try JSONLines.text(record)] : AppText.lines(record) { terminal.print(line) }
            return
        }
        let apps = try await center.apps()
        if output.json {
            for app in apps { terminal.print(try JSONLines.text(app)) }
        } else if apps.isEmpty {
            terminal.note("no app yet; make one: elves app new NAME --language python, then: elves app push NAME")
        } else {
            for line in AppText.table(apps).lines { terminal.print(line) }
        }
    }
}
