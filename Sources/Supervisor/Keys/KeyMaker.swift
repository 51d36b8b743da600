internal import Crypto
internal import ElvesCore

/// Makes keys: random id, secret and token, of which only what is needed is kept.
struct KeyMaker {
    let master: MasterKey

    /// A new key, its secret sealed, of its token only the digest.
    func make(_ draft: KeyDraft, at time: Int64) throws -> IssuedKey {
        try check(draft)
        let id = Hex.encode(Self.random(8))
        let secret = Hex.encode(Self.random(32))
        let token = "elves_" + Hex.encode(Self.random(32))
        let record = KeyRecord(
            id: id, draft: draft, createdAt: time, sealedSecret: try master.seal(secret, for: id),
            tokenDigest: Self.digest(of: token))
        return IssuedKey(record: record, secret: secret, token: token)
    }

    /// The key with its secret in the open; a revoked key's stays sealed.
    func open(_ record: KeyRecord) throws -> OpenKey {
        OpenKey(record: record, secret: record.revoked ? "" : try master.open(record.sealedSecret, for: record.id))
    }

    private func check(_ draft: KeyDraft) throws {
        let comment = draft.comment
        guard comment.utf8.count <= 200, !comment.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw ElvesError(
                .supervisorKeyScope, "the comment is not one line of at most 200 bytes", hint: "shorten it")
        }
        let scope = draft.scope
        guard scope.count <= 1_000 else {
            throw ElvesError(
                .supervisorKeyScope, "the scope has more than 1,000 entries", hint: "use selectors, or several keys")
        }
        for name in scope.apps + scope.functions where name.isEmpty || name.utf8.count > 64 || name.contains(",") {
            throw ElvesError(
                .supervisorKeyScope, "\"\(name)\" is no name of an app or a function",
                hint: "give one name an entry; leave the list empty for all")
        }
        for targets in scope.agents {
            guard targets.utf8.count <= 4_096 else {
                throw ElvesError(.supervisorKeyScope, "a target of the scope has more than 4,096 bytes")
            }
            _ = try TargetExpression(parsing: targets)
        }
    }

    /// What is kept of a token.
    static func digest(of token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }

    private static func random(_ count: Int) -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
    }
}
