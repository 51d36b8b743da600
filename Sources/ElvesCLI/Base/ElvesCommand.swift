package import ArgumentParser
internal import ElvesClient
internal import ElvesCore

/// The root of the command line.
package struct ElvesCommand: AsyncParsableCommand {
    /// What `elves --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "elves",
        abstract: "Run functions of apps on machines.",
        discussion: """
            A first try on this machine:
              elves up --data ./elves-data --port 7300 --apps ./apps
              elves exec hello greet --on 127.0.0.1 --param name=Ada

            Address and credentials come from ELVES_URL and ELVES_TOKEN, else from
            ~/.config/elves/config.json (or ELVES_CONFIG), else from the last `elves up`.
            """,
        subcommands: [
            UpCommand.self, ExecCommand.self, TaskCommand.self, BatchCommand.self, FileCommand.self,
            AgentsCommand.self, AppCommand.self, KeyCommand.self, EventsCommand.self, WebhookCommand.self,
            DoctorCommand.self, VersionCommand.self, CompletionCommand.self,
        ])

    /// The root without arguments.
    package init() {}

    /// Runs a command line to its end and gives the exit code.
    ///
    /// Nothing is thrown, and the process goes on.
    package static func main(_ arguments: [String], context: CommandContext) async -> CommandStatus {
        await CommandContext.$current.withValue(context) {
            do {
                var command = try parseAsRoot(arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
                return .success
            } catch let status as CommandStatus {
                return status
            } catch let failure as Failure {
                context.terminal.note(failure.text)
                return failure.status
            } catch let error as CenterError {
                let failure = Failure(error)
                context.terminal.note(failure.text)
                return failure.status
            } catch let error as ElvesError {
                let failure = Failure(error)
                context.terminal.note(failure.text)
                return failure.status
            } catch {
                return usage(error, terminal: context.terminal)
            }
        }
    }

    /// Prints what the parser has to say: help on standard output, a wrong use on standard error.
    private static func usage(_ error: any Error, terminal: any Terminal) -> CommandStatus {
        let text = fullMessage(for: error)
        if exitCode(for: error) == .success {
            terminal.print(text)
            return .success
        }
        let prefix = "Error: "
        terminal.note("error: cli.usage: " + (text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text))
        return .usage
    }
}
