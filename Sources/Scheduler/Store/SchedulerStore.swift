package import ElvesCore

/// What makes two requests one: a key of the caller's choice.
package struct IdempotencyClaim: Sendable, Hashable {
    package let caller: String
    package let key: String
    /// Digest of the request: the same key with another request is a mistake.
    package let fingerprint: [UInt8]

    /// Creates a claim.
    package init(caller: String, key: String, fingerprint: [UInt8]) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// What became of a claim.
package enum ClaimResult: Sendable, Hashable {
    /// The key was free, and what was handed in is recorded.
    case new
    /// The key was taken; nothing was recorded.
    case taken(by: ElvesID, fingerprint: [UInt8])
}

/// The end of what a batch's stored tasks say.
package struct BatchProgress: Sendable, Hashable {
    /// Stored tasks by state.
    package var states: [TaskState: Int]
    /// The largest place among the stored ends.
    package var lastPlace: Int64

    /// Creates a progress.
    package init(states: [TaskState: Int] = [:], lastPlace: Int64 = 0) {
        self.states = states
        self.lastPlace = lastPlace
    }
}

/// What a step of a retention run may delete.
package struct RetentionBounds: Sendable, Hashable {
    /// Records that ended before it, UTC milliseconds, go.
    package var before: Int64
    /// Ended records beyond this many go, oldest first.
    package var keep: Int
    /// While the store takes more bytes than this, ended records go, oldest first.
    package var bytes: Int64
    /// Deleted in one step, at most.
    package var step: Int

    /// Creates bounds.
    package init(before: Int64, keep: Int, bytes: Int64 = .max, step: Int) {
        self.before = before
        self.keep = keep
        self.bytes = bytes
        self.step = step
    }
}

/// What a write survives once it has returned.
package enum RecordDurability: Sendable, Hashable {
    /// A crash of the process, but perhaps not of the machine.
    case buffered
    /// Also a power loss.
    case synced
}

/// Where the scheduler keeps records, batches and idempotency keys.
///
/// Each call is one transaction. A call that throws has changed nothing.
package protocol SchedulerStore: HistoryStore, EventStore {
    /// Records a task durably, unless its idempotency key is taken.
    func create(_ execution: Execution, claim: IdempotencyClaim?) async throws -> ClaimResult
    /// Records a batch and its plan, durably, unless the key is taken.
    func create(_ batch: Batch, tasks: [PlannedTask], claim: IdempotencyClaim?) async throws -> ClaimResult
    /// Writes records over older ones of the same id. Nothing follows an end, but a definite one `unknown`: what
    /// would is left out, so that each end is recorded once.
    func write(_ executions: [Execution], batches: [Batch], _ durability: RecordDurability) async throws

    /// The task's record.
    func execution(_ id: ElvesID) async throws -> Execution?
    /// The records of those of `ids` that are there, in no order.
    func executions(_ ids: [ElvesID]) async throws -> [Execution]
    /// The batch's record.
    func batch(_ id: ElvesID) async throws -> Batch?
    /// A batch's ended tasks whose place is above `after`, by place.
    func batchEnds(_ id: ElvesID, after: Int64, limit: Int) async throws -> [Execution]

    /// Tasks that have not ended, by id.
    func unfinished(limit: Int) async throws -> [Execution]
    /// Batches with ids below `before`, newest first, without their params. `app`: of this one; empty: of all.
    func batches(of app: String, before: ElvesID?, limit: Int) async throws -> [Batch]
    /// Batches that have not ended, by id.
    func unfinishedBatches(limit: Int) async throws -> [Batch]
    /// Planned tasks of a batch that have no record, by id.
    func unrecorded(of batch: ElvesID, limit: Int) async throws -> [PlannedTask]
    /// What the stored tasks of a batch say together.
    func progress(of batch: ElvesID) async throws -> BatchProgress

    /// The largest id in use.
    func lastID() async throws -> ElvesID?
    /// One step of a retention run; answers how many tasks and batches it deleted. The tasks of a batch that has not
    /// ended stay: what has no record would be begun again.
    func retain(_ bounds: RetentionBounds) async throws -> Int
}
