import ElvesCore
import Synchronization

/// The batches in memory, by id.
final class LiveBatches: Sendable {
    private let batches = Mutex<[ElvesID: LiveBatch]>([:])

    subscript(id: ElvesID) -> LiveBatch? {
        batches.withLock { $0[id] }
    }

    func insert(_ batch: LiveBatch) {
        batches.withLock { $0[batch.id] = batch }
    }

    func remove(_ id: ElvesID) {
        batches.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Whether one of them has the task in its plan.
    func plan(_ task: ElvesID) -> Bool {
        all.contains { $0.plans(task) }
    }

    /// The record of a planned task that has not begun, or never did.
    func plannedRecord(_ task: ElvesID) -> Execution? {
        all.lazy.compactMap { $0.plannedRecord(task) }.first
    }

    /// Targets of all of them.
    var targetCount: Int { batches.withLock { $0.values.reduce(0) { $0 + $1.tasks.count } } }

    var all: [LiveBatch] { batches.withLock { Array($0.values) } }
}
