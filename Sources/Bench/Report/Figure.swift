internal import Foundation

/// One measured line: what, how much, and beside which floor or peer.
struct Figure: Sendable {
    let name: String
    let value: Double
    let unit: String
    /// The peer's or floor's value in the same run.
    let beside: Double?
    let besideName: String
    /// What the ratio should reach, if a target is set.
    let target: Double?

    /// Creates a figure.
    init(
        _ name: String, _ value: Double, _ unit: String, beside: Double? = nil, of besideName: String = "",
        target: Double? = nil
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.beside = beside
        self.besideName = besideName
        self.target = target
    }

    /// The line as people read it.
    var text: String {
        var line = "\(Self.padded(name, 44)) \(Self.number(value)) \(unit)"
        if let beside {
            line += "   \(Self.number(beside)) \(besideName)   ratio \(Self.ratio(value / beside))"
        }
        if let target { line += "   target \(Self.ratio(target))" }
        return line
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func number(_ value: Double) -> String {
        let text = value >= 1000 ? String(format: "%.0f", value) : String(format: "%.3g", value)
        return String(repeating: " ", count: max(0, 9 - text.count)) + text
    }

    private static func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
}
