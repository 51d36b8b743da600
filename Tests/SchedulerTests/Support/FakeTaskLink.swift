import AgentLinks
import ElvesCore
import Scheduler
import Synchronization

/// An agent's connection whose answers the test decides.
final class FakeTaskLink: TaskLink {
    /// What the agent does with an attempt; it may answer, keep quiet, or answer often.
    typealias Behaviour = @Sendable (TaskAttempt, @escaping @Sendable (AttemptEnd) -> Void) -> Void

    private struct State {
        var isOpen = true
        var alive = true
        var attempts: [TaskAttempt] = []
        var killed: [ElvesID] = []
        var resumed: [AttemptName] = []
        var recorded: [AttemptName] = []
        var followed: [ElvesID] = []
    }

    /// What the agent does when it is asked for an attempt that was sent before.
    typealias Memory = @Sendable (AttemptName, @escaping @Sendable (AttemptEnd) -> Void) -> Void

    let agent: AgentIdentity
    let boot: String
    private let behaviour: Behaviour
    private let memory: Memory
    private let state = Mutex(State())

    init(
        _ number: Int64, alive: Bool = true, boot: String = "boot-1",
        _ behaviour: @escaping Behaviour = FakeTaskLink.succeeds, resume memory: @escaping Memory = neverTook
    ) {
        agent = AgentIdentity(id: .test(number), ip: "127.0.\(number / 256).\(number % 256)")
        self.boot = boot
        self.behaviour = behaviour
        self.memory = memory
        state.withLock { $0.alive = alive }
    }

    var isOpen: Bool { state.withLock { $0.isOpen } }
    var attempts: [TaskAttempt] { state.withLock { $0.attempts } }
    var killed: [ElvesID] { state.withLock { $0.killed } }
    /// Attempts that it was asked for again.
    var resumed: [AttemptName] { state.withLock { $0.resumed } }
    /// Attempts that it was told to be recorded, by calls and flushes.
    var recorded: [AttemptName] { state.withLock { $0.recorded } }

    func answers(within limit: Duration) async -> Bool { state.withLock { $0.alive } }
    func close(reason: String = "") { state.withLock { $0.isOpen = false } }
    var followed: [ElvesID] { state.withLock { $0.followed } }
    func follow(_ task: ElvesID) { state.withLock { $0.followed.append(task) } }
    func kill(_ task: ElvesID, reason: String) { state.withLock { $0.killed.append(task) } }

    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        state.withLock { state in
            state.attempts.append(attempt)
            state.recorded += attempt.recorded
        }
        behaviour(attempt, ended)
    }

    func resume(_ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        state.withLock { $0.resumed.append(attempt) }
        memory(attempt, ended)
    }

    func recorded(_ attempts: [AttemptName]) { state.withLock { $0.recorded += attempts } }

    static let succeeds: Behaviour = { attempt, ended in ended(.reported(.success(attempt))) }
    static let keepsQuiet: Behaviour = { _, _ in }
    static let neverTook: Memory = { _, ended in ended(.refused(code: "agent.attempt.unknown", message: "never")) }
    static let forgot: Memory = { _, ended in ended(.refused(code: "agent.attempt.forgotten", message: "cut")) }
    static let stillRuns: Memory = { _, _ in }
    static let hasSucceeded: Memory = { attempt, ended in ended(.reported(.success(attempt))) }
}

extension TaskReport {
    /// What an agent says whose journal has the attempt: it would say so again.
    private static let journalled = [TaskHop(place: "agent", event: "starting", atMicros: 1)]

    static func success(_ attempt: TaskAttempt, _ text: String = "done") -> TaskReport {
        success(attempt.name, text)
    }

    static func success(_ attempt: AttemptName, _ text: String = "done") -> TaskReport {
        var outcome = TaskOutcome()
        outcome.flag = 1
        outcome.message = text
        outcome.costMs = 3
        return TaskReport(
            task: attempt.task, attempt: attempt.number, state: .succeeded, outcome: outcome, hops: journalled)
    }

    static func failure(_ attempt: AttemptName) -> TaskReport {
        TaskReport(
            task: attempt.task, attempt: attempt.number, state: .failed,
            outcome: TaskOutcome(code: "agent.worker.exit", message: "exit status 3"), hops: journalled)
    }
}

/// Keeps the answers that agents owe until the test lets them go.
final class Answers: Sendable {
    private let open = Mutex<[(TaskAttempt, @Sendable (AttemptEnd) -> Void)]>([])

    var behaviour: FakeTaskLink.Behaviour {
        { attempt, ended in self.open.withLock { $0.append((attempt, ended)) } }
    }

    var count: Int { open.withLock { $0.count } }

    /// Answers the oldest `limit` attempts; each stays so that it can be answered again.
    func answer(_ limit: Int = .max, _ end: (TaskAttempt) -> AttemptEnd = { .reported(.success($0)) }) {
        for (attempt, ended) in open.withLock({ Array($0.prefix(limit)) }) { ended(end(attempt)) }
    }

    /// Answers the oldest attempt and forgets it.
    func answerOne(_ end: (TaskAttempt) -> AttemptEnd = { .reported(.success($0)) }) {
        guard let (attempt, ended) = open.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
        ended(end(attempt))
    }
}

extension ElvesID {
    static func test(_ number: Int64) -> ElvesID {
        guard let id = ElvesID(rawValue: number) else { preconditionFailure("ids are above 0") }
        return id
    }
}
