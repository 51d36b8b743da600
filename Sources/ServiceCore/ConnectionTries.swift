/// Which of the tries to connect that fail in a row are worth a line in the log.
struct ConnectionTries: Sendable {
    /// From one line to the next while the reason stays the same.
    static let interval = Duration.seconds(60)

    private var failures = 0
    private var reason = ""
    private var saidAt: ContinuousClock.Instant?

    /// A try failed. Gives how many have failed in a row when that should be said, nil when it was said lately.
    mutating func failed(_ reason: String, at now: ContinuousClock.Instant) -> Int? {
        failures += 1
        if let saidAt, reason == self.reason, now - saidAt < Self.interval { return nil }
        self.reason = reason
        saidAt = now
        return failures
    }

    /// A try succeeded. Gives how many had failed before it.
    mutating func succeeded() -> Int {
        defer { self = ConnectionTries() }
        return failures
    }
}
