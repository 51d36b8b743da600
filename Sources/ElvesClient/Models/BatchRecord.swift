public import Foundation

/// One function on many agents.
public struct BatchRecord: Sendable, Hashable, Codable {
    /// 16 hex digits.
    public var id: String
    /// The app.
    public var app: String
    /// The function of the app.
    public var function: String
    /// Tasks in all.
    public var total: Int
    /// Tasks by state, the states being ``TaskState/rawValue``.
    public var states: [String: Int]
    /// Tasks that run at once, at most.
    public var concurrency: Int
    /// When it was made.
    public var createdAt: Date?
    /// When the last task ended.
    public var endedAt: Date?
    /// The caller's own labels.
    public var labels: [String: String]
    /// Id of the key that asked.
    public var caller: String?
    /// The component that it belongs to.
    public var owner: String?
    /// Milliseconds within which an agent must have been connected; 0: at once.
    public var startByMilliseconds: Int?
    /// The rule for new attempts, if it has one.
    public var retries: Retries?
    /// Files that go with each task.
    public var files: [TaskFile]?
    /// How many tasks may end badly before it stops.
    public var maxFailures: FailureLimit?
    /// Whether no more of its tasks are started.
    public var stopping: Bool?
    /// Why it stops or stopped.
    public var stopReason: String?

    enum CodingKeys: String, CodingKey {
        case id, app, function, total, states, concurrency, labels, caller, owner, retries, files, stopping
        case startByMilliseconds = "start_by_ms"
        case maxFailures = "max_failures"
        case stopReason = "stop_reason"
        case createdAt = "created_at"
        case endedAt = "ended_at"
    }
}

/// Tasks of a batch in the order they ended.
public struct BatchEnds: Sendable, Hashable, Codable {
    /// The tasks of this page.
    public var tasks: [TaskRecord]
    /// What to pass for the next page.
    public var next: Cursor
    /// Whether every task ended and no page follows.
    public var done: Bool
}

/// Batches, newest first.
public struct BatchPage: Sendable, Hashable, Codable {
    /// The batches of this page.
    public var batches: [BatchRecord]
    /// What to pass for the next page; nil at the end.
    public var next: Cursor?
}

/// Tasks of a batch that ended alike.
public struct BatchGroup: Sendable, Hashable, Codable {
    /// One of them.
    public struct Target: Sendable, Hashable, Codable {
        /// The agent's id.
        public var id: String
        /// The agent's address.
        public var ip: String
        /// The agent's name; may be empty.
        public var name: String
        /// The task on it.
        public var taskID: String

        enum CodingKeys: String, CodingKey {
            case id, ip, name
            case taskID = "task_id"
        }
    }

    /// How they ended.
    public var state: TaskState
    /// The error's code, when they did not succeed.
    public var code: String?
    /// The workers' exit code, when they ended by themselves.
    public var exitCode: Int?
    /// What they all answered or wrote.
    public var text: String
    /// How many they are.
    public var count: Int
    /// Who they are.
    public var targets: [Target]

    enum CodingKeys: String, CodingKey {
        case state, code, text, count, targets
        case exitCode = "exit_code"
    }
}

/// How many tasks of a batch may end badly before it stops.
public enum FailureLimit: Sendable, Hashable, Codable {
    /// That many.
    case count(Int)
    /// That part of its tasks, in percent.
    case percent(Int)

    /// Reads `5` or `5%`.
    public init?(_ text: String) {
        let isPercent = text.hasSuffix("%")
        guard let number = Int(isPercent ? text.dropLast() : text[...]), number >= 0 else { return nil }
        if isPercent, number > 100 { return nil }
        self = isPercent ? .percent(number) : .count(number)
    }

    /// `5` or `5%`.
    public var text: String {
        switch self {
        case .count(let number): String(number)
        case .percent(let number): "\(number)%"
        }
    }

    /// Reads a number or a text such as `5%`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .count(number)
            return
        }
        guard let limit = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither a number nor a percentage")
        }
        self = limit
    }

    /// Writes a number or a text such as `5%`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let number): try container.encode(number)
        case .percent: try container.encode(text)
        }
    }
}

/// A place in a list, meant for the center only.
///
/// It travels as a string or a number.
public struct Cursor: Sendable, Hashable, Codable {
    /// The text to pass back.
    public var text: String

    /// A cursor that a center gave earlier.
    public init(_ text: String) { self.text = text }

    /// Reads a string or an integer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text
        } else {
            text = String(try container.decode(Int64.self))
        }
    }

    /// Writes a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
