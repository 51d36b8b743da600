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
