internal import Dispatch
internal import ElvesCore
internal import Glibc
internal import Synchronization

/// Where journals block: one thread syncs for everyone who waits, one rewrites and reads.
///
/// Many journals may share one. The threads are there while there is work.
package final class JournalDisk: Sendable {
    private struct Waiter {
        var file: OpenFile
        var done: CheckedContinuation<Int32, Never>
    }

    private struct Queue {
        var waiters: [Waiter] = []
        var isRunning = false
    }

    private let syncing = DispatchQueue(label: "elves.journal.sync")
    private let working = DispatchQueue(label: "elves.journal.work")
    private let queue = Mutex(Queue())
    /// Syncs one file; answers with 0 or an errno.
    private let syncFile: @Sendable (Int32) -> Int32

    package convenience init() { self.init { fdatasync($0) == 0 ? 0 : errno } }

    /// `sync`: instead of the system's, in tests.
    init(sync: @escaping @Sendable (Int32) -> Int32) { syncFile = sync }

    /// Returns when everything that was written to the file before is on the disk: 0, or an errno.
    ///
    /// Who comes while a sync is under way shares the next one; who comes alone waits for nobody.
    func sync(_ file: OpenFile) async -> Int32 {
        await withCheckedContinuation { done in
            let mustStart = queue.withLock { queue in
                queue.waiters.append(Waiter(file: file, done: done))
                defer { queue.isRunning = true }
                return !queue.isRunning
            }
            if mustStart { syncing.async { self.drain() } }
        }
    }

    private func drain() {
        while true {
            let waiters = queue.withLock { queue in
                defer { queue.waiters.removeAll(keepingCapacity: queue.waiters.capacity <= 256) }
                if queue.waiters.isEmpty { queue.isRunning = false }
                return queue.waiters
            }
            if waiters.isEmpty { return }
            var outcomes: [Int32: Int32] = [:]
            for waiter in waiters where outcomes[waiter.file.descriptor] == nil {
                outcomes[waiter.file.descriptor] = syncFile(waiter.file.descriptor)
            }
            for waiter in waiters { waiter.done.resume(returning: outcomes[waiter.file.descriptor] ?? EIO) }
        }
    }

    /// Runs something that blocks, after what was asked for before.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { done in working.async { done.resume(returning: work()) } }
    }

    /// Runs something that blocks and that nobody waits for.
    func start(_ work: @escaping @Sendable () -> Void) { working.async(execute: work) }
}
