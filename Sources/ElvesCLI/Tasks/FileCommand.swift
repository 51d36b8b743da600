package import ArgumentParser
internal import ElvesClient
internal import ElvesCore
internal import Foundation

/// `elves file`.
package struct FileCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Fetch files that workers returned.", subcommands: [FileGetCommand.self])

    /// No arguments.
    package init() {}
}

/// `elves file get`.
package struct FileGetCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Fetch a file that a task's worker returned.",
        discussion: """
            `elves task get TASK` names the files. The file is written under its own name into this folder, \
            and replaces nothing unless --force is given.

              elves file get 0123456789abcdef report.csv
              elves file get 0123456789abcdef report.csv --output - | head
            """)

    @Argument(help: "The task's id.") var task: String
    @Argument(help: "The file's name.") var name: String
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it; - is standard output.", valueName: "PATH"),
        completion: .file())
    var output: String?
    @Flag(help: "Replace a file that is there.") var force = false
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Fetches it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        // A worker chose the name: it does not lead out of this folder.
        let path = output ?? (name.split(separator: "/").last.map(String.init) ?? "")
        guard !path.isEmpty, path != ".." else { throw Failure.usage("\"\(name)\" is no name of a file") }
        let isThere = path != "-" && FileManager.default.fileExists(atPath: path)
        guard force || !isThere else {
            throw Failure(
                .cliFileExists, "\(path) is already there", hint: "replace it with --force, or name another --output",
                status: .usage)
        }
        let content = try await place.connect().center.returnedFile(name, of: task)
        if path == "-" { return terminal.write(content) }
        do {
            try Data(content).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Failure(.cliFileUnreadable, "\(path) cannot be written: \(error.localizedDescription)")
        }
        terminal.note("\(path), \(Wording.count(content.count, "byte"))")
    }
}
