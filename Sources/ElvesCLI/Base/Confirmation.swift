internal import ElvesCore

/// Asks before what is large or cannot be undone.
enum Confirmation {
    /// Returns when `yes` was given or the person says so; throws otherwise, before anything was done.
    static func demand(_ question: String, yes: Bool, terminal: any Terminal) throws {
        if yes { return }
        guard terminal.inputIsTerminal else {
            throw Failure(.cliConfirmNeeded, question, hint: "say so with --yes", status: .usage)
        }
        let answer = terminal.ask("\(question) [y/N]")?.lowercased()
        guard answer == "y" || answer == "yes" else {
            throw Failure(.cliConfirmRefused, "stopped at your word", hint: "nothing was done", status: .usage)
        }
    }
}
