import ElvesCore

/// What v2 and v3 signatures have in common: the clock window, the key's state and its nonces.
///
/// Nonces are remembered in memory only. A call with a nonce that was signed before this process started may
/// have been answered by the process before it, so it is refused; one without a nonce may be repeated anyway.
/// What remains: a caller whose clock runs ahead of ours signs with times that are yet to come, and its calls
/// of that many seconds before a restart can be repeated once after it.
struct SignatureRules: Sendable {
    /// Milliseconds between the caller's clock and ours from which on a call is refused.
    static let window: Int64 = 180_000

    let keys: KeyRing
    let nonces: NonceCache
    let clock: EdgeClock
    /// UTC milliseconds, a whole second as timestamps are: the first that is not before the start.
    private let noncesFrom: Int64
    /// Ticks at the start.
    private let startedAt: Int64

    /// Rules that begin now.
    init(keys: KeyRing, nonces: NonceCache, clock: EdgeClock) {
        self.keys = keys
        self.nonces = nonces
        self.clock = clock
        noncesFrom = (clock.wall() + 999) / 1000 * 1000
        startedAt = clock.ticks()
    }

    /// Whether a call with a nonce that is signed now would be refused, as in the rest of the start's second.
    var areNoncesEarly: Bool { isFromBefore(clock.wall() / 1000 * 1000) }

    /// Once the window has passed since the start, it refuses what was signed before by itself; the clock may
    /// have been set back meanwhile.
    private func isFromBefore(_ signedAt: Int64) -> Bool {
        signedAt < noncesFrom && clock.ticks() - startedAt < Self.window
    }

    /// Refuses a timestamp, in Unix seconds, that is no number or outside the window; answers with it as UTC
    /// milliseconds.
    func checkTime(_ text: String) throws(ElvesError) -> Int64 {
        guard let seconds = Int64(text) else {
            throw ElvesError(.openapiAuthTimestamp, "timestamp \"\(text)\" is not Unix time in seconds")
        }
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (age, far) = clock.wall().subtractingReportingOverflow(milliseconds)
        guard !overflow, !far, age.magnitude < Self.window.magnitude else {
            throw ElvesError(
                .openapiAuthWindow, "timestamp \(seconds) is 180 s or more from the server's clock",
                details: ["server_time": String(clock.wall() / 1000)])
        }
        return milliseconds
    }

    /// The keys, unless they are too old to be trusted.
    func ring() throws(ElvesError) -> KeySnapshot {
        guard let ring = keys.current else { throw ElvesError(.openapiAuthKeysStale) }
        return ring
    }

    /// The key of that id.
    func key(_ id: String) throws(ElvesError) -> KeyEntry {
        let ring = try ring()
        if let key = ring.key(id: id) { return key }
        throw ring.isRevoked(id)
            ? ElvesError(.openapiAuthKeyRevoked, "key \"\(id)\" was revoked")
            : ElvesError(.openapiAuthKeyUnknown, "no key \"\(id)\"")
    }

    /// Uses up the nonce of a call whose signature is right.
    /// - Parameter signedAt: the call's timestamp, UTC milliseconds.
    func useNonce(_ nonce: String?, of key: KeyEntry, signedAt: Int64) throws(ElvesError) {
        guard let nonce, !nonce.isEmpty else {
            guard !key.requireNonce else { throw ElvesError(.openapiAuthNonceMissing) }
            return
        }
        guard !isFromBefore(signedAt) else {
            throw ElvesError(
                .openapiAuthNonceForgotten,
                "timestamp \(signedAt / 1000) is before \(noncesFrom / 1000), the start of this openapi, "
                    + "which remembers no earlier nonce",
                details: ["server_time": String(clock.wall() / 1000)])
        }
        switch nonces.use(nonce, of: key.id, at: clock.ticks()) {
        case .new: return
        case .repeated: throw ElvesError(.openapiAuthNonceRepeated, "this nonce was used before")
        case .full: throw ElvesError(.openapiRate, "this key used more nonces in six minutes than are remembered")
        }
    }
}
