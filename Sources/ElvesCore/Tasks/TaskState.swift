/// How a task stands.
///
/// Raw values are those of `TaskState` in `proto/common.thrift`.
package enum TaskState: Int32, Hashable, Sendable, CaseIterable {
    /// Recorded, not yet sent.
    case created = 1
    /// Sent to the agent.
    case dispatched = 2
    /// The worker has started.
    case running = 3
    /// The worker said yes.
    case succeeded = 10
    /// The worker said no, broke, or could not run.
    case failed = 11
    /// The worker ran out of time and was ended.
    case timedOut = 12
    /// Ended by request after it had started.
    case killed = 13
    /// A dependency ended badly.
    case skipped = 14
    /// Ended by request before it started.
    case cancelled = 15
    /// The agent refused it.
    case rejected = 16
    /// The agent was not connected before the deadline.
    case unreachable = 17
    /// Its start-by time passed.
    case expired = 18
    /// The agent took it and no one can say how it ended.
    case unknown = 19

    /// Whether nothing follows.
    package var isEnd: Bool { rawValue >= 10 }

    /// The word for it in `/api/v3` and on the command line, such as `timed_out`.
    package var name: String {
        switch self {
        case .created: "created"
        case .dispatched: "dispatched"
        case .running: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .timedOut: "timed_out"
        case .killed: "killed"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        case .rejected: "rejected"
        case .unreachable: "unreachable"
        case .expired: "expired"
        case .unknown: "unknown"
        }
    }

    /// The state of that word, nil when there is none.
    package init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

extension TaskState: CustomStringConvertible {
    package var description: String { name }
}
