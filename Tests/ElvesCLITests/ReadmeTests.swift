import ElvesCLI
import Foundation
import Testing

/// What README.md shows can be typed.
@Suite struct ReadmeTests {
    private let scratch: ScratchFolder
    private let readme: String

    init() throws {
        scratch = try ScratchFolder()
        readme = try String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    }

    private func section(_ title: String) throws -> Substring {
        let start = try #require(readme.range(of: "## \(title)\n"))
        let rest = readme[start.upperBound...]
        return rest.range(of: "\n## ").map { rest[..<$0.lowerBound] } ?? rest
    }

    /// The arguments of every `elves` command in the text: lines after a prompt, and code among words.
    private static func commands(in text: Substring) -> [[String]] {
        let typed = text.matches(of: #/\n    \$ elves ([^\n]+)/#).map(\.output.1)
        let named = text.matches(of: #/`elves ([^`\n]+)`/#).map(\.output.1)
        return (typed + named).map { $0.split(separator: " ").map(String.init) }
    }

    @Test func theFirstAppIsMadeFitAndRuns() async throws {
        let section = try section("A first app")
        let blocks = section.matches(of: #/\n```(\w+)\n(.*?)\n```\n/#.dotMatchesNewlines())
        let files = Dictionary(
            blocks.map { (String($0.output.1), String($0.output.2) + "\n") }, uniquingKeysWith: { first, _ in first })
        let folder = "\(scratch.path)/disk"
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": scratch.path]
        var done: [String] = []
        for command in Self.commands(in: section) where command[1] != "push" {
            let arguments = command.map { $0 == "disk" ? folder : $0 }
            let (status, terminal) = await Command.run(arguments, environment: environment)
            #expect(status == .success, "elves \(command.joined(separator: " ")): \(terminal.output) \(terminal.notes)")
            done.append(command[1])
            switch command[1] {
            case "new":
                for (language, name) in [("yaml", "app.yaml"), ("python", "worker.py")] {
                    #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
                    _ = try scratch.write(try #require(files[language]), to: "disk/\(name)")
                }
            case "run":
                #expect(terminal.output.count == 1)
                #expect(terminal.output.first?.wholeMatch(of: #/\{"bytes":\d+\}/#) != nil, "\(terminal.output)")
            default: break
            }
        }
        #expect(done == ["new", "lint", "run"])
    }

    @Test func everyCommandExistsWithItsFlags() async throws {
        let commands = Self.commands(in: readme[...])
        #expect(commands.count > 10)
        for command in commands {
            let depth = ["app", "key", "task", "batch", "webhook", "file"].contains(command[0]) ? 2 : 1
            let name = command.prefix(depth).joined(separator: " ")
            let (status, terminal) = await Command.run(command + ["--help"])
            let help = terminal.output.joined(separator: "\n")
            #expect(status == .success && help.contains("USAGE: elves \(name)"), "elves \(name)")
            for flag in command where flag.hasPrefix("--") {
                #expect(help.contains(flag), "elves \(name) has no \(flag)")
            }
        }
    }
}
