/// How a task stands.
///
/// States that a newer center adds are kept as they are.
public struct TaskState: RawRepresentable, Sendable, Hashable, Codable {
    /// The word on the wire.
    public var rawValue: String

    /// The state of that word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Recorded, not sent yet.
    public static let created = TaskState(rawValue: "created")
    /// Sent to the agent.
    public static let dispatched = TaskState(rawValue: "dispatched")
    /// The worker runs.
    public static let running = TaskState(rawValue: "running")
    /// The worker said that it did its work.
    public static let succeeded = TaskState(rawValue: "succeeded")
    /// The worker said otherwise, broke, or could not be started.
    public static let failed = TaskState(rawValue: "failed")
    /// The worker ran past its time and was ended.
    public static let timedOut = TaskState(rawValue: "timed_out")
    /// Ended by request while it ran.
    public static let killed = TaskState(rawValue: "killed")
    /// A dependency ended badly.
    public static let skipped = TaskState(rawValue: "skipped")
    /// Ended by request before it started.
    public static let cancelled = TaskState(rawValue: "cancelled")
    /// The agent refused it.
    public static let rejected = TaskState(rawValue: "rejected")
    /// The agent was not connected before the deadline.
    public static let unreachable = TaskState(rawValue: "unreachable")
    /// Its start-by time passed.
    public static let expired = TaskState(rawValue: "expired")
    /// The agent took it and no one can say how it ended.
    public static let unknown = TaskState(rawValue: "unknown")

    /// Whether nothing follows.
    public var isEnd: Bool { ![.created, .dispatched, .running].contains(self) }
}
