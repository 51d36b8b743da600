internal import ElvesCore
internal import Foundation

/// How numbers and times read to people.
enum Wording {
    /// `2,994`.
    static func count(_ number: Int) -> String { CountText.grouped(number) }

    /// `1 agent`, `2,994 agents`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `850 ms`, `12.3 s`, `4 min`, `3 h`, `12 d`.
    static func span(milliseconds: Int) -> String {
        switch milliseconds {
        case ..<1000: return "\(milliseconds) ms"
        case ..<60_000:
            let tenths = milliseconds / 100
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        case ..<3_600_000: return "\(milliseconds / 60_000) min"
        case ..<(48 * 3_600_000): return "\(milliseconds / 3_600_000) h"
        default: return "\(milliseconds / 86_400_000) d"
        }
    }

    /// `3 s ago`, `never`.
    static func ago(_ date: Date?, now: Date) -> String {
        guard let date else { return "never" }
        let seconds = max(0, Int(now.timeIntervalSince(date)))
        return seconds == 0 ? "now" : "\(span(milliseconds: seconds * 1000)) ago"
    }

    /// `2026-01-02 03:04:05Z`.
    static func moment(_ date: Date?) -> String {
        guard let date else { return "-" }
        return date.formatted(
            Date.ISO8601FormatStyle(dateTimeSeparator: .space, includingFractionalSeconds: false))
    }
}
