import ElvesCore

/// What waits to be written: durable ends apart from the others, each in the order in which they came. A value: it
/// lives in a Mutex.
struct WriterQueue {
    struct Entry {
        let task: LiveTask
        let weight: Int
        let kept: KeptResult?
        /// Whether its round is synced, although its task is not durable.
        var isSynced = false
    }

    /// A result that an agent keeps until the record with it is committed.
    struct KeptResult {
        let agent: ElvesID
        let attempt: AttemptName
        /// Told instead of the agent, while somebody waits for it.
        var receipt: Receipt?
    }

    /// What is written in one transaction.
    struct Round {
        var entries: [Entry] = []
        var batches: [LiveBatch] = []
        /// Batches that have been stopped.
        var stopped: [LiveBatch] = []
        /// Ends of tasks that never started.
        var unstarted: [(batch: LiveBatch, records: [Execution])] = []
        var recounts: Set<ElvesID> = []
        var isDurable = false

        var isEmpty: Bool {
            entries.isEmpty && batches.isEmpty && stopped.isEmpty && unstarted.isEmpty && recounts.isEmpty
        }
    }

    private var durable = EntryLine()
    private var plain = EntryLine()
    var batches: [LiveBatch] = []
    var stopped: [LiveBatch] = []
    /// Batches with ends of tasks that never started.
    var closed: [LiveBatch] = []
    var recounts: Set<ElvesID> = []
    var status = RecordWriter.Status()
    /// Who waits until the entries of a line are written that stand there by then.
    private var plainWaits = LineWaits()
    private var durableWaits = LineWaits()
    /// Whether a loop writes what waits.
    var isServed = false

    /// Whether something waits that can be written now.
    var hasRecords: Bool {
        !durable.isEmpty || !plain.isEmpty || !batches.isEmpty || !stopped.isEmpty || !closed.isEmpty
    }

    /// What those wait for who handed in results that wait here.
    var receipts: [Receipt] { durable.receipts + plain.receipts }

    mutating func add(_ entry: Entry) {
        if entry.task.isDurable {
            durable.append(entry)
            durableWaits.added += 1
        } else {
            plain.append(entry)
            plainWaits.added += 1
        }
        status.waiting += 1
        status.waitingBytes += entry.weight
    }

    /// Takes out up to `limit` entries, durable ones first: whoever waits for a commit that is synced waits for few.
    mutating func take(_ limit: Int) -> Round {
        var round = Round()
        round.entries = durable.take(limit)
        round.isDurable = !round.entries.isEmpty
        let others = plain.take(limit - round.entries.count)
        if others.contains(where: \.isSynced) { round.isDurable = true }
        round.entries += others
        swap(&round.stopped, &stopped)
        round.unstarted = takeUnstarted(limit - round.entries.count)
        if !round.stopped.isEmpty || !round.unstarted.isEmpty { round.isDurable = true }
        // A batch's end is written with or after the last of its tasks.
        guard durable.isEmpty, plain.isEmpty else { return round }
        swap(&round.batches, &batches)
        swap(&round.recounts, &recounts)
        return round
    }

    /// Puts a round back that could not be written.
    mutating func putBack(_ round: Round) {
        durable.putBack(round.entries.filter(\.task.isDurable))
        plain.putBack(round.entries.filter { !$0.task.isDurable })
        batches = round.batches + batches
        recounts.formUnion(round.recounts)
        stopped = round.stopped + stopped
        for (batch, records) in round.unstarted { batch.putBackUnstarted(records.count) }
        closed = round.unstarted.map(\.batch) + closed
    }

    /// Ends of tasks that never started, from the batches that have such.
    private mutating func takeUnstarted(_ limit: Int) -> [(batch: LiveBatch, records: [Execution])] {
        var taken: [(batch: LiveBatch, records: [Execution])] = []
        var left = limit
        while left > 0, let batch = closed.first {
            let records = batch.takeUnstarted(left)
            if records.count < left { closed.removeFirst() }
            left -= records.count
            if !records.isEmpty { taken.append((batch, records)) }
        }
        return taken
    }

    mutating func forget(_ written: [Entry]) {
        status.waiting -= written.count
        status.waitingBytes -= written.reduce(0) { $0 + $1.weight }
        let plainCount = Int64(written.count { !$0.task.isDurable })
        plainWaits.done += plainCount
        durableWaits.done += Int64(written.count) - plainCount
    }

    /// Adds one who waits until all entries have been written that wait now, of those that are durable or of the
    /// others; false when there is none.
    mutating func wait(
        _ ticket: WaitList.Ticket, isDurable: Bool, _ continuation: CheckedContinuation<Void, Never>
    ) -> Bool {
        isDurable ? durableWaits.add(ticket, continuation) : plainWaits.add(ticket, continuation)
    }

    mutating func withdraw(_ ticket: WaitList.Ticket) -> CheckedContinuation<Void, Never>? {
        plainWaits.list.take(ticket) ?? durableWaits.list.take(ticket)
    }

    /// Takes out those whose entries are written; while nothing is written all.
    mutating func takeWaits() -> [CheckedContinuation<Void, Never>] {
        plainWaits.takeDue(all: !isWritten) + durableWaits.takeDue(all: !isWritten)
    }

    /// Whether what is added will be in the store soon.
    var isWritten: Bool { isServed && status.failure == nil }

    /// Drops the oldest entries that are over the bounds; durable ones stay, because their number is bounded by what
    /// was accepted.
    mutating func dropOverflow(_ limits: SchedulerLimits) -> [Entry] {
        var dropped: [Entry] = []
        while status.waiting > limits.unwrittenRecords || status.waitingBytes > limits.unwrittenBytes,
            let entry = plain.takeFirst()
        {
            status.waiting -= 1
            status.waitingBytes -= entry.weight
            status.dropped += 1
            plainWaits.done += 1
            dropped.append(entry)
        }
        return dropped
    }
}

/// Who waits for the entries of a line: it keeps its order, so two counts are enough.
private struct LineWaits {
    /// Entries that came into the line, and those of them that left it for good.
    var added: Int64 = 0
    var done: Int64 = 0
    var list = WaitList()

    mutating func add(_ ticket: WaitList.Ticket, _ continuation: CheckedContinuation<Void, Never>) -> Bool {
        guard done < added else { return false }
        list.add(ticket, until: added, continuation)
        return true
    }

    mutating func takeDue(all: Bool) -> [CheckedContinuation<Void, Never>] {
        all ? list.takeAll() : list.takeDue(done)
    }
}

/// Entries in a row, taken from its front.
private struct EntryLine {
    private var entries: [WriterQueue.Entry] = []
    /// Entries before this index have been taken.
    private var head = 0

    var isEmpty: Bool { head == entries.count }

    var receipts: [Receipt] { entries[head...].compactMap(\.kept?.receipt) }

    mutating func append(_ entry: WriterQueue.Entry) { entries.append(entry) }

    mutating func take(_ limit: Int) -> [WriterQueue.Entry] {
        guard limit > 0, !isEmpty else { return [] }
        let taken = Array(entries[head..<min(head + limit, entries.count)])
        head += taken.count
        shrink()
        return taken
    }

    mutating func takeFirst() -> WriterQueue.Entry? {
        guard !isEmpty else { return nil }
        defer {
            head += 1
            shrink()
        }
        return entries[head]
    }

    mutating func putBack(_ taken: [WriterQueue.Entry]) {
        guard !taken.isEmpty else { return }
        entries = taken + entries[head...]
        head = 0
    }

    private mutating func shrink() {
        if head == entries.count {
            entries.removeAll(keepingCapacity: head < 10_000)
            head = 0
        } else if head > 10_000, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
    }
}
