import AgentLinks
import ElvesCore

/// Batches that go on where they were.
extension SchedulerService {
    /// Takes up a batch that has not ended; `open`: its tasks that have a record and no end. Answers how many of its
    /// tasks it took up. Those that have no record may have been sent all the same.
    func resume(_ record: Batch, open: [Execution]) async throws -> Int {
        let planned = try await store.unrecorded(of: record.id, limit: .max)
        var ends: [ElvesID] = []
        var last: Int64 = 0
        while case let page = try await store.batchEnds(record.id, after: last, limit: 500), !page.isEmpty {
            ends += page.map(\.id)
            last = page.last?.batchPlace ?? last
        }
        var record = record
        record.states = try await store.progress(of: record.id).states.filter(\.key.isEnd)
        if !open.isEmpty { record.states[.dispatched] = open.count }
        if !planned.isEmpty { record.states[.created] = planned.count }
        guard ends.count < record.total else {
            // All but the batch's own end was written.
            record.endedAt = time.wallMs()
            try await store.write([], batches: [record], .synced)
            return 0
        }
        let batch = LiveBatch(resumed: record, tasks: planned, running: open.count, ends: ends)
        batches.insert(batch)
        for task in open { takeUp(task, batch: batch) }
        pumpInput.yield(batch)
        return open.count + planned.count
    }
}
