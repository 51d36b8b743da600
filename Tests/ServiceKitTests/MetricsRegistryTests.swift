import Testing

@testable import ServiceKit

@Suite struct MetricsRegistryTests {
    @Test func countersAndGaugesComeBack() throws {
        let metrics = MetricsRegistry()
        metrics.count("elves_b_total", [("method", "A:one"), ("code", "denied")])
        metrics.count("elves_b_total", [("method", "A:one"), ("code", "denied")], by: 2)
        metrics.count("elves_b_total", [("method", "A:two"), ("code", "denied")])
        metrics.count("elves_a_total")
        metrics.gauge("elves_tasks_now") { 7 }
        let text = try PrometheusText(metrics.prometheusText())
        #expect(text.types == ["elves_a_total": "counter", "elves_b_total": "counter", "elves_tasks_now": "gauge"])
        #expect(text.value("elves_b_total", ["method": "A:one", "code": "denied"]) == 3)
        #expect(text.value("elves_b_total", ["method": "A:two", "code": "denied"]) == 1)
        #expect(text.value("elves_a_total") == 1)
        #expect(text.value("elves_tasks_now") == 7)
        #expect(metrics.numbers()["elves_tasks_now"] == 7)
        #expect(metrics.numbers()["elves_b_total{method=\"A:two\",code=\"denied\"}"] == 1)
    }

    @Test(arguments: ["\"", "\\", "\n", "a\"b\\c\nd", "\\n", "grüße 🐟", "{}=,", ""])
    func labelsAreEscaped(value: String) throws {
        let metrics = MetricsRegistry()
        metrics.count("elves_odd_total", [("name", value), ("after", "x")])
        let text = try PrometheusText(metrics.prometheusText())
        #expect(text.samples == [.init(name: "elves_odd_total", labels: ["name": value, "after": "x"], value: 1)])
    }

    @Test(arguments: [[:], ["method": "A:one"]]) func bucketsAreCumulative(labels: [String: String]) throws {
        let metrics = MetricsRegistry()
        let histogram = metrics.histogram("elves_call_seconds", labels.map { ($0.key, $0.value) })
        for duration: Duration in [
            .microseconds(50), .microseconds(100), .microseconds(101), .seconds(1), .seconds(3_600),
        ] {
            histogram.record(duration)
        }
        let text = try PrometheusText(metrics.prometheusText())
        #expect(text.types == ["elves_call_seconds": "histogram"])
        let buckets = text.buckets("elves_call_seconds", labels)
        #expect(buckets.count == 19)
        for (smaller, larger) in zip(buckets, buckets.dropFirst()) {
            #expect(smaller.bound < larger.bound && smaller.count <= larger.count)
        }
        #expect(buckets.first { $0.bound == 0.0001 }?.count == 2)
        #expect(buckets.first { $0.bound == 0.0002 }?.count == 3)
        #expect(buckets.first { $0.bound >= 1 }?.count == 4)
        #expect(buckets.dropLast().last?.count == 4, "an hour is above the last bound")
        #expect(buckets.last?.bound == .infinity && buckets.last?.count == 5)
        #expect(text.value("elves_call_seconds_count", labels) == 5)
        let sum = try #require(text.value("elves_call_seconds_sum", labels))
        #expect(abs(sum - 3_601.000_251) < 0.000_001)
    }

    /// Every duration lies in the first bucket whose bound it does not exceed.
    @Test func aDurationIsCountedUnderTheRightBound() {
        for (index, bound) in DurationHistogram.bounds.enumerated() {
            let nanoseconds = Int64(bound * 1e9 + 0.5)
            for (offset, expected) in [(-1, index), (0, index), (1, index + 1)] as [(Int64, Int)] {
                let (seconds, rest) = (nanoseconds + offset).quotientAndRemainder(dividingBy: 1_000_000_000)
                #expect(DurationHistogram.bucket(of: seconds, rest * 1_000_000_000) == expected, "\(bound) \(offset)")
            }
        }
        #expect(DurationHistogram.bucket(of: -1, 0) == 0)
        #expect(DurationHistogram.bucket(of: .max, 0) == DurationHistogram.bounds.count)
    }

    @Test func aSeriesIsMadeOnce() {
        let metrics = MetricsRegistry()
        #expect(metrics.histogram("a_seconds", [("m", "x")]) === metrics.histogram("a_seconds", [("m", "x")]))
        #expect(metrics.histogram("a_seconds", [("m", "x")]) !== metrics.histogram("a_seconds", [("m", "y")]))
    }
}
