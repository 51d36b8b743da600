import ElvesCore
import Logging
import Synchronization

/// Writes ended tasks to the store behind the callers' backs, in batches.
///
/// The store may be slow or fail: records then wait in memory up to a bound, and past it the oldest are
/// dropped, counted and reported. Callers never wait for it.
final class RecordWriter: Sendable {
    /// How the writing goes.
    struct Status: Sendable, Hashable {
        var written = 0
        var waiting = 0
        var waitingBytes = 0
        var dropped = 0
        /// Why the store does not take records; nil while it does.
        var failure: String?
    }

    fileprivate struct Entry {
        let task: LiveTask
        let weight: Int
    }

    fileprivate struct State {
        var entries: [Entry] = []
        /// Entries before this index have been taken.
        var head = 0
        var batches: [LiveBatch] = []
        var status = Status()
    }

    private let state = Mutex(State())
    private let store: any SchedulerStore
    private let live: LiveTasks
    private let liveBatches: LiveBatches
    private let limits: SchedulerLimits
    private let logger: Logger

    init(
        store: any SchedulerStore, live: LiveTasks, liveBatches: LiveBatches, limits: SchedulerLimits,
        logger: Logger
    ) {
        self.store = store
        self.live = live
        self.liveBatches = liveBatches
        self.limits = limits
        self.logger = logger
    }

    var status: Status { state.withLock { $0.status } }

    /// Takes a task that ended; called once for each.
    func add(_ task: LiveTask, weight: Int) {
        let dropped = state.withLock { state in
            state.entries.append(Entry(task: task, weight: weight))
            state.status.waiting += 1
            state.status.waitingBytes += weight
            return state.dropOverflow(limits)
        }
        for task in dropped { live.remove(task.id) }
    }

    /// Takes a batch all of whose tasks were added.
    func add(_ batch: LiveBatch) {
        state.withLock { $0.batches.append(batch) }
    }

    /// Writes up to one batch of records; answers whether more wait. Called by one loop only.
    func writeSome(running: [LiveTask] = []) async -> Bool {
        let (entries, batches) = state.withLock { $0.take(limits.writeBatch) }
        guard !entries.isEmpty || !batches.isEmpty || !running.isEmpty else { return false }
        let records = running.map(\.record).filter { !$0.state.isEnd } + entries.map(\.task.record)
        do {
            try await store.write(records, batches: batches.map(\.record), .buffered)
        } catch {
            failed(entries, batches, error)
            return false
        }
        for task in running { task.becameKnownToStore() }
        for entry in entries { live.remove(entry.task.id) }
        for batch in batches { liveBatches.remove(batch.id) }
        return succeeded(entries)
    }

    private func succeeded(_ entries: [Entry]) -> Bool {
        let (recovered, more) = state.withLock { state in
            let recovered = state.status.failure != nil
            state.status.failure = nil
            state.status.written += entries.count
            state.forget(entries)
            return (recovered ? state.status : nil, state.head < state.entries.count || !state.batches.isEmpty)
        }
        if let recovered {
            logger.notice(
                "the store takes records again",
                metadata: ["records.waiting": "\(recovered.waiting)", "records.dropped": "\(recovered.dropped)"])
        }
        return more
    }

    private func failed(_ entries: [Entry], _ batches: [LiveBatch], _ error: any Error) {
        let reason = ElvesError(wrapping: error).message
        let (isNew, status, dropped) = state.withLock { state in
            let isNew = state.status.failure != reason
            state.status.failure = reason
            state.entries = entries + state.entries[state.head...]
            state.head = 0
            state.batches = batches + state.batches
            let dropped = state.dropOverflow(limits)
            return (isNew, state.status, dropped)
        }
        for task in dropped { live.remove(task.id) }
        guard isNew else { return }
        logger.error(
            "records cannot be written; they wait in memory",
            metadata: [
                "error": "\(reason)", "records.waiting": "\(status.waiting)", "records.dropped": "\(status.dropped)",
            ])
    }
}

extension RecordWriter.State {
    fileprivate mutating func take(_ limit: Int) -> ([RecordWriter.Entry], [LiveBatch]) {
        let taken = Array(entries[head..<min(head + limit, entries.count)])
        head += taken.count
        if head == entries.count {
            entries.removeAll(keepingCapacity: head < 10_000)
            head = 0
        }
        // A batch's end is written with or after the last of its tasks.
        guard entries.isEmpty else { return (taken, []) }
        defer { batches = [] }
        return (taken, batches)
    }

    fileprivate mutating func forget(_ written: [RecordWriter.Entry]) {
        status.waiting -= written.count
        status.waitingBytes -= written.reduce(0) { $0 + $1.weight }
    }

    /// Drops the oldest entries that are over the bounds.
    fileprivate mutating func dropOverflow(_ limits: SchedulerLimits) -> [LiveTask] {
        var dropped: [LiveTask] = []
        while head < entries.count,
            status.waiting > limits.unwrittenRecords || status.waitingBytes > limits.unwrittenBytes
        {
            status.waiting -= 1
            status.waitingBytes -= entries[head].weight
            status.dropped += 1
            dropped.append(entries[head].task)
            head += 1
        }
        if head > 10_000, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return dropped
    }
}
