import ElvesCore
import Synchronization

/// The tasks in memory, by id. In shards, so that callers on several cores seldom meet.
final class LiveTasks: Sendable {
    private final class Shard: Sendable {
        let tasks = Mutex<[ElvesID: LiveTask]>([:])
    }

    private static let shardCount: Int64 = 16
    private let shards = (0..<shardCount).map { _ in Shard() }

    private func shard(_ id: ElvesID) -> Shard {
        // The sequence is in the low bits, the milliseconds from bit 22 on.
        shards[Int((id.rawValue ^ id.rawValue >> 22) & (Self.shardCount - 1))]
    }

    subscript(id: ElvesID) -> LiveTask? {
        shard(id).tasks.withLock { $0[id] }
    }

    func insert(_ task: LiveTask) {
        shard(task.id).tasks.withLock { $0[task.id] = task }
    }

    /// The task of this id that is there, or this one, which is there from now on.
    func insertIfAbsent(_ task: LiveTask) -> LiveTask {
        shard(task.id).tasks.withLock { tasks in
            if let there = tasks[task.id] { return there }
            tasks[task.id] = task
            return task
        }
    }

    func remove(_ id: ElvesID) {
        shard(id).tasks.withLock { _ = $0.removeValue(forKey: id) }
    }

    var count: Int { shards.reduce(0) { $0 + $1.tasks.withLock(\.count) } }

    /// Those that meet a condition, which must not take long.
    func filter(_ condition: (LiveTask) -> Bool) -> [LiveTask] {
        var found: [LiveTask] = []
        for shard in shards {
            shard.tasks.withLock { tasks in
                for task in tasks.values where condition(task) { found.append(task) }
            }
        }
        return found
    }
}
