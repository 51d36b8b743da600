package import ArgumentParser
internal import ElvesCore
internal import Foundation

/// `elves app new`.
package struct AppNewCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a folder with a small app that works, its test and a README.")

    @Argument(help: "The app's name; the folder is called so too.") var name: String
    @Option(help: "python, shell or swift.") var language: AppTemplate = .python

    /// No arguments.
    package init() {}

    /// Makes it.
    package func run() async throws {
        let terminal = CommandContext.current.terminal
        let folder = URL(filePath: name, directoryHint: .isDirectory)
        let app = folder.lastPathComponent
        guard Self.isName(app) else {
            throw Failure.usage(
                "\"\(app)\" cannot be an app's name",
                hint: "use 1 to 64 letters, digits, - and _, a letter or digit first")
        }
        guard !FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else {
            throw Failure(.cliFileExists, "\(name) is already there", hint: "choose another name", status: .usage)
        }
        for file in language.files(app: app) { try Self.write(file, in: folder) }
        terminal.print("made \(name): \(language.files(app: app).map(\.path).joined(separator: ", "))")
        if let preparation = language.preparation(name) { terminal.note("build it: \(preparation)") }
        terminal.note("try it:   elves app run \(name) greet --param name=Ada")
        terminal.note("check it: elves app lint \(name)")
        terminal.note("ship it:  elves app push \(name) && elves app bind \(app) --on '*'")
    }

    private static func write(_ file: AppTemplate.File, in folder: URL) throws {
        let target = folder.appending(path: file.path)
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: target)
            guard file.isExecutable else { return }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: target.path(percentEncoded: false))
        } catch {
            throw Failure(
                .cliFileUnreadable,
                "\(target.path(percentEncoded: false)) cannot be written: \(error.localizedDescription)",
                status: .usage)
        }
    }

    private static func isName(_ text: String) -> Bool {
        let isPlain = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        return (1...64).contains(text.count) && text.first.map(isPlain) == true
            && text.allSatisfy { isPlain($0) || $0 == "-" || $0 == "_" }
    }
}
