import ElvesContracts
import ElvesCore
import Logging

/// Follows changes by long polls, for as long as it runs; after a failure it waits longer each time.
struct ChangeFeed: Sendable {
    /// Milliseconds that one poll lasts at most without news.
    static let pollMs: Int64 = 10_000

    let name: String
    let clock: EdgeClock
    let logger: Logger
    /// Asks once, for at most so many milliseconds, and takes in the answer.
    let poll: @Sendable (_ waitMs: Int64) async throws -> Void

    /// Returns only when the task is cancelled.
    func run() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await poll(failures == 0 ? Self.pollMs : 0)
                if failures > 0 { logger.notice("changes arrive again", metadata: ["feed": "\(name)"]) }
                failures = 0
            } catch is CancellationError {
                return
            } catch {
                if failures == 0 {
                    logger.warning("changes do not arrive", metadata: ["feed": "\(name)", "error": "\(error)"])
                }
                failures += 1
                let most = min(5000, 50 << min(failures, 8))
                guard (try? await clock.sleep(.milliseconds(Int.random(in: 25...most)))) != nil else { return }
            }
        }
    }
}

extension ChangeFeed {
    /// Keeps a key ring, and drops the nonces of keys that are revoked.
    static func keys(
        _ ring: KeyRing, nonces: NonceCache, from supervisor: any SupervisorPort, clock: EdgeClock, logger: Logger
    ) -> Self {
        ChangeFeed(name: "keys", clock: clock, logger: logger) { waitMs in
            let after = ring.generation
            let call = PortCall(timeout: .seconds(5)).waiting(waitMs)
            let changes = try await supervisor.keyChanges(after: after, waitMs: waitMs, call)
            if changes.generation < after, !changes.complete {
                ring.apply(try await supervisor.keyChanges(after: 0, waitMs: 0, call))
            } else {
                ring.apply(changes)
                nonces.forget(changes.keys.filter(\.info.revoked).map(\.info.id))
            }
        }
    }

    /// Keeps a catalog.
    static func catalog(
        _ catalog: Catalog, from supervisor: any SupervisorPort, clock: EdgeClock, logger: Logger
    ) -> Self {
        ChangeFeed(name: "catalog", clock: clock, logger: logger) { waitMs in
            let after = catalog.generation
            let call = PortCall(timeout: .seconds(5)).waiting(waitMs)
            let changes = try await supervisor.catalogChanges(after: after, waitMs: waitMs, call)
            if changes.generation < after, !changes.complete {
                catalog.apply(try await supervisor.catalogChanges(after: 0, waitMs: 0, call))
            } else {
                catalog.apply(changes)
            }
        }
    }
}

extension KeyRing {
    /// Takes in an answer of the supervisor.
    func apply(_ changes: KeyChanges) {
        apply(
            changes.keys.filter { !$0.info.revoked }.map(KeyEntry.init(_:)),
            gone: changes.keys.filter(\.info.revoked).map(\.info.id),
            complete: changes.complete, generation: changes.generation)
    }
}

extension KeyEntry {
    /// The key of a supervisor's record.
    init(_ record: KeyRecord) {
        self.init(
            id: record.info.id, scope: Scope(record.info.scope), legacyMD5: record.info.legacyMd5,
            requireNonce: record.info.requireNonce, secret: record.secret, tokenDigest: record.tokenDigest)
    }
}

extension KeyEntry.Scope {
    /// The scope of a supervisor's record.
    init(_ scope: KeyScope) {
        self.init(apps: Set(scope.apps), functions: Set(scope.functions), agents: scope.agents, admin: scope.admin)
    }
}
