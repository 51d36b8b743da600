internal import ElvesClient
package import Foundation

/// What a command knows of the world: handed in, so that tests run whole commands in memory.
package struct CommandContext: Sendable {
    /// The environment.
    package var environment: [String: String]
    /// Where words go and come from.
    package var terminal: any Terminal
    /// The wall clock.
    package var now: @Sendable () -> Date
    /// Measures durations and waits.
    package var clock: any Clock<Duration>
    /// Ctrl-C, an element each time, from the first element that is asked for on; until then it ends the program.
    package var interrupts: @Sendable () -> AsyncStream<Void>

    /// A context.
    package init(
        environment: [String: String], terminal: any Terminal, now: @escaping @Sendable () -> Date,
        clock: any Clock<Duration>,
        interrupts: @escaping @Sendable () -> AsyncStream<Void> = { AsyncStream { $0.finish() } }
    ) {
        self.environment = environment
        self.terminal = terminal
        self.now = now
        self.clock = clock
        self.interrupts = interrupts
    }

    /// The context of the command that runs.
    @TaskLocal package static var current = CommandContext.live()

    /// This process's own environment, terminal and clocks.
    package static func live() -> CommandContext {
        CommandContext(
            environment: ProcessInfo.processInfo.environment, terminal: ProcessTerminal(), now: { Date() },
            clock: ContinuousClock(), interrupts: InterruptSignal.stream)
    }

    /// The folder of the user's own settings: `$XDG_CONFIG_HOME/elves` or `~/.config/elves`.
    var settingsFolder: URL? {
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
            return URL(filePath: base, directoryHint: .isDirectory).appending(path: "elves")
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return URL(filePath: home, directoryHint: .isDirectory).appending(path: ".config/elves")
    }
}
