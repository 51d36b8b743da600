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

    enum CodingKeys: String, CodingKey {
        case id, app, function, total, states, concurrency, labels
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
