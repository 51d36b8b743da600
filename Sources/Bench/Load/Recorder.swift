internal import Histogram
internal import Synchronization

/// Latencies of a run, in microseconds, from many tasks at once.
final class Recorder: Sendable {
    private let state = Mutex(State())

    private struct State {
        var histogram = Histogram<UInt32>(
            lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: .three)
        var failures: [String: Int] = [:]
    }

    /// Creates an empty recorder.
    init() {}

    /// Records one answer.
    func record(_ latency: Duration) {
        let microseconds = UInt64(max(1, latency / .microseconds(1)))
        state.withLock { _ = $0.histogram.record(microseconds) }
    }

    /// Records one failure by its kind.
    func fail(_ kind: String) {
        state.withLock { $0.failures[kind, default: 0] += 1 }
    }

    /// Answers recorded so far.
    var count: Int { state.withLock { Int($0.histogram.totalCount) } }

    /// Failures by kind.
    var failures: [String: Int] { state.withLock { $0.failures } }

    /// A percentile in milliseconds.
    func percentile(_ percent: Double) -> Double {
        state.withLock { Double($0.histogram.valueAtPercentile(percent)) / 1000 }
    }
}
