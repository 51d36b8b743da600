import ElvesCore

/// The query parameters of a `/api/v3` call. Unknown ones are refused, so that a misspelt one does not pass
/// for an absent one.
struct Query: Sendable {
    private let values: [String: String]

    init(_ text: String?, known: [String]) throws(ElvesError) {
        var values: [String: String] = [:]
        for pair in try FormText.pairs(text ?? "", atMost: EdgeLimits().parameters) {
            guard known.contains(pair.name) else {
                throw Self.wrong(
                    pair.name, "no parameter \"\(pair.name)\"" + Suggestion.phrase(for: pair.name, in: known))
            }
            guard values.updateValue(pair.value ?? "", forKey: pair.name) == nil else {
                throw Self.wrong(pair.name, "parameter \"\(pair.name)\" is given twice")
            }
        }
        self.values = values
    }

    /// The text, nil when the parameter is absent or empty.
    subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// A whole number within the range.
    func int(_ name: String, in range: ClosedRange<Int64>) throws(ElvesError) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Self.wrong(
                name, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        }
        return number
    }

    /// Seconds, which may have a fraction, as milliseconds; 0 when the parameter is absent.
    func milliseconds(_ name: String, atMost most: Int64) throws(ElvesError) -> Int64 {
        guard let text = self[name] else { return 0 }
        guard let seconds = Double(text), seconds >= 0, seconds <= Double(most) / 1000 else {
            throw Self.wrong(name, "\(name) is seconds from 0 to \(most / 1000), not \"\(text)\"")
        }
        return Int64(seconds * 1000)
    }

    private static func wrong(_ name: String, _ message: String) -> ElvesError {
        ElvesError(.openapiRequestQuery, message, details: ["parameter": name])
    }
}
