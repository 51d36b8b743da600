import Foundation
import Testing

/// How long fuzz tests run: `ELVES_FUZZ_ROUNDS` inputs instead of the few that fit into an ordinary test run.
enum FuzzOptions {
    static let malformedInputs = rounds ?? 20_000
    /// A factor for loops that ask a peer.
    static let factor = max(1, (rounds ?? 0) / 100_000)

    /// Enough for a short run, and for what `ELVES_FUZZ_ROUNDS` asks at 2,000 inputs a second.
    static let timeLimit = TimeLimitTrait.Duration.minutes(5 + (rounds ?? 0) / 120_000)

    private static let rounds = ProcessInfo.processInfo.environment["ELVES_FUZZ_ROUNDS"].flatMap { Int($0) }
}
