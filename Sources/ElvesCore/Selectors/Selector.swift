/// A Kubernetes label selector, compiled: `zone=bj,role in (web,api),!canary`.
///
/// Requirements are joined by "and". As in Kubernetes, `!=` and `notin` also hold for agents without the
/// key, an empty selector holds for every agent, and an empty value may stand after `=` and in a list.
package struct Selector: Hashable, Sendable {
    /// One condition on one key.
    package struct Requirement: Hashable, Sendable {
        /// How the key's value is judged.
        package enum Test: Hashable, Sendable {
            /// `key`
            case exists
            /// `!key`
            case absent
            /// `key=value`, `key==value`, `key in (…)`
            case anyOf(Set<String>)
            /// `key!=value`, `key notin (…)`
            case noneOf(Set<String>)
        }

        /// The label or built-in key.
        package let key: String
        /// How its value is judged.
        package let test: Test

        /// A condition from its parts.
        package init(key: String, test: Test) {
            self.key = key
            self.test = test
        }

        /// Whether an agent with these values fulfils the condition.
        package func matches(_ values: [String: String]) -> Bool {
            let value = values[key]
            switch test {
            case .exists: return value != nil
            case .absent: return value == nil
            case .anyOf(let wanted): return value.map { wanted.contains($0) } ?? false
            case .noneOf(let unwanted): return value.map { !unwanted.contains($0) } ?? true
            }
        }
    }

    /// The conditions, all of which must hold.
    package let requirements: [Requirement]

    /// A selector from its conditions.
    package init(_ requirements: [Requirement]) {
        self.requirements = requirements
    }

    /// Reads a selector; an error (`elves.selector.syntax`) says where it went wrong and what was expected.
    package init(parsing text: String) throws(ElvesError) {
        var scanner = TermScanner(text, code: .elvesSelectorSyntax)
        requirements = try scanner.atEnd ? [] : scanner.requirements()
        guard scanner.atEnd else {
            throw scanner.error("\",\" should stand between requirements, not \(scanner.found)")
        }
    }

    /// Whether an agent with these values fulfils every condition.
    package func matches(_ values: [String: String]) -> Bool {
        for requirement in requirements where !requirement.matches(values) { return false }
        return true
    }

    /// Whether the agent fulfils every condition.
    package func matches(_ agent: AgentAttributes) -> Bool { matches(agent.values) }
}

extension Selector: CustomStringConvertible {
    /// The selector in one settled form, which reads back as an equal one.
    package var description: String { requirements.map(\.description).joined(separator: ",") }
}

extension Selector.Requirement: CustomStringConvertible {
    package var description: String {
        switch test {
        case .exists: key
        case .absent: "!\(key)"
        case .anyOf(let values): values.count == 1 ? "\(key)=\(Self.list(values))" : "\(key) in (\(Self.list(values)))"
        case .noneOf(let values):
            values.count == 1 ? "\(key)!=\(Self.list(values))" : "\(key) notin (\(Self.list(values)))"
        }
    }

    private static func list(_ values: Set<String>) -> String { values.sorted().joined(separator: ",") }
}
