internal import ElvesCore

/// A promise that was broken, and by which task.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    package enum Promise: String, Sendable, CaseIterable {
        case startedTwice = "an attempt started twice"
        case lost = "an acknowledged task has no record"
        case noEnd = "a task has no end"
        case recordedTwice = "a result was recorded twice"
        case ranWithoutRecord = "a worker ran for a task without a record"
        case ranThoughItDidNot = "a worker ran for a task that is said not to have started"
        case succeededWithoutRunning = "a task succeeded without its worker's word"
        case undelivered = "a result never reached its owner"
        case unrecorded = "a result stayed with its agent"
        case leftover = "a process of a worker was left"
        case eventMissing = "an end has no event"
        case toldOtherwise = "a caller was told of another end"
    }

    package var promise: Promise
    package var subject: String

    package init(_ promise: Promise, _ subject: String) {
        self.promise = promise
        self.subject = subject
    }

    package var description: String { "\(promise.rawValue): \(subject)" }
}

/// Compares what every party wrote down, and finds what should not be.
///
/// Pure: it reads evidence and nothing else, so that planted violations can show that it sees them.
package struct FaultChecker: Sendable {
    private let evidence: Evidence
    private let records: [String: Evidence.Record]

    package init(_ evidence: Evidence) {
        self.evidence = evidence
        records = Dictionary(evidence.records.map { ($0.task, $0) }) { first, _ in first }
    }

    /// Everything that is wrong; empty when all promises were kept.
    package var violations: [Violation] {
        startedTwice + lost + noEnd + recordedTwice + contradictions + undelivered + unrecorded + eventMissing
            + toldOtherwise + evidence.leftovers.map { Violation(.leftover, $0) }
    }

    private struct Attempt: Hashable, CustomStringConvertible {
        var task: String
        var attempt: Int

        var description: String { "\(task).\(attempt)" }
    }

    /// By the workers' own marks, and by the journals: no attempt on two agents, none twice on one.
    private var startedTwice: [Violation] {
        let begins = evidence.marks.filter { $0.kind == .begin }.map { Attempt(task: $0.task, attempt: $0.attempt) }
        let taken = evidence.entries.filter(\.started).map { Attempt(task: $0.task, attempt: $0.attempt) }
        return (Self.repeated(begins) + Self.repeated(taken)).map { Violation(.startedTwice, "\($0)") }
    }

    private var lost: [Violation] {
        let told = Dictionary(evidence.told.map { ($0.task, $0.state.name) }) { _, later in later }
        let tasks = evidence.acknowledged.filter { records[$0] == nil }.sorted().map {
            Violation(.lost, "\($0), told \(told[$0] ?? "no end")")
        }
        let kept = Dictionary(grouping: evidence.records, by: \.batch).mapValues { Set($0.map(\.task)).count }
        let batches = evidence.batches.sorted { $0.key < $1.key }.compactMap { batch, total in
            let count = kept[batch] ?? 0
            return count == total ? nil : Violation(.lost, "batch \(batch) has \(count) of \(total) tasks")
        }
        return tasks + batches
    }

    private var noEnd: [Violation] {
        evidence.records.filter { !$0.state.isEnd }.map { Violation(.noEnd, "\($0.task) is \($0.state)") }
    }

    /// One record each; one result and one event each, but for a definite word after `unknown`.
    private var recordedTwice: [Violation] {
        let records = Self.repeated(evidence.records.map(\.task)).map { Violation(.recordedTwice, "record of \($0)") }
        // The cursor answers a record as it is now: a reader who comes late has the end that followed `unknown` twice.
        var late = Set(evidence.events.filter { $0.state == .unknown }.map(\.task))
        let results = evidence.results.reduce(into: (kept: [Evidence.Result](), last: [String: TaskState]())) {
            let isSaidAgain = $0.last[$1.task] == $1.state && late.remove($1.task) != nil
            $0.last[$1.task] = $1.state
            if !isSaidAgain || $1.state == .unknown { $0.kept.append($1) }
        }
        return records + Self.repeatedEnds(results.kept, "result of")
            + Self.repeatedEnds(evidence.events, "event of")
    }

    private var contradictions: [Violation] {
        var found: [Violation] = []
        var ends: Set<Attempt> = []
        for mark in evidence.marks {
            let attempt = Attempt(task: mark.task, attempt: mark.attempt)
            if mark.kind == .end { ends.insert(attempt) }
            guard mark.kind == .begin else { continue }
            guard let record = records[mark.task] else {
                found.append(Violation(.ranWithoutRecord, "\(attempt) on \(mark.agent)"))
                continue
            }
            if record.attempt == mark.attempt, !record.state.mayHaveStarted {
                found.append(Violation(.ranThoughItDidNot, "\(attempt) is \(record.state)"))
            }
        }
        for record in evidence.records where record.state == .succeeded {
            let attempt = Attempt(task: record.task, attempt: record.attempt)
            if !ends.contains(attempt) { found.append(Violation(.succeededWithoutRunning, "\(attempt)")) }
        }
        return found
    }

    private var undelivered: [Violation] {
        let delivered = Set(evidence.results.map(\.task))
        return evidence.owned.subtracting(delivered).sorted().map { Violation(.undelivered, $0) }
    }

    private var unrecorded: [Violation] {
        evidence.entries.filter { !$0.recorded }.map {
            Violation(.unrecorded, "\($0.task).\($0.attempt) on \($0.agent), \($0.ended ? "ended" : "open")")
        }
    }

    /// The last event of a task is of the end that its record has.
    private var eventMissing: [Violation] {
        let last = Dictionary(evidence.events.map { ($0.task, $0.state) }) { _, later in later }
        return records.values.filter { $0.state.isEnd && last[$0.task] != $0.state }.sorted { $0.task < $1.task }.map {
            Violation(.eventMissing, "\($0.task) is \($0.state), its last event \(last[$0.task]?.name ?? "none")")
        }
    }

    /// Only after `unknown` may another end follow what somebody was told.
    private var toldOtherwise: [Violation] {
        evidence.told.compactMap { told in
            guard let record = records[told.task], told.state != record.state, told.state != .unknown else {
                return nil
            }
            return Violation(.toldOtherwise, "\(told.task): told \(told.state), recorded \(record.state)")
        }
    }

    private static func repeated<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { !seen.insert($0).inserted }
    }

    /// The state of a task whose end came twice may only have been `unknown` before.
    private static func repeatedEnds(_ ends: [Evidence.Result], _ what: String) -> [Violation] {
        var last: [String: TaskState] = [:]
        var found: [Violation] = []
        for end in ends {
            if let before = last[end.task], before != .unknown || end.state == .unknown {
                found.append(Violation(.recordedTwice, "\(what) \(end.task): \(before), then \(end.state)"))
            }
            last[end.task] = end.state
        }
        return found
    }
}

extension TaskState {
    /// Whether a worker may have run for a task that ended so.
    fileprivate var mayHaveStarted: Bool {
        switch self {
        case .cancelled, .unreachable, .expired, .rejected, .skipped, .created: false
        default: true
        }
    }
}
