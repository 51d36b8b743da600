import ElvesCore

/// The query parameters of a `/api/v3` call. Unknown ones are refused, so that a misspelt one does not pass
/// for an absent one.
struct Query: Sendable {
    private let values: [String: String]
    private let repeated: [String: [String]]

    /// - Parameter repeatable: those of `known` that may be given several times.
    init(_ text: String?, known: [String], repeatable: Set<String> = []) throws(ElvesError) {
        var values: [String: String] = [:]
        var repeated: [String: [String]] = [:]
        for pair in try FormText.pairs(text ?? "", atMost: EdgeLimits().parameters) {
            guard known.contains(pair.name) else {
                throw Self.wrong(
                    pair.name, "no parameter \"\(pair.name)\"" + Suggestion.phrase(for: pair.name, in: known))
            }
            if repeatable.contains(pair.name) {
                if let value = pair.value, !value.isEmpty { repeated[pair.name, default: []].append(value) }
                continue
            }
            guard values.updateValue(pair.value ?? "", forKey: pair.name) == nil else {
                throw Self.wrong(pair.name, "parameter \"\(pair.name)\" is given twice")
            }
        }
        self.values = values
        self.repeated = repeated
    }

    /// Every value of a repeatable parameter, in their order.
    func all(_ name: String) -> [String] { repeated[name] ?? [] }

    /// Every word of a repeatable parameter whose values are words with commas between them.
    func words(_ name: String) -> [String] {
        all(name).flatMap { $0.split(separator: ",").map(String.init) }
    }

    /// `true` or `false`; false when absent.
    func flag(_ name: String) throws(ElvesError) -> Bool {
        switch self[name] {
        case nil, "false", "0": return false
        case "true", "1": return true
        case let text?: throw Self.wrong(name, "\(name) is true or false, not \"\(text)\"")
        }
    }

    /// One of a few words; nil when absent.
    func choice(_ name: String, _ words: [String]) throws(ElvesError) -> String? {
        guard let text = self[name] else { return nil }
        guard words.contains(text) else {
            throw Self.wrong(name, "\(name) is \(words.joined(separator: " or ")), not \"\(text)\"")
        }
        return text
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

    static func wrong(_ name: String, _ message: String) -> ElvesError {
        ElvesError(.openapiRequestQuery, message, details: ["parameter": name])
    }
}
