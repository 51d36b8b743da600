import ElvesCore

/// New attempts after one that ended badly; for functions whose manifest calls them idempotent.
package struct RetryRule: Sendable, Hashable {
    /// Attempts in all, the first among them.
    package var attempts: Int32
    /// Milliseconds before the second; doubles from attempt to attempt, with jitter.
    package var firstDelayMs: Int64
    package var longestDelayMs: Int64

    /// What a rule may hold.
    static let attemptRange: ClosedRange<Int32> = 1...100
    static let delayRange: ClosedRange<Int64> = 0...86_400_000

    /// Creates a rule.
    package init(attempts: Int32, firstDelayMs: Int64 = 1_000, longestDelayMs: Int64 = 60_000) {
        self.attempts = attempts
        self.firstDelayMs = firstDelayMs
        self.longestDelayMs = longestDelayMs
    }

    /// Throws what is wrong with it.
    func check() throws(ElvesError) {
        guard Self.attemptRange.contains(attempts) else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "a retry rule of \(attempts) attempts; it takes 1 to 100, the first among them")
        }
        guard Self.delayRange.contains(firstDelayMs), Self.delayRange.contains(longestDelayMs) else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "a retry rule with delays of \(firstDelayMs) and \(longestDelayMs) ms; each is from 0 ms to a day")
        }
        guard firstDelayMs <= longestDelayMs else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "a retry rule whose first delay of \(firstDelayMs) ms is above its longest, \(longestDelayMs) ms")
        }
    }

    /// The longest that the attempt after this one may be put off, in milliseconds; with full jitter, anything from
    /// 0 to it.
    func longestDelay(after attempt: Int32) -> Int64 {
        let doublings = min(max(0, attempt - 1), 40)
        let (delay, overflows) = firstDelayMs.multipliedReportingOverflow(by: 1 << Int64(doublings))
        return overflows ? longestDelayMs : min(delay, longestDelayMs)
    }

    /// Whether another attempt may follow one that ended so. A refusal is worth another only when it says so.
    func mayFollow(_ end: TaskState, code: String) -> Bool {
        switch end {
        case .failed, .timedOut, .unknown, .unreachable: true
        case .rejected: ErrorCode.find(code)?.isRetryable ?? false
        default: false
        }
    }
}
