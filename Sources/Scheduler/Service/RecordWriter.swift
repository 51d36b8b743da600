import ElvesCore
import Logging
import Synchronization

/// Writes ended tasks to the store behind the callers' backs, in batches.
///
/// A round is synced when a durable end is in it. What the agents keep until it is recorded is said to be recorded
/// after the commit that holds it, never before. The store may be slow or fail: records then wait in memory up to a
/// bound, and past it the oldest that are not durable are dropped, counted and reported. Callers wait for it only
/// where nobody else could say again what they are told.
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

    /// Whom to tell that a result is recorded: the agent by its channel.
    typealias Tell = @Sendable (_ agent: ElvesID, _ attempt: AttemptName) -> Void

    private let state = Mutex(WriterQueue())
    private let store: any SchedulerStore
    private let live: LiveTasks
    private let liveBatches: LiveBatches
    private let limits: SchedulerLimits
    private let logger: Logger
    private let tell: Tell

    init(
        store: any SchedulerStore, live: LiveTasks, liveBatches: LiveBatches, limits: SchedulerLimits,
        logger: Logger, tell: @escaping Tell = { _, _ in }
    ) {
        self.store = store
        self.live = live
        self.liveBatches = liveBatches
        self.limits = limits
        self.logger = logger
        self.tell = tell
    }

    var status: Status { state.withLock { $0.status } }

    /// Whether so much waits that no result should be taken that its agent could keep a while longer.
    var isCrowded: Bool {
        state.withLock { state in
            state.status.waiting > limits.unwrittenRecords / 2 || state.status.waitingBytes > limits.unwrittenBytes / 2
        }
    }

    /// Takes a task whose record is to be written as it is by then. `weight`: bytes that it takes, about; `kept`: the
    /// result that an agent keeps until then; `isSynced`: it is to survive a power loss, although it is not durable.
    func add(_ task: LiveTask, weight: Int, kept: WriterQueue.KeptResult? = nil, isSynced: Bool = false) {
        task.wasQueued()
        let entry = WriterQueue.Entry(task: task, weight: weight, kept: kept, isSynced: isSynced)
        let (dropped, waits) = state.withLock { state in
            state.add(entry)
            let dropped = state.dropOverflow(limits)
            return (dropped, dropped.isEmpty ? [] : state.takeWaits())
        }
        forget(dropped)
        for wait in waits { wait.resume() }
    }

    /// Whether what is added will be in the store soon.
    var isWriting: Bool { state.withLock { $0.isWritten } }

    /// Says whether a loop calls `writeSome` from now on.
    func serves(_ isServed: Bool) {
        let waits = state.withLock { state in
            state.isServed = isServed
            return state.takeWaits()
        }
        for wait in waits { wait.resume() }
    }

    /// Suspends until everything that waits now is in the store, of what is durable or of the rest, or until it is seen
    /// that the store takes nothing.
    func written(isDurable: Bool = false) async {
        await WaitList.wait { ticket, continuation in
            state.withLock { state in
                if Task.isCancelled || !state.isWritten { return false }
                return state.wait(ticket, isDurable: isDurable, continuation)
            }
        } withdraw: { ticket in
            state.withLock { $0.withdraw(ticket) }
        }
    }

    /// Takes a batch all of whose tasks were added.
    func add(_ batch: LiveBatch) {
        state.withLock { $0.batches.append(batch) }
    }

    /// Takes a batch that has been stopped: its record is to say so.
    func add(stopped batch: LiveBatch) {
        state.withLock { $0.stopped.append(batch) }
    }

    /// Takes a batch some of whose tasks ended without a start.
    func add(closed batch: LiveBatch) {
        state.withLock { $0.closed.append(batch) }
    }

    /// Takes a stored batch one of whose tasks got another end: its counts are made anew.
    func recount(_ batch: ElvesID) {
        state.withLock { _ = $0.recounts.insert(batch) }
    }

    /// Writes up to one batch of records; answers whether more wait. Called by one loop only.
    ///
    /// `running`: tasks that have not ended and whose records are out of date.
    func writeSome(running: [LiveTask] = [], _ durability: RecordDurability = .buffered) async -> Bool {
        let round = state.withLock { $0.take(limits.writeBatch) }
        guard !round.isEmpty || !running.isEmpty else { return false }
        // Before their records are read, so that a later change is seen as one.
        for task in running { task.becameKnownToStore() }
        let records = round.entries.map(\.task.record)
        var written = running.map(\.record).filter { !$0.state.isEnd }
        // A record is large: what is alone is not copied.
        written = written.isEmpty ? records : written + records
        for unstarted in round.unstarted { written += unstarted.records }
        do {
            try await store.write(
                written,
                batches: round.stopped.map(\.openRecord) + round.batches.map(\.record),
                round.isDurable ? .synced : durability)
        } catch {
            for task in running { task.changed() }
            failed(round, error)
            return false
        }
        for (entry, record) in zip(round.entries, records) { committed(entry, record, isSynced: round.isDurable) }
        for batch in round.stopped { batch.stopIsRecorded() }
        for (batch, records) in round.unstarted where batch.handOn(records.count) { add(batch) }
        for batch in round.batches { liveBatches.remove(batch.id) }
        await recount(round.recounts)
        return succeeded(round)
    }

    /// The record of a task is in the store: who keeps its result may let go of it.
    private func committed(_ entry: WriterQueue.Entry, _ record: Execution, isSynced: Bool) {
        if isSynced { entry.task.isOnDisk(record.attempt) }
        if entry.task.leftQueue(), record.state.isEnd { live.remove(entry.task.id) }
        guard let kept = entry.kept, kept.receipt?.take(kept.attempt) != true else { return }
        tell(kept.agent, kept.attempt)
    }

    /// Counts the tasks of batches anew, once the ends that changed are written. What fails is done in a later round.
    private func recount(_ ids: Set<ElvesID>) async {
        guard !ids.isEmpty else { return }
        do {
            var batches: [Batch] = []
            for id in ids {
                guard var batch = try await store.batch(id), batch.endedAt > 0 else { continue }
                batch.states = try await store.progress(of: id).states
                batches.append(batch)
            }
            if !batches.isEmpty { try await store.write([], batches: batches, .buffered) }
        } catch {
            state.withLock { $0.recounts.formUnion(ids) }
        }
    }

    private func succeeded(_ round: WriterQueue.Round) -> Bool {
        let (recovered, more, waits) = state.withLock { state in
            let recovered = state.status.failure != nil
            state.status.failure = nil
            state.status.written += round.entries.count + round.unstarted.reduce(0) { $0 + $1.records.count }
            state.forget(round.entries)
            return (recovered ? state.status : nil, state.hasRecords, state.takeWaits())
        }
        for wait in waits { wait.resume() }
        if let recovered {
            logger.notice(
                "the store takes records again",
                metadata: ["records.waiting": "\(recovered.waiting)", "records.dropped": "\(recovered.dropped)"])
        }
        return more
    }

    private func failed(_ round: WriterQueue.Round, _ error: any Error) {
        let reason = ElvesError(wrapping: error).message
        let (isNew, status, dropped, waits) = state.withLock { state in
            let isNew = state.status.failure != reason
            state.status.failure = reason
            state.putBack(round)
            let dropped = state.dropOverflow(limits)
            return (isNew, state.status, dropped, state.takeWaits())
        }
        for wait in waits { wait.resume() }
        // All of them, also those that were in no round yet: their turn may not come before the store takes records again.
        for receipt in state.withLock({ $0.receipts }) { receipt.giveUp() }
        forget(dropped)
        guard isNew else { return }
        logger.error(
            "records cannot be written; they wait in memory",
            metadata: [
                "error": "\(reason)", "records.waiting": "\(status.waiting)", "records.dropped": "\(status.dropped)",
            ])
    }

    /// Lets go of tasks whose records nobody can write. An agent that keeps the result of one sends it again.
    private func forget(_ dropped: [WriterQueue.Entry]) {
        for entry in dropped {
            entry.task.dropped()
            // One that goes on is written again when it ends.
            if entry.task.leftQueue(), entry.task.hasEnded { live.remove(entry.task.id) }
            entry.kept?.receipt?.giveUp()
        }
    }
}
