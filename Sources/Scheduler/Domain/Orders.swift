package import ElvesCore

/// A request to run one function on one agent.
package struct ExecutionOrder: Sendable, Hashable {
    package var call: FunctionCall
    package var target: TaskTarget
    /// Milliseconds within which the agent must be connected; 0: at once or unreachable. At most 30 days.
    package private(set) var startByMs: Int64
    /// Empty: none.
    package var idempotencyKey: String
    package var caller: String
    package var trace: String
    /// Recorded before the answer, and waits its turn instead of being refused.
    package var isDurable = false
    package var retryRule: RetryRule?
    /// Whose results cursor its end goes to; empty: nobody's.
    package var owner = ""
    /// The task that this one does again.
    package var retryOf: ElvesID?

    private static let longestStartByMs: Int64 = 30 * 86_400_000

    /// Creates an order.
    package init(
        call: FunctionCall, target: TaskTarget, startByMs: Int64 = 0, idempotencyKey: String = "",
        caller: String = "", trace: String = ""
    ) {
        self.call = call
        self.target = target
        self.startByMs = min(max(0, startByMs), Self.longestStartByMs)
        self.idempotencyKey = idempotencyKey
        self.caller = caller
        self.trace = trace
    }
}

/// A request to run one function on many agents.
package struct BatchOrder: Sendable, Hashable {
    package var call: FunctionCall
    /// Frozen: what was resolved is what runs.
    package var targets: [TaskTarget]
    /// Tasks running at once; 0: all.
    package var concurrency: Int
    /// The inventory's generation that `targets` came from.
    package var generation: Int64
    /// Empty: none.
    package var idempotencyKey: String
    package var caller: String
    package var trace: String
    /// More tasks than this that end badly stop the batch; nil: no limit.
    package var maxFailures: Int?
    /// The same in percent of its tasks.
    package var maxFailurePercent: Int?
    /// Milliseconds within which an agent must be connected; 0: at once or unreachable.
    package var startByMs: Int64 = 0
    package var retryRule: RetryRule?
    /// Whose results cursor its ends go to; empty: nobody's.
    package var owner = ""

    /// Creates an order.
    package init(
        call: FunctionCall, targets: [TaskTarget], concurrency: Int = 0, generation: Int64 = 0,
        idempotencyKey: String = "", caller: String = "", trace: String = ""
    ) {
        self.call = call
        self.targets = targets
        self.concurrency = concurrency
        self.generation = generation
        self.idempotencyKey = idempotencyKey
        self.caller = caller
        self.trace = trace
    }
}
