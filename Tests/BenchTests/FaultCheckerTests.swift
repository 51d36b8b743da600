import ElvesCore
import Testing

@testable import Bench

/// The checker sees what it is there to see: each promise is broken once, by hand.
@Suite struct FaultCheckerTests {
    private static let task = "0190000000000001"
    private static let other = "0190000000000002"
    private static let agent = "0b00000000000000"

    /// A run in which everything went as promised: one task of the owner, one killed, one of a batch.
    private static let good: Evidence = {
        var evidence = Evidence()
        evidence.acknowledged = [task, other]
        evidence.owned = [task]
        evidence.batches = ["0190000000000009": 1]
        evidence.records = [
            Evidence.Record(task: task, state: .succeeded, agent: agent),
            Evidence.Record(task: other, state: .killed, agent: agent, batch: "0190000000000009"),
        ]
        evidence.entries = [
            Evidence.Entry(agent: agent, task: task), Evidence.Entry(agent: agent, task: other),
        ]
        evidence.marks = [
            Evidence.Mark(agent: agent, task: task, kind: .begin), Evidence.Mark(agent: agent, task: task, kind: .end),
            Evidence.Mark(agent: agent, task: other, kind: .begin),
        ]
        evidence.results = [Evidence.Result(task: task, state: .succeeded)]
        evidence.events = [
            Evidence.Result(task: other, state: .killed), Evidence.Result(task: task, state: .succeeded),
        ]
        evidence.told = [Evidence.Result(task: task, state: .succeeded)]
        return evidence
    }()

    /// The other task ends in another way, as its record and its event say.
    private static func end(_ evidence: inout Evidence, _ state: TaskState) {
        evidence.records[1].state = state
        evidence.events[0].state = state
    }

    @Test func aGoodRunHasNoViolation() {
        #expect(FaultChecker(Self.good).violations.isEmpty)
    }

    /// What is broken, and the promise that it breaks; nothing else may be said.
    static let plants: [(Violation.Promise, @Sendable (inout Evidence) -> Void)] = [
        (.startedTwice, { $0.marks.append(Evidence.Mark(agent: agent, task: task, kind: .begin)) }),
        (.startedTwice, { $0.marks.append(Evidence.Mark(agent: "another", task: other, kind: .begin)) }),
        (.startedTwice, { $0.entries.append(Evidence.Entry(agent: "another", task: task)) }),
        (.lost, { $0.acknowledged.insert("0190000000000003") }),
        (.lost, { $0.batches["0190000000000009"] = 2 }),
        (.noEnd, { $0.records.append(Evidence.Record(task: "0190000000000003", state: .dispatched)) }),
        (.noEnd, { $0.records.append(Evidence.Record(task: "0190000000000003", state: .created)) }),
        (.recordedTwice, { $0.records.append($0.records[1]) }),
        (.recordedTwice, { $0.results.append(Evidence.Result(task: task, state: .succeeded)) }),
        (.recordedTwice, { $0.results.append(Evidence.Result(task: task, state: .unknown)) }),
        (.recordedTwice, { $0.events.append(Evidence.Result(task: other, state: .killed)) }),
        (.ranWithoutRecord, { $0.marks.append(Evidence.Mark(agent: agent, task: "0190000000000003", kind: .begin)) }),
        (.ranThoughItDidNot, { end(&$0, .cancelled) }),
        (.ranThoughItDidNot, { end(&$0, .unreachable) }),
        (.ranThoughItDidNot, { end(&$0, .rejected) }),
        (.succeededWithoutRunning, { $0.marks.removeAll { $0.task == task } }),
        (.succeededWithoutRunning, { $0.marks.removeAll { $0.kind == .end } }),
        (.undelivered, { $0.results = [] }),
        (.unrecorded, { $0.entries[0].recorded = false }),
        (.unrecorded, { $0.entries.append(Evidence.Entry(agent: agent, task: "3", ended: false, recorded: false)) }),
        (.eventMissing, { $0.events.removeLast() }),
        (.eventMissing, { $0.events = [$0.events[1]] }),
        (.eventMissing, { $0.events[0].state = .succeeded }),
        (.toldOtherwise, { $0.told.append(Evidence.Result(task: other, state: .cancelled)) }),
        (.toldOtherwise, { $0.told[0].state = .failed }),
        (.leftover, { $0.leftovers = ["\(task).1 pid 4711"] }),
    ]

    @Test(arguments: plants.indices)
    func aPlantedViolationIsFound(_ index: Int) {
        let (promise, plant) = Self.plants[index]
        var evidence = Self.good
        plant(&evidence)
        #expect(FaultChecker(evidence).violations.map(\.promise) == [promise])
    }

    @Test func everyPromiseIsPlanted() {
        #expect(Set(Self.plants.map(\.0)) == Set(Violation.Promise.allCases))
    }

    /// A word that comes after the scheduler gave up is the one thing that may follow an end, once.
    @Test func aDefiniteWordMayFollowUnknown() {
        var evidence = Self.good
        evidence.results.insert(Evidence.Result(task: Self.task, state: .unknown), at: 0)
        evidence.events.insert(Evidence.Result(task: Self.other, state: .unknown), at: 0)
        evidence.told.append(Evidence.Result(task: Self.other, state: .unknown))
        #expect(FaultChecker(evidence).violations.isEmpty)
        evidence.results.append(Evidence.Result(task: Self.task, state: .failed))
        #expect(FaultChecker(evidence).violations.map(\.promise) == [.recordedTwice])
    }

    /// The cursor answers records as they are now, so its late reader has the same end twice: once for `unknown`.
    @Test func aLateReaderOfTheCursorHasTheSameEndTwice() {
        var evidence = Self.good
        evidence.results.append(evidence.results[0])
        evidence.events.insert(Evidence.Result(task: Self.task, state: .unknown), at: 0)
        #expect(FaultChecker(evidence).violations.isEmpty)
        evidence.results.append(evidence.results[0])
        #expect(FaultChecker(evidence).violations.map(\.promise) == [.recordedTwice])
    }

    /// `unknown` is not what follows a definite word.
    @Test func aDefiniteWordDoesNotBecomeUnknown() {
        var evidence = Self.good
        Self.end(&evidence, .unknown)
        evidence.told.append(Evidence.Result(task: Self.other, state: .killed))
        #expect(FaultChecker(evidence).violations.map(\.promise) == [.toldOtherwise])
    }

    /// An earlier attempt may have run for a task whose last attempt did not.
    @Test func earlierAttemptsMayHaveRun() {
        var evidence = Self.good
        Self.end(&evidence, .cancelled)
        evidence.records[1].attempt = 2
        #expect(FaultChecker(evidence).violations.isEmpty)
    }
}
