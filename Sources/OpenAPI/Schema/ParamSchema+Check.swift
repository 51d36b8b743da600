import ElvesCore

extension ParamSchema {
    /// Where a value breaks the schema.
    struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// JSON pointer to the value; empty for the whole.
        let place: String
        let problem: String
        var description: String { "\(place.isEmpty ? "param" : "param\(place)") \(problem)" }
    }

    /// The first way in which `value` breaks the schema; nil when it fits.
    func violation(in value: JSONValue, at place: String = "") -> Violation? {
        switch self {
        case .constant(true): nil
        case .constant(false): Violation(place: place, problem: "is not allowed")
        case .rules(let rules): rules.violation(in: value, at: place)
        }
    }
}

extension ParamSchema.Rules {
    fileprivate typealias Violation = ParamSchema.Violation

    fileprivate func violation(in value: JSONValue, at place: String) -> Violation? {
        if let types, !types.contains(where: { $0.matches(value) }) {
            let wanted = types.map(\.rawValue).sorted().joined(separator: " or ")
            return Violation(place: place, problem: "must be \(wanted), not \(value.kind)")
        }
        if let constant, !Self.same(constant, value) {
            return Violation(place: place, problem: "must be \(constant)")
        }
        if let choices, !choices.contains(where: { Self.same($0, value) }) {
            let all = choices.prefix(20).map { "\($0)" }.joined(separator: ", ")
            return Violation(place: place, problem: "must be one of \(all)")
        }
        return switch value {
        case .string(let text): inText(text, at: place)
        case .int(let number): inNumber(Double(number), at: place)
        case .double(let number): inNumber(number, at: place)
        case .array(let elements): inArray(elements, at: place)
        case .object(let object): inObject(object, at: place)
        case .null, .bool: nil
        }
    }

    private func inText(_ text: String, at place: String) -> Violation? {
        if length.least != nil || length.most != nil {
            let count = Int64(text.unicodeScalars.count)
            if let least = length.least, count < least {
                return Violation(place: place, problem: "must have at least \(least) characters")
            }
            if let most = length.most, count > most {
                return Violation(place: place, problem: "must have at most \(most) characters")
            }
        }
        if let pattern, !pattern.isFound(in: text) {
            return Violation(place: place, problem: "must match the pattern \(pattern.text)")
        }
        return nil
    }

    private func inNumber(_ value: Double, at place: String) -> Violation? {
        if let least = number.least, value < least {
            return Violation(place: place, problem: "must be at least \(JSONValue.double(least))")
        }
        if let most = number.most, value > most {
            return Violation(place: place, problem: "must be at most \(JSONValue.double(most))")
        }
        return nil
    }

    private func inArray(_ elements: [JSONValue], at place: String) -> Violation? {
        if let least = count.least, elements.count < least {
            return Violation(place: place, problem: "must have at least \(least) elements")
        }
        if let most = count.most, elements.count > most {
            return Violation(place: place, problem: "must have at most \(most) elements")
        }
        guard let items else { return nil }
        for (index, element) in elements.enumerated() {
            if let violation = items.violation(in: element, at: "\(place)/\(index)") { return violation }
        }
        return nil
    }

    private func inObject(_ object: JSONObject, at place: String) -> Violation? {
        if let missing = required.first(where: { object[$0] == nil }) {
            return Violation(place: place, problem: "lacks \"\(missing)\"")
        }
        for member in object {
            let inner = "\(place)/\(member.name)"
            if let schema = properties[member.name] {
                if let violation = schema.violation(in: member.value, at: inner) { return violation }
            } else if case .constant(false) = additional {
                let known = properties.keys.sorted().joined(separator: ", ")
                return Violation(place: inner, problem: "is not a parameter; there are: \(known)")
            } else if let violation = additional.violation(in: member.value, at: inner) {
                return violation
            }
        }
        return nil
    }

    /// JSON Schema's equality: numbers by value, whatever their notation.
    private static func same(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Double(a) == b
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy(same)
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { member in b[member.name].map { same(member.value, $0) } ?? false }
        default: left == right
        }
    }
}
