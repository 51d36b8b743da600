internal import Synchronization

/// A line on standard error for what takes over a second, where a person looks on.
final class Progress: Sendable {
    private let context: CommandContext
    private let label: Mutex<String>

    init(_ context: CommandContext, label: String) {
        self.context = context
        self.label = Mutex(label)
    }

    /// Changes the text; it shows at the next tick.
    func update(_ text: String) { label.withLock { $0 = text } }

    /// Shows the line from the first second of `work` to its end.
    func during<Result: Sendable, Problem: Error>(
        _ work: () async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        guard context.terminal.errorIsTerminal else { return try await work() }
        let ticker = Task { [context] in
            var seconds = 0
            while !Task.isCancelled {
                try await context.clock.sleep(for: .seconds(1))
                seconds += 1
                context.terminal.progress("\(self.label.withLock { $0 }) · \(seconds) s")
            }
        }
        defer {
            ticker.cancel()
            context.terminal.progress("")
        }
        return try await work()
    }
}
