internal import AppPackage
package import ArgumentParser

/// `elves app lint`.
package struct AppLintCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check an app's folder as a push would, and say all that is wrong.")

    @Argument(help: "The app's folder.", completion: .directory) var folder = "."

    /// No arguments.
    package init() {}

    /// Checks it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let inspection = try AppFolder(folder).inspect()
        for problem in inspection.problems {
            terminal.print("\(folder)/app.yaml:\(problem.line): \(problem.message); \(problem.hint)")
        }
        guard let manifest = inspection.manifest else { throw CommandStatus.failure }
        let functions =
            manifest.functions.isEmpty ? "any function" : Wording.count(manifest.functions.count, "function")
        let files = Wording.count(inspection.tree.files.count, "file")
        terminal.print("\(manifest.name) \(manifest.version) is fine: \(functions), \(files)")
    }
}
