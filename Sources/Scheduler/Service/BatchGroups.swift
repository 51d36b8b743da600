import Crypto
package import ElvesCore

/// Ended tasks of a batch that ended alike.
package struct OutcomeGroup: Sendable, Hashable {
    /// Nil in the group of all that did not fit, when they did not end alike.
    package fileprivate(set) var state: TaskState?
    package let exitCode: Int32?
    package let code: String
    /// What they answered or wrote, up to 4 KiB of it.
    package let text: String
    package fileprivate(set) var tasks: [PlannedTask]
}

/// Folds ended tasks into groups, one record after the other: what it keeps of each is its target.
struct BatchGroups {
    /// The code of the group that takes all that fits into no other.
    static let otherCode = "other"
    static let sampleBytes = 4 << 10
    static let most = 1_000

    private var groups: [SHA256Digest: OutcomeGroup] = [:]
    private var other: OutcomeGroup?

    /// Takes one more ended task.
    mutating func add(_ record: Execution) {
        let outcome = record.outcome
        let text = outcome.said
        let key = SHA256.hash(
            data: Array("\(record.state.rawValue) \(outcome.exitCode ?? .min) \(outcome.code)\n\(text)".utf8))
        let task = PlannedTask(id: record.id, target: record.target)
        if groups[key]?.tasks.append(task) != nil { return }
        let group = OutcomeGroup(
            state: record.state, exitCode: outcome.exitCode, code: outcome.code,
            text: text.prefix(bytes: Self.sampleBytes), tasks: [task])
        if groups.count < Self.most { groups[key] = group } else { Self.merge(group, into: &other) }
    }

    /// The largest groups first, at most `limit`; all others are one more.
    func largest(_ limit: Int) -> [OutcomeGroup] {
        let sorted = groups.values.sorted { ($1.tasks.count, $0.tasks[0].id) < ($0.tasks.count, $1.tasks[0].id) }
        var rest = other
        for group in sorted.dropFirst(limit) { Self.merge(group, into: &rest) }
        return sorted.prefix(limit) + (rest.map { [$0] } ?? [])
    }

    private static func merge(_ group: OutcomeGroup, into other: inout OutcomeGroup?) {
        if other == nil {
            other = OutcomeGroup(
                state: group.state, exitCode: nil, code: otherCode, text: "all that ended otherwise", tasks: [])
        }
        if other?.state != group.state { other?.state = nil }
        other?.tasks += group.tasks
    }
}

extension TaskOutcome {
    /// What the worker answered, or wrote, or why there is none.
    fileprivate var said: String {
        if let result { return result }
        let written = stdout.whole + stderr.whole
        return written.isEmpty ? message : written
    }
}

extension KeptOutput {
    fileprivate var whole: String {
        dropped > 0 ? "\(head)\n[\(dropped) bytes]\n\(tail)" : head + tail
    }
}

extension String {
    /// The longest beginning that has at most so many bytes and cuts no character.
    fileprivate func prefix(bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(startIndex, offsetBy: bytes)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
