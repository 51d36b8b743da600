internal import AgentLinks
internal import ElvesCore
internal import Scheduler

/// Agents in this process that say yes to everything, one after the other.
struct PlayedAgents: Sendable {
    private typealias Call = (attempt: AttemptName, ended: @Sendable (AttemptEnd) -> Void)

    private let calls: AsyncStream<Call>
    private let input: AsyncStream<Call>.Continuation

    init() {
        (calls, input) = AsyncStream.makeStream()
    }

    /// The connection of the agent with this number.
    func link(_ number: Int) throws -> some TaskLink {
        guard let id = ElvesID(rawValue: Int64(number)) else { throw BenchFailure("\(number) is no agent") }
        let identity = AgentIdentity(id: id, ip: "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")
        return PlayedLink(agent: identity) { [input] in input.yield(($0, $1)) }
    }

    /// Answers until the task is cancelled.
    func answerUntilCancelled() async {
        var outcome = TaskOutcome()
        outcome.flag = 1
        outcome.result = #"{"text":"hello"}"#
        for await (attempt, ended) in calls {
            ended(
                .reported(
                    TaskReport(task: attempt.task, attempt: attempt.number, state: .succeeded, outcome: outcome)))
        }
    }
}

private final class PlayedLink: TaskLink {
    let agent: AgentIdentity
    let boot = "bench"
    let isOpen = true
    func follow(_ task: ElvesID) {}
    private let answer: @Sendable (AttemptName, @escaping @Sendable (AttemptEnd) -> Void) -> Void

    init(
        agent: AgentIdentity,
        _ answer: @escaping @Sendable (AttemptName, @escaping @Sendable (AttemptEnd) -> Void) -> Void
    ) {
        self.agent = agent
        self.answer = answer
    }

    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        answer(attempt.name, ended)
    }

    func resume(_ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        answer(attempt, ended)
    }

    func recorded(_ attempts: [AttemptName]) {}
    func kill(_ task: ElvesID, reason: String) {}
    func answers(within limit: Duration) async -> Bool { true }
    func close(reason: String) {}
}
