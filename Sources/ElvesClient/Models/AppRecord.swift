public import Foundation

/// An app.
public struct AppRecord: Sendable, Hashable, Codable {
    /// Agents that an app is bound to.
    public struct Binding: Sendable, Hashable, Codable {
        /// Selector, ips or names.
        public var targets: String
        /// When it was bound.
        public var createdAt: Date?

        enum CodingKeys: String, CodingKey {
            case targets
            case createdAt = "created_at"
        }
    }

    /// A function of the live version.
    public struct Function: Sendable, Hashable, Codable {
        /// Its name.
        public var name: String
        /// One line for people.
        public var summary: String?
        /// Milliseconds a call may run.
        public var timeoutMilliseconds: Int?
        /// Whether a second attempt is harmless.
        public var idempotent: Bool?

        enum CodingKeys: String, CodingKey {
            case name, summary, idempotent
            case timeoutMilliseconds = "timeout_ms"
        }
    }

    /// The app's name.
    public var app: String
    /// One line for people.
    public var summary: String
    /// The version that agents should run; absent or empty before the first activate.
    public var liveVersion: String?
    /// Every pushed version.
    public var versions: [String]
    /// Where it should run.
    public var bindings: [Binding]
    /// When it last changed.
    public var updatedAt: Date?
    /// The live version's functions, where the answer is about one app.
    public var functions: [Function]?

    enum CodingKeys: String, CodingKey {
        case app, summary, versions, bindings, functions
        case liveVersion = "live_version"
        case updatedAt = "updated_at"
    }
}

/// What a push stored.
public struct PushResult: Sendable, Hashable, Codable {
    /// The app.
    public var app: String
    /// The version that was stored.
    public var version: String
    /// SHA-256 of the stored tree, in hex.
    public var digest: String
    /// Files in the tree.
    public var files: Int
    /// Whether the push also made it live: true for an app's first version.
    public var activated: Bool
}
