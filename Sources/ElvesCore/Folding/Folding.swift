/// Many ends as one line: targets with the same end are counted together.
///
///     2,994 ✓ "nginx 1.22.1" · 5 ✓ "1.18.0": web-07, web-09, web-12, … · 1 unreachable: web-31
package struct Folding: Sendable {
    /// How a target ended, as far as people tell ends apart.
    package struct Outcome: Hashable, Sendable {
        /// The state that the task ended in.
        package let state: TaskState
        /// What came out, or why nothing did; nil where the state says it all.
        package let value: JSONValue?

        /// An end of that state; a value counts only where ends of that state differ in it.
        package init(state: TaskState, value: JSONValue?) {
            self.state = state
            switch state {
            case .succeeded, .failed, .rejected: self.value = value == .string("") ? nil : value
            default: self.value = nil
            }
        }
    }

    /// Targets with the same end.
    package struct Group: Hashable, Sendable {
        /// How they ended.
        package let outcome: Outcome
        /// Their names in the order in which they ended.
        package fileprivate(set) var targets: [String]
    }

    private var byOutcome: [Outcome: Group] = [:]
    /// How many targets were added.
    package private(set) var count = 0

    /// Nothing folded yet.
    package init() {}

    /// Counts one target's end.
    package mutating func add(_ target: String, state: TaskState, value: JSONValue? = nil) {
        let outcome = Outcome(state: state, value: value)
        byOutcome[outcome, default: Group(outcome: outcome, targets: [])].targets.append(target)
        count += 1
    }

    /// The groups, largest first; of equals success first, then by text.
    package var groups: [Group] {
        byOutcome.values.sorted { left, right in
            if left.targets.count != right.targets.count { return left.targets.count > right.targets.count }
            if left.outcome.state != right.outcome.state {
                return left.outcome.state.rawValue < right.outcome.state.rawValue
            }
            return left.outcome.valueText < right.outcome.valueText
        }
    }

    /// The line; empty when nothing was added.
    ///
    /// Each group names up to `names` of its targets. A group of successes that holds most of all targets,
    /// and more than that, names none: it is the rule, the others are the exceptions.
    package func line(names: Int = 3, width: Int = 60) -> String {
        groups.map { group in
            var text = "\(CountText.grouped(group.targets.count)) \(group.outcome.text(width: width))"
            let isRule =
                group.outcome.state == .succeeded && group.targets.count * 2 > count && group.targets.count > names
            if !isRule, names > 0 {
                text += ": " + group.targets.prefix(names).joined(separator: ", ")
                if group.targets.count > names { text += ", …" }
            }
            return text
        }.joined(separator: " · ")
    }
}

extension Folding.Outcome {
    fileprivate var valueText: String { value?.text() ?? "" }

    /// The state as a sign or word, and the value cut to `width` characters.
    package func text(width: Int = 60) -> String {
        let sign =
            switch state {
            case .succeeded: "✓"
            case .failed: "✗"
            case .timedOut: "timed out"
            default: state.name
            }
        guard value != nil else { return sign }
        let text = valueText
        guard text.count > width else { return "\(sign) \(text)" }
        let isString = text.hasPrefix("\"")
        return "\(sign) \(text.prefix(width - (isString ? 2 : 1)))…\(isString ? "\"" : "")"
    }
}
