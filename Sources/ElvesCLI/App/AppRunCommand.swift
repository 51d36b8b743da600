package import ArgumentParser
internal import ElvesClient
internal import ElvesContracts
internal import ElvesCore
internal import Foundation

/// `elves app run`.
package struct AppRunCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a function of an app's folder here, as an agent would, without a center.")

    @Argument(help: "The app's folder.", completion: .directory) var folder: String
    @Argument(help: "The function.") var function: String
    @Option(
        help: ArgumentHelp("JSON, name=value (repeatable), @file, or - for standard input.", valueName: "PARAM"))
    var param: [String] = []
    @Option(help: ArgumentHelp("Seconds the worker may run; without it the app's own.", valueName: "S"))
    var timeout: Double?

    /// No arguments.
    package init() {}

    /// Runs it.
    package func run() async throws {
        let context = CommandContext.current
        let value = try Parameter.parse(param) { context.terminal.readAll() }
        let app = try LocalApp(folder: folder)
        let result = try await app.run(
            function, param: value?.text, timeoutMs: timeout.map { Int64($0 * 1000) }, environment: context.environment,
            nowMs: Int64(context.now().timeIntervalSince1970 * 1000))
        for (name, output) in [("stdout", result.stdout), ("stderr", result.stderr)] where !output.head.isEmpty {
            // An ELVES 2.0 worker's standard output is its answer.
            if name == "stdout", app.answersOnStandardOutput { continue }
            for line in TaskText.section(
                name, .init(head: output.head, tail: output.tail, dropped: Int(output.dropped)))
            {
                context.terminal.note(line)
            }
        }
        guard result.state == .succeeded else {
            throw Failure(.named(result.code), "\(function) \(Self.word(result.state)): \(result.message)")
        }
        let answer = try result.result.map { try ElvesClient.JSONValue(parsing: $0) } ?? .string(result.message)
        context.terminal.print(answer.string ?? answer.text)
    }

    private static func word(_ state: ElvesContracts.TaskState) -> String {
        state == .timedOut ? "timed out" : "failed"
    }
}
