#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The clocks that a component reads, passed in so that tests can turn them.
package struct Timekeeper: Sendable {
    /// UTC milliseconds since 1970: for records that people read, never for deadlines.
    package let wallMs: @Sendable () -> Int64
    /// Microseconds on a clock that only ever goes forward: for deadlines and durations.
    package let micros: @Sendable () -> Int64
    /// Waits; throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// Creates one from its parts.
    package init(
        wallMs: @escaping @Sendable () -> Int64, micros: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.wallMs = wallMs
        self.micros = micros
        self.sleep = sleep
    }

    /// The machine's own clocks.
    package static let system = Timekeeper(
        wallMs: { read(CLOCK_REALTIME) / 1_000_000 },
        micros: { read(CLOCK_MONOTONIC) / 1_000 },
        sleep: { try await Task.sleep(for: $0) })

    /// Nanoseconds on a system clock.
    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
