package import AgentLinks
package import ElvesCore

/// An agent's connection, as the scheduler uses it.
package protocol TaskLink: AgentLink {
    /// Sends the attempt, once, and calls `ended` exactly once: with the agent's word, or when none can
    /// come any more. `ended` may run before this returns, on any thread, and returns quickly.
    func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void)
    /// Asks the agent to end a task. Best effort.
    func kill(_ task: ElvesID, reason: String)
    /// Tells the agent that someone reads the task's output. Best effort.
    func follow(_ task: ElvesID)
}

/// One attempt, as it is sent.
package struct TaskAttempt: Sendable, Hashable {
    package let task: ElvesID
    package let number: Int32
    package let call: FunctionCall
    package let caller: String
    package let trace: String
    /// Milliseconds within which the worker must have started; nil without a limit.
    package let startByMs: Int64?
    /// Milliseconds that the scheduler waits for its end at most.
    package let patienceMs: Int64

    /// Creates an attempt.
    package init(
        task: ElvesID, number: Int32, call: FunctionCall, caller: String, trace: String, startByMs: Int64?,
        patienceMs: Int64
    ) {
        self.task = task
        self.number = number
        self.call = call
        self.caller = caller
        self.trace = trace
        self.startByMs = startByMs
        self.patienceMs = patienceMs
    }
}

/// How sending an attempt turned out.
package enum AttemptEnd: Sendable {
    /// The agent says how it ended.
    case reported(TaskReport)
    /// The agent refused it: registry code and why.
    case refused(code: String, message: String)
    /// It never left: the connection was gone or full.
    case notSent(String)
    /// It left, and the connection ended before an answer.
    case lost(String)
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

    /// Creates a report.
    package init(
        task: ElvesID, attempt: Int32 = 1, state: TaskState, outcome: TaskOutcome, hops: [TaskHop] = []
    ) {
        self.task = task
        self.attempt = attempt
        self.state = state
        self.outcome = outcome
        self.hops = hops
    }
}
