package import ArgumentParser
internal import ElvesClient
internal import Foundation

/// `elves agents`.
package struct AgentsCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "List agents: whether they live, and which apps they run.")

    @Option(help: ArgumentHelp("Only these: a selector, ips, names, or @file.", valueName: "TARGETS"))
    var on: String?
    @Option(help: ArgumentHelp("Without these, in the same words.", valueName: "TARGETS"))
    var exclude: String?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Lists them.
    package func run() async throws {
        let context = CommandContext.current
        let center = try place.connect().center
        let agents = try await center.allAgents(
            on: try on.map(TargetText.expand), exclude: try exclude.map(TargetText.expand))
        if output.json {
            for agent in agents { context.terminal.print(try JSONLines.text(agent)) }
            return
        }
        guard !agents.isEmpty else {
            context.terminal.note(on == nil ? "no agent has reported yet" : "no agent matches \(on ?? "")")
            return
        }
        let sorted = agents.sorted { Self.order($0.ip).lexicographicallyPrecedes(Self.order($1.ip)) }
        for line in Self.table(sorted, now: context.now()).lines { context.terminal.print(line) }
    }

    /// 10.0.0.9 stands before 10.0.0.10.
    private static func order(_ ip: String) -> [Int] { ip.split(separator: ".").map { Int($0) ?? Int.max } }

    static func table(_ agents: [AgentRecord], now: Date) -> TextTable {
        var table = TextTable(["IP", "NAME", "ALIVE", "LAST BEAT", "VERSION", "APPS", "LABELS"])
        for agent in agents {
            let apps = agent.apps.map { app in
                let problem = app.problem.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
                return "\(app.app) \(app.version)\(problem)"
            }
            table.add([
                agent.ip, agent.name, agent.alive ? "yes" : "no", Wording.ago(agent.lastBeatAt, now: now),
                agent.version, apps.joined(separator: ", "),
                agent.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
            ])
        }
        return table
    }
}
