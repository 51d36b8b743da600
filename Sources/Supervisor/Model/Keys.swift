/// What a key may do; an empty list means all.
package struct KeyScope: Hashable, Sendable, Codable {
    /// Names of apps.
    package var apps: [String]
    /// Names of functions.
    package var functions: [String]
    /// Target expressions; an agent that any of them hits is in scope.
    package var agents: [String]
    /// Whether it may change apps, bindings and keys.
    package var admin: Bool

    /// A scope; by default everything but administration.
    package init(apps: [String] = [], functions: [String] = [], agents: [String] = [], admin: Bool = false) {
        self.apps = apps
        self.functions = functions
        self.agents = agents
        self.admin = admin
    }

    /// Entries of all lists.
    var count: Int { apps.count + functions.count + agents.count }
}

/// What is asked of a new key.
package struct KeyDraft: Hashable, Sendable {
    /// A line for people.
    package var comment: String
    /// What it may do.
    package var scope: KeyScope
    /// Whether MD5 signatures are accepted beside HMAC-SHA256.
    package var legacyMD5: Bool
    /// Whether a signed call must carry a nonce.
    package var requireNonce: Bool

    /// A wish.
    package init(
        comment: String = "", scope: KeyScope = KeyScope(), legacyMD5: Bool = false, requireNonce: Bool = false
    ) {
        self.comment = comment
        self.scope = scope
        self.legacyMD5 = legacyMD5
        self.requireNonce = requireNonce
    }
}

/// A key as it is stored: its secret sealed, its token not at all.
package struct KeyRecord: Hashable, Sendable {
    /// The `auth_id`.
    package var id: String
    /// What it is and may.
    package var draft: KeyDraft
    /// UTC milliseconds.
    package var createdAt: Int64
    /// Whether it is good for nothing any more.
    package var revoked: Bool
    /// The secret, sealed under the master key for this id.
    package var sealedSecret: [UInt8]
    /// SHA-256 of the bearer token, 32 bytes.
    package var tokenDigest: [UInt8]
    /// The keys' generation at the last change.
    package var generation: Int64

    /// A key with everything said.
    package init(
        id: String, draft: KeyDraft, createdAt: Int64, revoked: Bool = false, sealedSecret: [UInt8],
        tokenDigest: [UInt8], generation: Int64 = 0
    ) {
        self.id = id
        self.draft = draft
        self.createdAt = createdAt
        self.revoked = revoked
        self.sealedSecret = sealedSecret
        self.tokenDigest = tokenDigest
        self.generation = generation
    }
}

/// A key with its secret in the open, as openapi needs it to check signatures.
package struct OpenKey: Hashable, Sendable {
    /// The stored key.
    package var record: KeyRecord
    /// The HMAC and MD5 secret; empty for a revoked key.
    package var secret: String
}

/// A new key; secret and token are shown this once.
package struct IssuedKey: Hashable, Sendable {
    /// The stored key.
    package var record: KeyRecord
    /// The HMAC and MD5 secret.
    package var secret: String
    /// The bearer token.
    package var token: String
}
