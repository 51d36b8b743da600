import Foundation

/// The clocks of the edge, handed in so that a test decides what time it is.
package struct EdgeClock: Sendable {
    /// UTC milliseconds: for signatures and for what people read, never for ages.
    package var wall: @Sendable () -> Int64
    /// Milliseconds on a clock that never steps: for ages and windows.
    package var ticks: @Sendable () -> Int64
    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    /// Creates clocks from their readers.
    package init(
        wall: @escaping @Sendable () -> Int64, ticks: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.wall = wall
        self.ticks = ticks
        self.sleep = sleep
    }

    /// This machine's clocks.
    package static var system: EdgeClock {
        let start = ContinuousClock.now
        return EdgeClock(
            wall: { Int64(Date().timeIntervalSince1970 * 1000) },
            ticks: { (ContinuousClock.now - start).milliseconds },
            sleep: { try await Task.sleep(for: $0) })
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
