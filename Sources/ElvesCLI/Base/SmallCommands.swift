package import ArgumentParser
internal import ServiceCore

/// `elves version`.
package struct VersionCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print this program's version.")

    /// No arguments.
    package init() {}

    /// Prints it.
    package func run() async {
        CommandContext.current.terminal.print("elves \(ElvesVersion.current)")
    }
}

/// `elves completion bash|zsh`.
package struct CompletionCommand: AsyncParsableCommand {
    /// A shell that can complete.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for a shell.",
        discussion: """
            bash: elves completion bash > ~/.local/share/bash-completion/completions/elves
            zsh:  elves completion zsh > a folder of your $fpath, as _elves
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    /// No arguments.
    package init() {}

    /// Prints it.
    package func run() async {
        let shell: CompletionShell =
            switch self.shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        CommandContext.current.terminal.print(ElvesCommand.completionScript(for: shell))
    }
}
