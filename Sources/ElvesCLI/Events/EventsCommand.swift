package import ArgumentParser
internal import ElvesClient

/// `elves events`.
package struct EventsCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened, or with -f what happens.",
        discussion: """
            Kinds are task.ended, batch.ended, agent.up, agent.down, app.installed and app.failed.

              elves events -f --kinds agent.up,agent.down
              elves events -f --json | jq -r 'select(.state == "failed") | .task_id'
            """)

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.") var follow = false
    @Option(
        name: [.long, .customLong("kind")],
        help: ArgumentHelp("Only these kinds; repeatable, or with commas.", valueName: "KIND"))
    var kinds: [String] = []
    @Option(help: ArgumentHelp("Only of this app.", valueName: "APP")) var app: String?
    @Option(
        name: [.long, .customShort("n")],
        help: ArgumentHelp("Begin so many events back; without it 100, with -f none.", valueName: "N"))
    var last: Int?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        if let last, !(1...1000).contains(last) { throw ValidationError("--last is 1 to 1000.") }
    }

    /// Shows them.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let kinds = kinds.flatMap { $0.split(separator: ",").map(String.init) }
        let center = try place.connect().center
        if follow {
            for try await news in center.followEvents(kinds: kinds, app: app, last: last) {
                switch news {
                case .event(let event): try show(event)
                case .lost: terminal.note("some events before these are gone: the center keeps them only so long")
                }
            }
            return
        }
        let page = try await center.events(kinds: kinds, app: app, last: last ?? 100, limit: 1000)
        for event in page.events { try show(event) }
        if page.events.isEmpty { terminal.note("no such event among the last \(last ?? 100)") }
    }

    private func show(_ event: EventRecord) throws {
        CommandContext.current.terminal.print(output.json ? try JSONLines.text(event) : EventText.line(event))
    }
}

/// How an event reads to people.
enum EventText {
    static func line(_ event: EventRecord) -> String {
        var words = [Wording.moment(event.at), event.kind]
        if let agent = event.agent { words.append(agent.name.isEmpty ? agent.ip : agent.name) }
        words += [event.app, event.function, event.version].compactMap(\.self)
        if let state = event.state { words.append(state.rawValue) }
        if let id = event.taskID ?? event.batchID { words.append(id) }
        if !event.message.isEmpty { words.append("\(event.message)") }
        if let code = event.code, !code.isEmpty { words.append("(\(code))") }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
