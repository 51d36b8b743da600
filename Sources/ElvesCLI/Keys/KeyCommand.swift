package import ArgumentParser
internal import ElvesClient

/// `elves key`.
package struct KeyCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Create, list and revoke keys.",
        subcommands: [KeyCreateCommand.self, KeyListCommand.self, KeyRevokeCommand.self])

    /// No arguments.
    package init() {}
}

/// `elves key create`.
package struct KeyCreateCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a key; its secret and token are shown this once.",
        discussion: "A scope that is not given is not limited: a key without any may call everything everywhere.")

    @Argument(help: "What the key is for.") var comment: String
    @Option(name: .customLong("app"), help: ArgumentHelp("An app it may call; repeatable.", valueName: "APP"))
    var apps: [String] = []
    @Option(
        name: .customLong("function"), help: ArgumentHelp("A function it may call; repeatable.", valueName: "FUNC"))
    var functions: [String] = []
    @Option(
        name: .customLong("on"), help: ArgumentHelp("Agents it may reach; repeatable.", valueName: "TARGETS"))
    var agents: [String] = []
    @Flag(help: "Let it change apps, bindings and keys.") var admin = false
    @Flag(name: .customLong("legacy-md5"), help: "Accept ELVES 2.0's MD5 signatures.") var legacyMD5 = false
    @Flag(help: "Refuse signed calls without a nonce.") var requireNonce = false
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Creates it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let key = try await place.connect().center.createKey(
            KeyRequest(
                comment: comment, apps: apps, functions: functions, agents: agents, admin: admin,
                legacyMD5: legacyMD5, requireNonce: requireNonce))
        if output.json {
            terminal.print(try JSONLines.text(key))
            return
        }
        terminal.print("auth_id  \(key.id)")
        terminal.print("secret   \(key.secret ?? "-")")
        terminal.print("token    \(key.token ?? "-")")
        terminal.note("Keep secret and token now: they are not shown again.")
    }
}

/// `elves key list`.
package struct KeyListCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(commandName: "list", abstract: "List keys.")

    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Lists them.
    package func run() async throws {
        let context = CommandContext.current
        let keys = try await place.connect().center.keys()
        if output.json {
            for key in keys { context.terminal.print(try JSONLines.text(key)) }
            return
        }
        var table = TextTable(["AUTH_ID", "COMMENT", "APPS", "FUNCTIONS", "AGENTS", "MAY", "CREATED", "STATE"])
        for key in keys {
            let rights = [
                key.admin ? "admin" : "call", key.legacyMD5 ? "md5" : nil, key.requireNonce ? "nonce only" : nil,
            ].compactMap(\.self).joined(separator: ", ")
            table.add([
                key.id, key.comment, Self.scope(key.apps), Self.scope(key.functions), Self.scope(key.agents), rights,
                Wording.moment(key.createdAt), key.revoked ? "revoked" : "active",
            ])
        }
        for line in table.lines { context.terminal.print(line) }
    }

    private static func scope(_ names: [String]) -> String { names.isEmpty ? "all" : names.joined(separator: ",") }
}

/// `elves key revoke`.
package struct KeyRevokeCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a key; it is refused everywhere within 5 s.")

    @Argument(help: "The key's id.") var id: String
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Revokes it.
    package func run() async throws {
        let key = try await place.connect().center.revokeKey(id)
        CommandContext.current.terminal.print("revoked \(key.id)\(key.comment.isEmpty ? "" : " (\(key.comment))")")
    }
}
