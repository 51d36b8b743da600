package import AgentLinks
package import ElvesCore

/// An agent's connection, as the scheduler uses it.
package protocol TaskLink: AgentLink {
    /// Which start of its machine the agent runs in; empty when it did not say.
    var boot: String { get }
    /// How many tasks the agent runs at once; nil when it did not say.
    var maxRunning: Int? { get }
    /// Sends the attempt and calls `ended` exactly once: with the agent's word, or when none can come any more.
    /// `ended` may run before this returns, on any thread, and returns quickly.
    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void)
    /// Asks for the end of an attempt that was sent before, and starts nothing. `ended` as with `run`.
    func resume(_ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void)
    /// Says that the results of these attempts are recorded. Best effort.
    func recorded(_ attempts: [AttemptName])
    /// Asks the agent to end a task. Best effort.
    func kill(_ task: ElvesID, reason: String)
    /// Tells the agent that someone reads the task's output. Best effort.
    func follow(_ task: ElvesID)
}

extension TaskLink {
    package var maxRunning: Int? { nil }
}

/// Which attempt at which task.
package struct AttemptName: Sendable, Hashable {
    package let task: ElvesID
    /// From 1.
    package let number: Int32

    /// Names an attempt.
    package init(task: ElvesID, number: Int32) {
        self.task = task
        self.number = number
    }
}

/// One attempt, as it is sent. A reference: it goes through many hands, and none changes it.
package final class TaskAttempt: Sendable {
    package let task: ElvesID
    package let number: Int32
    package let call: FunctionCall
    package let caller: String
    package let trace: String
    /// On the agent's disk before its worker starts.
    package let isDurable: Bool
    /// It may have been sent before: an agent that cannot rule out that it ran refuses it.
    package let again: Bool
    /// Milliseconds within which the worker must have started; nil without a limit.
    package let startByMs: Int64?
    /// Milliseconds that the scheduler waits for its end at most.
    package let patienceMs: Int64
    /// Attempts of this agent whose results are recorded.
    package let recorded: [AttemptName]

    /// Creates an attempt.
    package init(
        task: ElvesID, number: Int32, call: FunctionCall, caller: String, trace: String, isDurable: Bool = false,
        again: Bool = false, startByMs: Int64?, patienceMs: Int64, recorded: [AttemptName] = []
    ) {
        self.task = task
        self.number = number
        self.call = call
        self.caller = caller
        self.trace = trace
        self.isDurable = isDurable
        self.again = again
        self.startByMs = startByMs
        self.patienceMs = patienceMs
        self.recorded = recorded
    }

    /// Its name.
    package var name: AttemptName { AttemptName(task: task, number: number) }
}

/// How sending an attempt, or asking for one that was sent, turned out.
package enum AttemptEnd: Sendable {
    /// The agent says how it ended.
    case reported(TaskReport)
    /// The agent refused it: registry code and why.
    case refused(code: String, message: String)
    /// It never left: the connection was gone or full.
    case notSent(String)
    /// It left, and the connection ended before an answer.
    case lost(String)
    /// It left, the connection is alive, and no answer came in the time that any answer takes.
    case silent(String)
    /// The agent answered with something that cannot be read as a result.
    case unreadable(String)
}

/// An agent's word on how an attempt ended.
package struct TaskReport: Sendable, Hashable {
    package var task: ElvesID
    package var attempt: Int32
    package var state: TaskState
    package var outcome: TaskOutcome
    package var hops: [TaskHop]
    /// What was asked for, for a scheduler that has forgotten the task; in reports that are sent again.
    package var origin: Origin?

    /// What the agent was asked to run.
    package struct Origin: Sendable, Hashable {
        package var app: String
        package var function: String
        /// UTC milliseconds by the agent's clock when it took the attempt.
        package var takenAt: Int64

        /// Creates an origin.
        package init(app: String, function: String, takenAt: Int64) {
            self.app = app
            self.function = function
            self.takenAt = takenAt
        }
    }

    /// Creates a report.
    package init(
        task: ElvesID, attempt: Int32 = 1, state: TaskState, outcome: TaskOutcome, hops: [TaskHop] = [],
        origin: Origin? = nil
    ) {
        self.task = task
        self.attempt = attempt
        self.state = state
        self.outcome = outcome
        self.hops = hops
        self.origin = origin
    }

    /// The attempt that it is about.
    package var name: AttemptName { AttemptName(task: task, number: attempt) }

    /// About how many bytes it holds.
    var weight: Int { outcome.weight + hops.reduce(0) { $0 + $1.weight } }
}
