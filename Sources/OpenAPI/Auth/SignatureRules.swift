import ElvesCore

/// What v2 and v3 signatures have in common: the clock window, the key's state and its nonces.
struct SignatureRules: Sendable {
    /// Milliseconds between the caller's clock and ours from which on a call is refused.
    static let window: Int64 = 180_000

    let keys: KeyRing
    let nonces: NonceCache
    let clock: EdgeClock

    /// Refuses a timestamp, in Unix seconds, that is no number or outside the window.
    func checkTime(_ text: String) throws(ElvesError) {
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
    func useNonce(_ nonce: String?, of key: KeyEntry) throws(ElvesError) {
        guard let nonce, !nonce.isEmpty else {
            guard !key.requireNonce else { throw ElvesError(.openapiAuthNonceMissing) }
            return
        }
        switch nonces.use(nonce, of: key.id, at: clock.ticks()) {
        case .new: return
        case .repeated: throw ElvesError(.openapiAuthNonceRepeated, "this nonce was used before")
        case .full: throw ElvesError(.openapiRate, "this key used more nonces in six minutes than are remembered")
        }
    }
}
