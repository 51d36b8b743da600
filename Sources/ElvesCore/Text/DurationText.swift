/// Durations as people write them: `250ms`, `90s`, `5m`, `1h30m`, `2d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    /// A hundred years: anything above is a slip.
    private static let longest: Int64 = 36_525 * 86_400_000

    /// Milliseconds of the text; an error is `elves.duration.invalid`.
    ///
    /// Whole numbers, each with a unit, larger units first. `bareUnit` is what a number without one counts.
    package static func milliseconds(_ text: String, bareUnit: Duration? = nil) throws(ElvesError) -> Int64 {
        if let bareUnit, let number = Int64(text), number >= 0 {
            return try checked(number, times: milliseconds(bareUnit), in: text)
        }
        var rest = text[...]
        var total: Int64 = 0
        var largest = Int.max
        guard !rest.isEmpty else { throw error(text, "it is empty") }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Int64(digits) else { throw error(text, "a whole number should stand before the unit") }
            guard let place = units.firstIndex(where: { $0.name == name }) else {
                throw error(text, name.isEmpty ? "a unit is missing" : "there is no unit \"\(name)\"")
            }
            let order = units.count - place
            guard order < largest else { throw error(text, "larger units stand first, each once") }
            largest = order
            let (sum, overflow) = total.addingReportingOverflow(
                try checked(number, times: units[place].milliseconds, in: text))
            guard !overflow, sum <= longest else { throw error(text, "it is longer than a hundred years") }
            total = sum
        }
        return total
    }

    /// The duration that the text names; see `milliseconds(_:bareUnit:)`.
    package static func parse(_ text: String, bareUnit: Duration? = nil) throws(ElvesError) -> Duration {
        .milliseconds(try milliseconds(text, bareUnit: bareUnit))
    }

    /// Text that reads back as the same number of milliseconds; `0s` for none, a sign for less.
    package static func format(milliseconds: Int64) -> String {
        guard milliseconds != 0 else { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / UInt64(unit.milliseconds))\(unit.name)"
            rest %= UInt64(unit.milliseconds)
        }
        return text
    }

    /// Text of the duration, parts of a millisecond dropped.
    package static func format(_ duration: Duration) -> String { format(milliseconds: milliseconds(duration)) }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }

    private static func checked(_ number: Int64, times unit: Int64, in text: String) throws(ElvesError) -> Int64 {
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= longest else { throw error(text, "it is longer than a hundred years") }
        return product
    }

    private static func error(_ text: String, _ problem: String) -> ElvesError {
        ElvesError(.elvesDurationInvalid, "\"\(text)\" is no duration: \(problem)", details: ["text": text])
    }
}
