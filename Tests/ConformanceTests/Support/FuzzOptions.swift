import Foundation

/// How long fuzz tests run: `ELVES_FUZZ_ROUNDS` inputs instead of the few that fit into an ordinary test run.
enum FuzzOptions {
    static let malformedInputs = rounds ?? 20_000
    /// A factor for loops that ask a peer.
    static let factor = max(1, (rounds ?? 0) / 100_000)

    private static let rounds = ProcessInfo.processInfo.environment["ELVES_FUZZ_ROUNDS"].flatMap { Int($0) }
}
