internal import Synchronization

/// Counters, gauges and time histograms of one process, and their Prometheus text.
package final class MetricsRegistry: Sendable {
    /// A series: a metric's name and its labels, as they stand in the text.
    struct Series: Hashable, Comparable {
        let name: String
        let labels: String

        static func < (left: Series, right: Series) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }

    private struct State {
        var counters: [Series: Int] = [:]
        var histograms: [Series: DurationHistogram] = [:]
        var gauges: [(series: Series, read: @Sendable () -> Int)] = []
    }

    private let state = Mutex(State())

    /// Creates an empty registry.
    package init() {}

    /// Adds to a counter. Names end in `_total`.
    package func count(_ name: String, _ labels: [(String, String)] = [], by amount: Int = 1) {
        let series = Self.series(name, labels)
        state.withLock { $0.counters[series, default: 0] += amount }
    }

    /// The histogram of a series, made when it is new. Names end in `_seconds`. Keep it where calls are many:
    /// to find it takes longer than to record.
    package func histogram(_ name: String, _ labels: [(String, String)] = []) -> DurationHistogram {
        let series = Self.series(name, labels)
        return state.withLock { state in
            if let known = state.histograms[series] { return known }
            let new = DurationHistogram()
            state.histograms[series] = new
            return new
        }
    }

    /// Records a duration. Names end in `_seconds`.
    package func time(_ name: String, _ labels: [(String, String)] = [], _ duration: Duration) {
        histogram(name, labels).record(duration)
    }

    /// Registers a gauge that is read whenever the numbers are asked for.
    package func gauge(_ name: String, _ labels: [(String, String)] = [], read: @escaping @Sendable () -> Int) {
        let series = Self.series(name, labels)
        state.withLock { $0.gauges.append((series, read)) }
    }

    /// Counters and gauges by name, labels in braces.
    package func numbers() -> [String: Int64] {
        let (counters, gauges) = state.withLock { ($0.counters, $0.gauges) }
        var numbers: [String: Int64] = [:]
        for (series, value) in counters { numbers[series.name + series.labels] = Int64(value) }
        for gauge in gauges { numbers[gauge.series.name + gauge.series.labels] = Int64(gauge.read()) }
        return numbers
    }

    /// Everything in Prometheus' text format.
    package func prometheusText() -> String {
        let (counters, histograms, gauges) = state.withLock { ($0.counters, $0.histograms, $0.gauges) }
        var lines: [String] = []
        var announced: Set<String> = []
        func announce(_ name: String, _ type: String) {
            if announced.insert(name).inserted { lines.append("# TYPE \(name) \(type)") }
        }
        for (series, value) in counters.sorted(by: { $0.key < $1.key }) {
            announce(series.name, "counter")
            lines.append("\(series.name)\(series.labels) \(value)")
        }
        for gauge in gauges.sorted(by: { $0.series < $1.series }) {
            announce(gauge.series.name, "gauge")
            lines.append("\(gauge.series.name)\(gauge.series.labels) \(gauge.read())")
        }
        for (series, histogram) in histograms.sorted(by: { $0.key < $1.key }) {
            announce(series.name, "histogram")
            lines += Self.lines(series, histogram.values)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ series: Series, _ histogram: DurationHistogram.Values) -> [String] {
        var lines: [String] = []
        var sum = 0
        let inner = series.labels.dropFirst().dropLast()
        func bucket(_ bound: String, _ value: Int) {
            let labels = inner.isEmpty ? "le=\"\(bound)\"" : "\(inner),le=\"\(bound)\""
            lines.append("\(series.name)_bucket{\(labels)} \(value)")
        }
        for (bound, count) in zip(DurationHistogram.bounds, histogram.buckets) {
            sum += count
            bucket("\(bound)", sum)
        }
        bucket("+Inf", histogram.count)
        lines.append("\(series.name)_sum\(series.labels) \(histogram.sum)")
        lines.append("\(series.name)_count\(series.labels) \(histogram.count)")
        return lines
    }

    private static func series(_ name: String, _ labels: [(String, String)]) -> Series {
        guard !labels.isEmpty else { return Series(name: name, labels: "") }
        let text = labels.map { key, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(key)=\"\(escaped)\""
        }
        return Series(name: name, labels: "{\(text.joined(separator: ","))}")
    }
}
