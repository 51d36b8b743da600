import Crypto

/// A key, ready to check signatures with.
struct KeyEntry: Sendable {
    /// What the key may do. An empty list means all.
    struct Scope: Sendable, Hashable {
        var apps: Set<String>
        var functions: Set<String>
        /// Selectors, ips, names, in the order of the key; an agent that any of them hits is in scope.
        var agents: [String]
        /// Whether it may change apps, bindings and keys.
        var admin: Bool

        /// Creates a scope; without arguments it may call everything and change nothing.
        init(
            apps: Set<String> = [], functions: Set<String> = [], agents: [String] = [], admin: Bool = false
        ) {
            self.apps = apps
            self.functions = functions
            self.agents = agents
            self.admin = admin
        }

        /// Whether a key of this scope may hand out the other scope: nobody gives more than they have.
        func covers(_ other: Scope) -> Bool {
            func within(_ theirs: Set<String>, _ ours: Set<String>) -> Bool {
                ours.isEmpty || (!theirs.isEmpty && theirs.isSubset(of: ours))
            }
            return within(other.apps, apps) && within(other.functions, functions)
                && within(Set(other.agents), Set(agents)) && (admin || !other.admin)
        }
    }

    let id: String
    let scope: Scope
    /// Whether MD5 signatures are accepted beside HMAC-SHA256.
    let legacyMD5: Bool
    let requireNonce: Bool
    /// SHA-256 of the bearer token.
    let tokenDigest: [UInt8]
    let secret: String
    /// HMAC state that already took the key in; copied for each signature.
    let mac: HMAC<SHA256>

    /// Creates an entry from a key's record.
    init(
        id: String, scope: Scope, legacyMD5: Bool, requireNonce: Bool, secret: String, tokenDigest: [UInt8]
    ) {
        self.id = id
        self.scope = scope
        self.legacyMD5 = legacyMD5
        self.requireNonce = requireNonce
        self.tokenDigest = tokenDigest
        self.secret = secret
        mac = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.utf8)))
    }

    /// Whether `signature` is the HMAC-SHA256 of `text` under this key, in constant time.
    func signs(_ text: String, as signature: [UInt8]) -> Bool {
        var mac = mac
        mac.update(data: Array(text.utf8))
        return ConstantTime.equal(Array(mac.finalize()), signature)
    }

    /// Whether `signature` is the MD5 of `text`, which has this key's secret at its end, in constant time.
    func signsMD5(_ text: String, as signature: [UInt8]) -> Bool {
        ConstantTime.equal(Array(Insecure.MD5.hash(data: Array(text.utf8))), signature)
    }
}
