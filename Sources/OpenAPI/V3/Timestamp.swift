import ElvesCore
import Foundation

/// Writes times of records.
enum Timestamp {
    /// RFC 3339 in UTC with milliseconds, such as `2026-01-02T03:04:05.678Z`.
    static func text(_ milliseconds: Int64) -> String {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let isBefore = rest < 0
        let (year, month, day) = civil(fromDays: isBefore ? days - 1 : days)
        let inDay = isBefore ? rest + 86_400_000 : rest
        return String(unsafeUninitializedCapacity: 32) { text in
            var place = 0
            func put(_ number: Int64, _ digits: Int) {
                var divisor: Int64 = 1
                for _ in 1..<digits { divisor *= 10 }
                while divisor > 0 {
                    text[place] = UInt8(truncatingIfNeeded: 48 + number / divisor % 10)
                    place += 1
                    divisor /= 10
                }
            }
            func put(_ mark: Unicode.Scalar) {
                text[place] = UInt8(ascii: mark)
                place += 1
            }
            put(min(max(year, 0), 9999), 4)
            put("-")
            put(month, 2)
            put("-")
            put(day, 2)
            put("T")
            put(inDay / 3_600_000, 2)
            put(":")
            put(inDay / 60_000 % 60, 2)
            put(":")
            put(inDay / 1000 % 60, 2)
            put(".")
            put(inDay % 1000, 3)
            put("Z")
            return place
        }
    }

    /// UTC milliseconds of an RFC 3339 text; nil when it is none.
    static func milliseconds(_ text: String) -> Int64? {
        let date =
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
        guard let date, abs(date.timeIntervalSince1970) < 1e11 else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The Gregorian date that many days after 1970-01-01, by counting years from March on.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}

extension Query {
    /// A time as UTC milliseconds; nil when the parameter is absent.
    func time(_ name: String) throws(ElvesError) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let time = Timestamp.milliseconds(text), time > 0 else {
            throw Self.wrong(name, "\(name) is a time such as 2026-01-02T03:04:05Z, not \"\(text)\"")
        }
        return time
    }
}

extension JSONBuffer {
    /// A time, or `null` for 0: it has not happened.
    mutating func member(_ name: StaticString, time milliseconds: Int64) {
        key(name)
        if milliseconds == 0 { null() } else { string(Timestamp.text(milliseconds)) }
    }

    /// An id as 16 hex digits, or `null` for 0: there is none.
    mutating func member(_ name: StaticString, id: Int64) {
        key(name)
        if id == 0 { null() } else { string(Hex.encode(UInt64(bitPattern: id))) }
    }

    /// Text that should be JSON; as a string when it is not, `null` when it is absent.
    mutating func member(_ name: StaticString, json text: String?) {
        key(name)
        guard let text else { return null() }
        if JSONValue.isJSON(text) { raw(text) } else { string(text) }
    }
}
