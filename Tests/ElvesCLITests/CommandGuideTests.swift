import ElvesCLI
import Foundation
import Testing

/// docs/guide/cli.md names every command and option that help knows.
@Suite struct CommandGuideTests {
    /// What `--experimental-dump-help` says of a command.
    private struct Described: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let kind: String
            let names: [Name]?
            let shouldDisplay: Bool

            /// As it is typed, whichever way.
            var spellings: [String] { (names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name } }
        }

        let commandName: String
        let shouldDisplay: Bool
        let arguments: [Argument]?
        let subcommands: [Described]?
    }

    private struct Root: Decodable {
        let command: Described
    }

    /// What the guide says of all commands at once.
    private static let common: Set = ["--help", "--version", "--json", "--data"]

    private let sections: [[String]]

    init() throws {
        let guide = try String(contentsOf: Repository.root.appending(path: "docs/guide/cli.md"), encoding: .utf8)
        sections = guide.split(separator: "\n## ").map {
            $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func everyCommandAndOptionIsNamed() async throws {
        let (_, terminal) = await Command.run(["--experimental-dump-help"])
        let help = Data(terminal.output.joined(separator: "\n").utf8)
        let root = try JSONDecoder().decode(Root.self, from: help).command
        var commands = 0
        check(root, path: [], counting: &commands)
        #expect(commands > 30)
    }

    private func check(_ command: Described, path: [String], counting commands: inout Int) {
        let parts = (command.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        for part in parts { check(part, path: path + [part.commandName], counting: &commands) }
        guard parts.isEmpty else { return }
        commands += 1
        let line = path.joined(separator: " ")
        let said = words(about: path)
        #expect(!said.isEmpty, "elves \(line) is not in docs/guide/cli.md")
        for argument in command.arguments ?? [] where argument.shouldDisplay && argument.kind != "positional" {
            // Of a switch that is on by default it is enough to say how it is turned off.
            let spellings = argument.spellings.flatMap { [$0, "--no-" + $0.drop { $0 == "-" }] }
            guard Self.common.isDisjoint(with: spellings) else { continue }
            #expect(
                !said.isDisjoint(with: spellings),
                "docs/guide/cli.md does not name \(spellings.joined(separator: ", ")) of elves \(line)")
        }
    }

    /// The words of its lines, with those that go on further in, and of the tables of its section.
    private func words(about path: [String]) -> Set<String> {
        var words: Set<String> = []
        for section in sections {
            var isOwn = false
            var found: [String] = []
            for text in section {
                if text.hasPrefix("    elves ") {
                    isOwn = Self.names(path, in: text)
                } else if !text.hasPrefix("     ") {
                    isOwn = false
                }
                if isOwn { found.append(text) }
            }
            guard !found.isEmpty else { continue }
            found += section.filter { $0.hasPrefix("| `-") }
            for text in found {
                words.formUnion(text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
            }
        }
        return words
    }

    /// Whether a line shows the command; `batch show|groups` shows two.
    private static func names(_ path: [String], in text: String) -> Bool {
        let typed = text.split(separator: " ").dropFirst().prefix(path.count)
        return typed.count == path.count
            && zip(typed, path).allSatisfy { $0.split(separator: "|").contains(Substring($1)) }
    }
}
