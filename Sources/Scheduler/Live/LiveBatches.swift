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
        batches.withLock { $0.values.contains { $0.plans(task) } }
    }

    var all: [LiveBatch] { batches.withLock { Array($0.values) } }
}
