public import Foundation

/// One function on one agent, once.
public struct TaskRecord: Sendable, Hashable, Codable {
    /// An agent as a task names it.
    public struct Agent: Sendable, Hashable, Codable {
        /// 16 hex digits.
        public var id: String
        /// The agent's address.
        public var ip: String
        /// The agent's name; may be empty.
        public var name: String

        /// An agent.
        public init(id: String, ip: String, name: String) {
            self.id = id
            self.ip = ip
            self.name = name
        }
    }

    /// What a worker wrote, shortened when it was long.
    public struct Output: Sendable, Hashable, Codable {
        /// The start.
        public var head: String
        /// The end, when something between was dropped.
        public var tail: String
        /// Bytes between head and tail that were not kept.
        public var dropped: Int

        /// An output.
        public init(head: String = "", tail: String = "", dropped: Int = 0) {
            self.head = head
            self.tail = tail
            self.dropped = dropped
        }
    }

    /// 16 hex digits.
    public var id: String
    /// The batch it belongs to, if any.
    public var batchID: String?
    /// The app.
    public var app: String
    /// The function of the app.
    public var function: String
    /// What the function was given.
    public var param: JSONValue?
    /// Where it runs.
    public var agent: Agent
    /// How it stands.
    public var state: TaskState
    /// 1 for the first try.
    public var attempt: Int
    /// The worker's result.
    public var result: JSONValue?
    /// Why there is no result, or the worker's own words.
    public var message: String
    /// ELVES 2.0's flag: 1, 0 or -1.
    public var flag: Int
    /// The error's code in the registry, when it did not succeed.
    public var code: String?
    /// The app's version that ran.
    public var version: String?
    /// The worker's exit code, when it ended by itself.
    public var exitCode: Int?
    /// The signal that ended the worker.
    public var signal: Int?
    /// Milliseconds from the worker's start to its end.
    public var costMilliseconds: Int
    /// Milliseconds the worker may run; 0 is no limit.
    public var timeoutMilliseconds: Int
    /// Standard output, less the result.
    public var stdout: Output
    /// Standard error.
    public var stderr: Output
    /// Bytes that the worker wrote to standard output, as far as they are counted yet.
    public var stdoutBytes: Int?
    /// Bytes that the worker wrote to standard error.
    public var stderrBytes: Int?
    /// When it was recorded.
    public var createdAt: Date?
    /// When it was sent to the agent.
    public var dispatchedAt: Date?
    /// When the worker was first known to run.
    public var startedAt: Date?
    /// When it ended.
    public var endedAt: Date?
    /// By when it must have started, if it was said.
    public var startBy: Date?
    /// The rule for new attempts, if it has one.
    public var retries: Retries?
    /// When the next attempt starts, between two.
    public var nextAttemptAt: Date?
    /// The task that this one does again.
    public var retryOf: String?
    /// Files that went with it.
    public var files: [TaskFile]?
    /// Files that its worker returned.
    public var returned: [TaskFile]?
    /// How its worker was started: folder, umask, environment.
    public var worker: JSONValue?
    /// Processes that outlived its end.
    public var survivors: Int?
    /// The component that it belongs to.
    public var owner: String?
    /// Id of the key that asked.
    public var caller: String?
    /// The caller's own labels.
    public var labels: [String: String]
    /// The trace id of the call that made it.
    public var trace: String?

    enum CodingKeys: String, CodingKey {
        case id, app, function, param, agent, state, attempt, result, message, flag, code, version, signal
        case stdout, stderr, labels, trace, retries, files, returned, worker, survivors, owner, caller
        case batchID = "batch_id"
        case exitCode = "exit_code"
        case costMilliseconds = "cost_ms"
        case timeoutMilliseconds = "timeout_ms"
        case createdAt = "created_at"
        case dispatchedAt = "dispatched_at"
        case endedAt = "ended_at"
        case stdoutBytes = "stdout_bytes"
        case stderrBytes = "stderr_bytes"
        case startedAt = "started_at"
        case startBy = "start_by"
        case nextAttemptAt = "next_attempt_at"
        case retryOf = "retry_of"
    }
}

/// How a task went, hop by hop.
public struct TaskExplanation: Sendable, Hashable, Codable {
    /// One step on a task's way.
    public struct Hop: Sendable, Hashable, Codable {
        /// Where: `scheduler`, `agent`, `worker`.
        public var place: String
        /// What happened there.
        public var event: String
        /// Microseconds since the task was created, by the clock of `place`.
        public var atMicroseconds: Int
        /// The rule or limit that decided, if one did.
        public var rule: String

        enum CodingKeys: String, CodingKey {
            case place, event, rule
            case atMicroseconds = "at_us"
        }
    }

    /// The task.
    public var task: TaskRecord
    /// Its steps, in order.
    public var hops: [Hop]
}
