internal import Synchronization

/// How long things took: counts in buckets whose bounds double from 100 µs, and their sum.
package final class DurationHistogram: Sendable {
    /// Upper bounds of the buckets, in seconds.
    static let bounds: [Double] = (0..<18).map { 0.0001 * Double(1 << $0) }

    struct Values {
        var buckets = [Int](repeating: 0, count: bounds.count)
        var count = 0
        var sum = 0.0
    }

    private let state = Mutex(Values())

    init() {}

    /// Adds one duration.
    package func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let exact = Double(seconds) + Double(attoseconds) * 1e-18
        let bucket = Self.bucket(of: seconds, attoseconds)
        state.withLock { values in
            values.count += 1
            values.sum += exact
            if bucket < values.buckets.count { values.buckets[bucket] += 1 }
        }
    }

    var values: Values { state.withLock { $0 } }

    /// The first bucket whose bound is not below: how often 100 µs have to double.
    static func bucket(of seconds: Int64, _ attoseconds: Int64) -> Int {
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 3600 else { return bounds.count }
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        guard nanoseconds > 100_000 else { return 0 }
        let units = (nanoseconds - 1) / 100_000
        return UInt64.bitWidth - units.leadingZeroBitCount
    }
}
