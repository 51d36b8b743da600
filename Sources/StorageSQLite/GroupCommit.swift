internal import Dispatch
internal import ElvesCore
package import GRDB
internal import Synchronization

/// Joins the transactions of concurrent callers into one commit.
///
/// The first caller starts a commit at once. Who comes while that commit is being written waits
/// for it and then shares the next one with everyone else who came meanwhile. Each transaction
/// keeps its own fate: one that throws is rolled back alone, by a savepoint.
package final class GroupCommit: Sendable {
    /// Transactions handed in, and the commits that carried them.
    package struct Counts: Sendable, Hashable {
        /// Transactions that ended, well or badly.
        package var transactions = 0
        /// Commits tried.
        package var commits = 0
        /// Callers that wait for the next commit now.
        package var waiting = 0
    }

    /// A caller's transaction.
    private struct Job: Sendable {
        let durability: Durability
        /// Runs the body; what it returns tells the caller, once the commit is known to be good.
        let run: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var busy = false
        var counts = Counts()
        /// What the writing connection is set to; it opens as `synced`.
        var durability = Durability.synced
    }

    /// Transactions in one commit at most, so that the first of them is not kept waiting by the last.
    private static let largestGroup = 1_024

    private let pool: DatabasePool
    private let path: String
    private let maxWaiting: Int
    private let state = Mutex(State())

    init(pool: DatabasePool, path: String, maxWaiting: Int) {
        self.pool = pool
        self.path = path
        self.maxWaiting = maxWaiting
    }

    /// What happened so far.
    package var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.waiting = state.waiting.count
            return counts
        }
    }

    /// Runs `body` as a transaction of its own and returns after the commit that carries it.
    package func write<T: Sendable>(
        _ durability: Durability, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            submit(
                Job(
                    durability: durability,
                    run: { db in
                        let value = try body(db)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    private func submit(_ job: Job) {
        enum Turn { case start, wait, refuse }
        let turn = state.withLock { state -> Turn in
            guard state.waiting.count < maxWaiting else { return .refuse }
            state.waiting.append(job)
            guard !state.busy else { return .wait }
            state.busy = true
            return .start
        }
        switch turn {
        case .start: schedule()
        case .wait: break
        case .refuse:
            job.fail(
                ElvesError(
                    .elvesOverloaded, "\(maxWaiting) writers wait for \(path) already",
                    hint: "try again in a moment; if it lasts, the disk is too slow for this load"))
        }
    }

    private func schedule() {
        pool.asyncWriteWithoutTransaction { db in self.turn(db) }
    }

    /// One commit on the writing connection's queue, then the next if someone came meanwhile.
    private func turn(_ db: Database) {
        let group = state.withLock { state in
            let group = Array(state.waiting.prefix(Self.largestGroup))
            state.waiting.removeFirst(group.count)
            return group
        }
        let tell = commit(group, db)
        let more = state.withLock { state in
            state.counts.transactions += group.count
            state.counts.commits += 1
            state.busy = !state.waiting.isEmpty
            return state.busy
        }
        if more { schedule() }
        for word in tell { word() }
    }

    /// Carries the group to disk and returns what each caller is to be told.
    private func commit(_ group: [Job], _ db: Database) -> [@Sendable () -> Void] {
        var good: [(job: Job, tell: @Sendable () -> Void)] = []
        var bad: [@Sendable () -> Void] = []
        do {
            try prepare(db, for: group)
            try db.inTransaction(.immediate) {
                for job in group {
                    do {
                        good.append((job, try runAlone(job, db)))
                    } catch {
                        bad.append { [path] in job.fail(StorageError.translate(error, path: path)) }
                        // SQLite itself rolls everything back when, for example, the disk is full.
                        guard db.isInsideTransaction else { throw error }
                    }
                }
                return .commit
            }
            return good.map(\.tell) + bad
        } catch {
            let told = StorageError.translate(error, path: path)
            let untold = group.dropFirst(good.count + bad.count)
            return bad + (good.map(\.job) + untold).map { job in { job.fail(told) } }
        }
    }

    /// Runs the job's body so that its failure undoes nothing of its neighbours.
    private func runAlone(_ job: Job, _ db: Database) throws -> @Sendable () -> Void {
        var tell: @Sendable () -> Void = {}
        try db.inSavepoint {
            tell = try job.run(db)
            return .commit
        }
        return tell
    }

    /// Sets the connection to the strictest wish of the group.
    private func prepare(_ db: Database, for group: [Job]) throws {
        let wanted: Durability = group.contains { $0.durability == .synced } ? .synced : .buffered
        guard state.withLock({ $0.durability }) != wanted else { return }
        try wanted.apply(to: db)
        state.withLock { $0.durability = wanted }
    }
}
