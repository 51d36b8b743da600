import ElvesCore

/// Ends what a scheduler that died had not ended: nothing stays running for ever.
struct SchedulerRecovery {
    let store: any SchedulerStore
    let wallMs: Int64
    /// Records in one transaction.
    let step: Int

    private static let outcome = TaskOutcome(
        code: ErrorCode.schedulerAgentLost.code,
        message: "the scheduler was restarted before the task's end was recorded; it may have run")

    /// Answers how many tasks it ended.
    func run() async throws -> Int {
        var count = try await endSingleTasks()
        while true {
            let batches = try await store.unfinishedBatches(limit: 100)
            if batches.isEmpty { return count }
            for batch in batches { count += try await end(batch) }
        }
    }

    private func endSingleTasks() async throws -> Int {
        var count = 0
        while true {
            let open = try await store.unfinished(limit: step)
            if open.isEmpty { return count }
            var places: [ElvesID: Int64] = [:]
            for batch in Set(open.compactMap(\.batchID)) {
                places[batch] = try await store.progress(of: batch).lastPlace
            }
            let ended = open.map { record in
                guard let batch = record.batchID else { return unknown(record, place: 0) }
                places[batch, default: 0] += 1
                return unknown(record, place: places[batch, default: 0])
            }
            try await store.write(ended, batches: [], .synced)
            count += ended.count
        }
    }

    /// Ends the tasks of the batch that were never recorded, then the batch.
    private func end(_ batch: Batch) async throws -> Int {
        var count = 0
        var place = try await store.progress(of: batch.id).lastPlace
        while true {
            let missing = try await store.unrecorded(of: batch.id, limit: step)
            if missing.isEmpty { break }
            var records: [Execution] = []
            for planned in missing {
                place += 1
                let record = Execution(
                    id: planned.id, batchID: batch.id, call: batch.call, target: planned.target,
                    caller: batch.caller, trace: batch.trace, createdAt: batch.createdAt)
                records.append(unknown(record, place: place))
            }
            try await store.write(records, batches: [], .synced)
            count += records.count
        }
        var batch = batch
        batch.endedAt = wallMs
        batch.states = try await store.progress(of: batch.id).states
        try await store.write([], batches: [batch], .synced)
        return count
    }

    private func unknown(_ record: Execution, place: Int64) -> Execution {
        var record = record
        record.state = .unknown
        record.endedAt = wallMs
        record.batchPlace = place
        record.outcome = Self.outcome
        record.hops.append(
            TaskHop(
                event: "ended", atMicros: max(0, wallMs - record.createdAt) * 1_000, rule: "scheduler.restart"))
        return record
    }
}
