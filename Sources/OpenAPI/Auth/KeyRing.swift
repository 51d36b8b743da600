import Crypto
import Synchronization

/// The keys that this edge knows, by id and by token.
struct KeySnapshot: Sendable {
    private var byID: [String: KeyEntry] = [:]
    private var byToken: [[UInt8]: KeyEntry] = [:]
    private var revoked: Set<String> = []
    /// The supervisor's generation that this is as of.
    private(set) var generation: Int64 = 0

    /// The key of that id, unless it was revoked.
    func key(id: String) -> KeyEntry? { byID[id] }

    /// The key that the token belongs to, unless it was revoked.
    func key(token: String) -> KeyEntry? {
        byToken[Array(SHA256.hash(data: Array(token.utf8)))]
    }

    /// Whether that id is of a key that was revoked.
    func isRevoked(_ id: String) -> Bool { revoked.contains(id) }

    /// Takes in what changed; ids in `gone` were revoked.
    mutating func apply(_ entries: [KeyEntry], gone: [String], complete: Bool, generation: Int64) {
        if complete { self = KeySnapshot() }
        for id in gone { remove(id) }
        revoked.formUnion(gone)
        for entry in entries {
            remove(entry.id)
            byID[entry.id] = entry
            if !entry.tokenDigest.isEmpty { byToken[entry.tokenDigest] = entry }
        }
        self.generation = generation
    }

    private mutating func remove(_ id: String) {
        guard let old = byID.removeValue(forKey: id) else { return }
        byToken[old.tokenDigest] = nil
    }
}

/// Keeps the keys of the supervisor, as fresh as its last answer.
///
/// Cut off from the supervisor the ring serves its copy for ten minutes and then refuses: a key that was
/// revoked meanwhile must not live on for ever. A ring with a configured key has that one only, and for ever.
final class KeyRing: Sendable {
    /// Milliseconds that a copy is good for without word from the supervisor.
    static let patience: Int64 = 600_000

    private struct State {
        var snapshot = KeySnapshot()
        /// Ticks of the supervisor's last answer; nil before the first.
        var heardAt: Int64?
    }

    private let state = Mutex(State())
    private let clock: EdgeClock
    private let isConfigured: Bool

    /// A ring that refuses until it is filled, or one of the configured key.
    init(clock: EdgeClock, configured: ConfiguredKey? = nil) {
        self.clock = clock
        isConfigured = configured != nil
        guard let configured else { return }
        state.withLock { $0.snapshot.apply([configured.entry], gone: [], complete: true, generation: 0) }
    }

    /// Whether the keys were ever loaded and are not too old.
    var isFresh: Bool { current != nil }

    /// The keys, or nil when they were never loaded or are too old to be trusted.
    var current: KeySnapshot? {
        if isConfigured { return state.withLock { $0.snapshot } }
        let now = clock.ticks()
        return state.withLock { state in
            guard let heardAt = state.heardAt, now - heardAt < Self.patience else { return nil }
            return state.snapshot
        }
    }

    /// The generation to ask for changes after.
    var generation: Int64 { state.withLock { $0.snapshot.generation } }

    /// Takes in an answer of the supervisor, which may hold nothing new.
    func apply(_ entries: [KeyEntry], gone: [String], complete: Bool, generation: Int64) {
        let now = clock.ticks()
        state.withLock { state in
            state.heardAt = now
            guard complete || !entries.isEmpty || !gone.isEmpty || generation != state.snapshot.generation else {
                return
            }
            state.snapshot.apply(entries, gone: gone, complete: complete, generation: generation)
        }
    }
}
