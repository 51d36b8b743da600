internal import AgentLinks
internal import ElvesCore
internal import Scheduler

/// Agents in this process that say yes to everything: to one caller at once, to all others one after the other.
struct PlayedAgents: Sendable {
    private typealias Call = (attempt: AttemptName, ended: @Sendable (AttemptEnd) -> Void)

    private let calls: AsyncStream<Call>
    private let input: AsyncStream<Call>.Continuation

    /// The caller that is answered at once: its agents do not wait for those of others.
    private let quickCaller: String

    init(quickCaller: String) {
        self.quickCaller = quickCaller
        (calls, input) = AsyncStream.makeStream()
    }

    private static func report(_ attempt: AttemptName) -> AttemptEnd {
        var outcome = TaskOutcome()
        outcome.flag = 1
        outcome.result = #"{"text":"hello"}"#
        return .reported(
            TaskReport(task: attempt.task, attempt: attempt.number, state: .succeeded, outcome: outcome))
    }

    /// The connection of the agent with this number.
    func link(_ number: Int) throws -> some TaskLink {
        guard let id = ElvesID(rawValue: Int64(number)) else { throw BenchFailure("\(number) is no agent") }
        let identity = AgentIdentity(id: id, ip: "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")
        return PlayedLink(agent: identity) { [input, quickCaller] attempt, caller, ended in
            if caller == quickCaller { ended(Self.report(attempt)) } else { input.yield((attempt, ended)) }
        }
    }

    /// Answers until the task is cancelled.
    func answerUntilCancelled() async {
        for await (attempt, ended) in calls { ended(Self.report(attempt)) }
    }
}

private final class PlayedLink: TaskLink {
    let agent: AgentIdentity
    let boot = "bench"
    let isOpen = true
    func follow(_ task: ElvesID) {}
    private let answer: Answer

    /// Answers an attempt of a caller.
    typealias Answer = @Sendable (AttemptName, String, @escaping @Sendable (AttemptEnd) -> Void) -> Void

    init(agent: AgentIdentity, _ answer: @escaping Answer) {
        self.agent = agent
        self.answer = answer
    }

    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        answer(attempt.name, attempt.caller, ended)
    }

    func resume(_ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        answer(attempt, "", ended)
    }

    func recorded(_ attempts: [AttemptName]) {}
    func kill(_ task: ElvesID, reason: String) {}
    func answers(within limit: Duration) async -> Bool { true }
    func close(reason: String) {}
}
