public import Foundation

/// What a new key may do.
///
/// An empty list means all.
public struct KeyRequest: Sendable, Hashable, Codable {
    /// What it is for.
    public var comment: String
    /// Apps it may call.
    public var apps: [String]
    /// Functions it may call.
    public var functions: [String]
    /// Selectors, ips and names of agents it may reach.
    public var agents: [String]
    /// Whether it may change apps, bindings and keys.
    public var admin: Bool
    /// Whether ELVES 2.0's MD5 signatures are accepted.
    public var legacyMD5: Bool
    /// Whether a signed call must carry a nonce.
    public var requireNonce: Bool

    enum CodingKeys: String, CodingKey {
        case comment, apps, functions, agents, admin
        case legacyMD5 = "legacy_md5"
        case requireNonce = "require_nonce"
    }

    /// A request for a key.
    public init(
        comment: String = "", apps: [String] = [], functions: [String] = [], agents: [String] = [],
        admin: Bool = false, legacyMD5: Bool = false, requireNonce: Bool = false
    ) {
        self.comment = comment
        self.apps = apps
        self.functions = functions
        self.agents = agents
        self.admin = admin
        self.legacyMD5 = legacyMD5
        self.requireNonce = requireNonce
    }
}

/// A key without its secret.
public struct KeyRecord: Sendable, Hashable, Codable {
    /// The key's id, `auth_id` of a signature.
    public var id: String
    /// What it is for.
    public var comment: String
    /// Apps it may call; empty is all.
    public var apps: [String]
    /// Functions it may call; empty is all.
    public var functions: [String]
    /// Agents it may reach; empty is all.
    public var agents: [String]
    /// Whether it may change apps, bindings and keys.
    public var admin: Bool
    /// Whether ELVES 2.0's MD5 signatures are accepted.
    public var legacyMD5: Bool
    /// Whether a signed call must carry a nonce.
    public var requireNonce: Bool
    /// When it was made.
    public var createdAt: Date?
    /// Whether it is of no more use.
    public var revoked: Bool
    /// The signing secret; only in the answer that creates the key.
    public var secret: String?
    /// The bearer token; only in the answer that creates the key.
    public var token: String?

    enum CodingKeys: String, CodingKey {
        case id, comment, apps, functions, agents, admin, revoked, secret, token
        case legacyMD5 = "legacy_md5"
        case requireNonce = "require_nonce"
        case createdAt = "created_at"
    }
}

/// A center component's account of itself.
public struct ComponentRecord: Sendable, Hashable, Codable {
    /// The role, such as `scheduler`.
    public var role: String
    /// Unique among those of the role.
    public var instance: String
    /// The program's version.
    public var version: String
    /// Milliseconds since its start.
    public var uptimeMilliseconds: Int
    /// Whether it does its work.
    public var ready: Bool
    /// Why it is not ready; empty otherwise.
    public var reason: String
    /// Counters and gauges by name.
    public var numbers: [String: Int]

    enum CodingKeys: String, CodingKey {
        case role, instance, version, ready, reason, numbers
        case uptimeMilliseconds = "uptime_ms"
    }
}
