/// New attempts after one that ended badly.
public struct Retries: Sendable, Hashable, Codable {
    /// Attempts in all, the first among them: 1 to 100.
    public var attempts: Int
    /// Seconds before the second; doubles from attempt to attempt, with jitter.
    public var firstDelay: Double?
    /// Seconds that a delay has at most.
    public var longestDelay: Double?

    enum CodingKeys: String, CodingKey {
        case attempts
        case firstDelay = "first_delay"
        case longestDelay = "longest_delay"
    }

    /// A rule; delays that are not given are the center's: from 1 s to 60 s.
    public init(attempts: Int, firstDelay: Double? = nil, longestDelay: Double? = nil) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }
}

/// A file that goes with a call: a content that the center has, under a name.
public struct CallFile: Sendable, Hashable, Codable {
    /// The name beside the worker, without `/`.
    public var name: String
    /// The SHA-256 of its content, 64 hex digits.
    public var digest: String
    /// Permission bits in octal, such as `0755`; absent: `0644`.
    public var mode: String?

    /// A file for a call.
    public init(name: String, digest: String, mode: String? = nil) {
        self.name = name
        self.digest = digest
        self.mode = mode
    }
}

/// A file that went with a task, or that its worker returned.
public struct TaskFile: Sendable, Hashable, Codable {
    /// Its name, without `/`.
    public var name: String
    /// The SHA-256 of its content, 64 hex digits.
    public var digest: String
    /// Bytes.
    public var size: Int
    /// Permission bits in octal.
    public var mode: String
}

/// A content that the center has.
public struct Blob: Sendable, Hashable, Codable {
    /// Its SHA-256, 64 hex digits.
    public var digest: String
    /// Bytes.
    public var size: Int
}
