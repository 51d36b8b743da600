package import ElvesCore

/// A batch's record.
package struct Batch: Sendable, Hashable {
    package let id: ElvesID
    package let call: FunctionCall
    package let total: Int
    /// Tasks running at once, at most.
    package let concurrency: Int
    /// The inventory's generation that the targets came from.
    package let generation: Int64
    package let caller: String
    package let trace: String
    /// UTC milliseconds.
    package let createdAt: Int64
    /// UTC milliseconds; 0 until every task ended.
    package var endedAt: Int64 = 0
    /// Tasks by state; the sum is `total`.
    package var states: [TaskState: Int]
    /// More tasks than this that end badly stop it; nil: no limit.
    package var maxFailures: Int?
    package var maxFailurePercent: Int?
    /// UTC milliseconds by which its tasks must have started; 0 without a limit.
    package var startBy: Int64 = 0
    package var retryRule: RetryRule?
    /// Whose results cursor its ends go to; empty: nobody's.
    package var owner = ""
    /// Why no more of its tasks are started; empty while they are.
    package var stopReason = ""

    /// Creates the record of a batch none of whose tasks has started.
    package init(
        id: ElvesID, call: FunctionCall, total: Int, concurrency: Int, generation: Int64, caller: String,
        trace: String, createdAt: Int64
    ) {
        self.id = id
        self.call = call
        self.total = total
        self.concurrency = concurrency
        self.generation = generation
        self.caller = caller
        self.trace = trace
        self.createdAt = createdAt
        states = [.created: total]
    }
}

extension Batch {
    /// The record as lists have it.
    var withoutParam: Batch {
        var call = call
        call.param = nil
        var batch = Batch(
            id: id, call: call, total: total, concurrency: concurrency, generation: generation, caller: caller,
            trace: trace, createdAt: createdAt)
        batch.endedAt = endedAt
        batch.states = states
        batch.maxFailures = maxFailures
        batch.maxFailurePercent = maxFailurePercent
        batch.startBy = startBy
        batch.retryRule = retryRule
        batch.owner = owner
        batch.stopReason = stopReason
        return batch
    }

    /// How many of its tasks may end badly; nil: all. The smaller one counts where both bounds are given.
    var failureLimit: Int? {
        let ofPercent = maxFailurePercent.map { total * $0 / 100 }
        guard let maxFailures else { return ofPercent }
        return min(maxFailures, ofPercent ?? maxFailures)
    }
}

/// Why no more tasks of a batch are started.
enum StopReason: Sendable, Hashable {
    /// By request, with the caller's words.
    case request(String)
    /// So many tasks ended badly.
    case failures(Int, limit: Int)

    private static let byRequest = "stopped by request"

    /// The reason as the record keeps it.
    var text: String {
        switch self {
        case .request(let words): words.isEmpty ? Self.byRequest : "\(Self.byRequest): \(words)"
        case .failures(let count, let limit):
            "\(count) \(count == 1 ? "task" : "tasks") ended badly; at most \(limit) may"
        }
    }

    /// The end of a task that was not started for the reason that a record gives.
    static func end(_ text: String) -> LiveBatch.Unstarted {
        text.hasPrefix(byRequest)
            ? LiveBatch.Unstarted(
                state: .cancelled, code: ErrorCode.schedulerBatchStopped.code, message: "the batch was \(text)",
                rule: "batch.stopped")
            : LiveBatch.Unstarted(
                state: .cancelled, code: ErrorCode.schedulerBatchFailures.code, message: "not started: \(text)",
                rule: "batch.failures")
    }
}

/// A task of a batch before it starts: its id is given when the batch is accepted.
package struct PlannedTask: Sendable, Hashable {
    package let id: ElvesID
    package let target: TaskTarget

    /// Creates a planned task.
    package init(id: ElvesID, target: TaskTarget) {
        self.id = id
        self.target = target
    }
}

/// Records that together fit into one message.
struct WeighedPage {
    private(set) var executions: [Execution] = []
    private var bytesLeft: Int

    /// An empty page that takes records of about so many bytes.
    init(bytes: Int) { bytesLeft = bytes }

    /// Takes one more record; false when it does not fit. The first always does: without it nobody would get on.
    mutating func add(_ execution: Execution) -> Bool {
        let weight = execution.weight
        guard executions.isEmpty || weight <= bytesLeft else { return false }
        bytesLeft -= weight
        executions.append(execution)
        return true
    }
}

/// A page of a batch's ends, in the order in which they came.
package struct BatchEndPage: Sendable, Hashable {
    package let executions: [Execution]
    /// Pass as `after` for the next page.
    package let nextAfter: Int64
    /// Whether every task ended and no page follows.
    package let done: Bool

    /// Creates a page.
    package init(executions: [Execution], nextAfter: Int64, done: Bool) {
        self.executions = executions
        self.nextAfter = nextAfter
        self.done = done
    }
}
