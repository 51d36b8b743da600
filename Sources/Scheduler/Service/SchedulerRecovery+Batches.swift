import AgentLinks
import ElvesCore

/// Batches that go on where they were.
extension SchedulerService {
    /// Takes up a batch that has not ended; `open`: its tasks that have a record and no end. Answers how many of its
    /// tasks it took up.
    ///
    /// Those that have no record may have been sent all the same: they go out with the word that this may be so. Their
    /// agents have some time to come back, whatever the batch says.
    func resume(_ record: Batch, open: [Execution]) async throws -> Int {
        let planned = try await store.unrecorded(of: record.id, limit: .max)
        let progress = try await store.progress(of: record.id)
        let ends = progress.states.filter(\.key.isEnd)
        guard !planned.isEmpty || !open.isEmpty else {
            // All but the batch's own end was written.
            var record = record
            record.endedAt = time.wallMs()
            record.states = ends
            try await store.write([], batches: [record], .synced)
            return 0
        }
        let tasks = (planned + open.map { PlannedTask(id: $0.id, target: $0.target) }).sorted { $0.id < $1.id }
        let now = (wallMs: time.wallMs(), micros: time.micros())
        let left = record.startBy > 0 ? record.startBy - now.wallMs : 0
        let batch = LiveBatch(
            record, tasks: tasks, startByMicros: now.micros + max(left, limits.lostPatienceMs) * 1_000,
            resumed: LiveBatch.Resumed(
                ends: ends, open: Set(open.map(\.id)),
                // Above all that the last process may have given out, written or not.
                lastPlace: max(
                    progress.lastPlace + Int64(record.total), (now.wallMs - record.createdAt) * 1_000)))
        batches.insert(batch)
        dispatcher.submit(batch)
        for task in open { takeUp(task, batch: batch) }
        if batch.stopIfFailed() || batch.isStopping { closeRest(batch) }
        turnInput.yield()
        return tasks.count
    }
}
