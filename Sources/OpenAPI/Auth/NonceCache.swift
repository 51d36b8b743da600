import Synchronization

/// Remembers which nonces a key has used for as long as their signatures could be used again.
///
/// A signature is good for 180 s before and after its timestamp, so a nonce is kept for at least 360 s from
/// its arrival. Two sets per key take turns: when the current one has been filled for that long it becomes the
/// previous one. What is kept is a keyed 64-bit hash, so that memory is bounded whatever callers send.
final class NonceCache: Sendable {
    /// What became of a nonce.
    enum Answer: Equatable {
        /// Not seen before; it is now.
        case new
        /// Seen within the window.
        case repeated
        /// The key used more nonces in the window than are remembered; nothing can be said.
        case full
    }

    private struct Generations {
        var current: Set<Int> = []
        var previous: Set<Int> = []
        /// Ticks at which `current` was begun.
        var begun: Int64
    }

    /// Milliseconds that a nonce is remembered at least.
    static let window: Int64 = 361_000
    private let perKey: Int
    private let generations = Mutex<[String: Generations]>([:])

    /// - Parameter perKey: nonces remembered for one key in one window, at most.
    init(perKey: Int = 1_000_000) {
        self.perKey = perKey
    }

    /// Notes that the key used this nonce, at `ticks` milliseconds.
    func use(_ nonce: String, of key: String, at ticks: Int64) -> Answer {
        let hash = nonce.hashValue
        return generations.withLock { all in
            var own = all[key] ?? Generations(begun: ticks)
            all[key] = nil
            defer { all[key] = own }
            if ticks - own.begun >= Self.window {
                own.previous = ticks - own.begun >= 2 * Self.window ? [] : own.current
                own.current = []
                own.begun = ticks
            }
            if own.current.contains(hash) || own.previous.contains(hash) { return .repeated }
            guard own.current.count < perKey else { return .full }
            own.current.insert(hash)
            return .new
        }
    }

    /// Forgets the nonces of keys that were revoked: nothing is signed with them any more.
    func forget(_ keys: [String]) {
        guard !keys.isEmpty else { return }
        generations.withLock { all in
            for key in keys { all[key] = nil }
        }
    }

    /// Whether anything is remembered of the key.
    func remembers(_ key: String) -> Bool { generations.withLock { $0[key] != nil } }
}
