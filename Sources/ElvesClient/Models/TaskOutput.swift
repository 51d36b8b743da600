internal import Foundation

/// What came of following a task's output.
public enum TaskOutputEvent: Sendable, Hashable {
    /// The worker wrote something.
    case output(OutputPiece)
    /// The task ended, and nothing follows.
    case end(state: TaskState, attempt: Int)
}

/// A piece of a worker's output.
public struct OutputPiece: Sendable, Hashable, Codable {
    /// One of a worker's two outputs.
    public enum Stream: String, Sendable, Hashable, Codable {
        /// Standard output.
        case stdout
        /// Standard error.
        case stderr
    }

    /// Where it was written.
    public var stream: Stream
    /// What was written; pieces are cut between characters where the worker wrote UTF-8.
    public var bytes: [UInt8]
    /// Bytes of this stream that are missing before it.
    public var dropped: Int
    /// Whose output it is: a new attempt begins its output anew.
    public var attempt: Int

    enum CodingKeys: String, CodingKey {
        case stream, text, base64, dropped, attempt
    }

    /// A piece.
    public init(stream: Stream, bytes: [UInt8], dropped: Int = 0, attempt: Int = 1) {
        self.stream = stream
        self.bytes = bytes
        self.dropped = dropped
        self.attempt = attempt
    }

    /// The piece as text, broken bytes replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads `text` or `base64`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        stream = try container.decode(Stream.self, forKey: .stream)
        dropped = try container.decode(Int.self, forKey: .dropped)
        attempt = try container.decode(Int.self, forKey: .attempt)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            bytes = Array(text.utf8)
        } else {
            bytes = Array(try container.decode(Data.self, forKey: .base64))
        }
    }

    /// Writes `text`, or `base64` where the bytes are no text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(stream, forKey: .stream)
        if let text = String(validating: bytes, as: UTF8.self) {
            try container.encode(text, forKey: .text)
        } else {
            try container.encode(Data(bytes), forKey: .base64)
        }
        try container.encode(dropped, forKey: .dropped)
        try container.encode(attempt, forKey: .attempt)
    }
}

/// Output from a place on.
public struct OutputPage: Sendable, Hashable, Codable {
    /// The pieces in the order in which they were written.
    public var parts: [OutputPiece]
    /// What to pass for the next page.
    public var next: Cursor
    /// Whether the task ended and nothing follows.
    public var done: Bool
    /// How the task stands.
    public var state: TaskState
    /// Whose output it is.
    public var attempt: Int
}
