import AgentLinks
package import ElvesCore

/// One function on many agents.
extension SchedulerService {
    /// Accepts the batch and answers with its record; its tasks start when it is their turn.
    ///
    /// The plan is recorded durably first: after a crash every task of an accepted batch has an end.
    package func createBatch(_ order: BatchOrder) async throws(ElvesError) -> Batch {
        try serves()
        try check(order)
        let wallMs = time.wallMs()
        let ids = nextIDs(order.targets.count + 1, wallMs)
        let tasks = zip(ids.dropFirst(), order.targets).map { PlannedTask(id: $0, target: $1) }
        let record = Batch(ids[0], order, createdAt: wallMs)
        let batch = LiveBatch(
            record, tasks: tasks,
            startByMicros: order.startByMs > 0 ? time.micros() + order.startByMs * 1_000 : nil)
        let claim =
            order.idempotencyKey.isEmpty
            ? nil
            : IdempotencyClaim(
                caller: order.caller, key: order.idempotencyKey, fingerprint: RequestFingerprint.of(order))
        // Before it is recorded: who learns of it from the store finds it here.
        batches.insert(batch)
        let result: ClaimResult
        do {
            result = try await stored { store in try await store.create(record, tasks: tasks, claim: claim) }
        } catch {
            batches.remove(batch.id)
            throw error
        }
        if case .taken(let earlier, let fingerprint) = result, let claim {
            batches.remove(batch.id)
            try same(claim, fingerprint, earlier)
            return try await self.batch(earlier, waitMs: 0)
        }
        dispatcher.submit(batch)
        if batch.isStopping { dispatcher.close(batch.id) }
        turnInput.yield()
        return batch.record
    }

    /// The batch; waits up to `waitMs` for its end.
    package func batch(_ id: ElvesID, waitMs: Int64) async throws(ElvesError) -> Batch {
        if let batch = batches[id] {
            if waitMs > 0 { await batch.waitForEnd(until: deadline(waitMs)) }
            return batch.record
        }
        guard let record = try await stored({ store in try await store.batch(id) }) else {
            throw ElvesError(.schedulerBatchUnknown, "no batch \(id)", details: ["batch": id.description])
        }
        return record
    }

    /// A planned task that has not begun, or never did; waits up to `waitMs` for its end.
    func planned(_ id: ElvesID, waitMs: Int64) async throws(ElvesError) -> Execution? {
        let deadline = deadline(waitMs)
        while let batch = batches.all.first(where: { $0.plans(id) }) {
            if let task = live[id] {
                let left = max(0, deadline - time.micros()) / 1_000
                return try await secured(await ended(task, waitMs: left), of: task)
            }
            guard let record = batch.plannedRecord(id) else { return nil }
            guard !record.state.isEnd, time.micros() < deadline, !isStopping, !Task.isCancelled else { return record }
            await batch.waitForMore(after: batch.lastPlace, until: min(deadline, time.micros() + 1_000_000))
        }
        return nil
    }

    // MARK: Stopping

    /// Starts no more of the batch's tasks; with `kill` also ends those that run. Answers when the record says so. A
    /// batch that has ended is answered as it is, and a second wish like the first.
    package func stopBatch(_ id: ElvesID, kill: Bool, reason: String) async throws(ElvesError) -> Batch {
        try serves()
        guard reason.utf8.count <= 1_024 else {
            throw ElvesError(
                .schedulerRequestInvalid, "a reason of \(reason.utf8.count) bytes; it holds at most 1024")
        }
        guard let batch = batches[id] else { return try await self.batch(id, waitMs: 0) }
        if batch.stop(.request(reason)) { closeRest(batch) }
        guard batch.isStopping else { return batch.record }
        if kill { endOpen(batch, evenIfRunning: true) }
        guard await batch.waitForStop(until: deadline(Self.stopPatienceMs)) else {
            throw ElvesError(
                .elvesStoreUnavailable, "the batch starts no more tasks, but that could not be recorded yet")
        }
        return batch.record
    }

    private static let stopPatienceMs: Int64 = 10_000

    /// Ends what of a stopped batch has not started; what runs goes on.
    func closeRest(_ batch: LiveBatch) {
        writer.add(stopped: batch)
        dispatcher.close(batch.id)
        if batch.isResumed {
            // An earlier process may have sent them: their agents know.
            for planned in batch.beginRest() { ask(planned, of: batch) }
        } else {
            let end = StopReason.end(batch.record.stopReason)
            close(batch) { _ in end }
        }
        endOpen(batch, evenIfRunning: false)
    }

    /// Ends planned tasks for which `end` says how.
    private func close(_ batch: LiveBatch, _ end: (PlannedTask) -> LiveBatch.Unstarted?) {
        let waits = batch.close(wallMs: time.wallMs(), end)
        writer.add(closed: batch)
        for wait in waits { wait.resume() }
    }

    /// Ends tasks of a stopped batch that are in memory: those that wait to start, with `evenIfRunning` all.
    func endOpen(_ batch: LiveBatch, evenIfRunning: Bool) {
        for task in live.filter({ $0.batch === batch }) { endOpen(task, of: batch, evenIfRunning: evenIfRunning) }
    }

    /// Ends a task of a stopped batch that waits to start, or has its agent asked when an earlier process may have sent
    /// it; with `evenIfRunning` also one that runs.
    func endOpen(_ task: LiveTask, of batch: LiveBatch, evenIfRunning: Bool) {
        let reason = StopReason.end(batch.record.stopReason)
        _ = askInstead(task)
        end(
            task, evenIfRunning: evenIfRunning, outcome: TaskOutcome(code: reason.code, message: reason.message),
            rule: reason.rule)
    }

    /// Ends a task of a stopped batch that is in memory and certainly has not started.
    func finishUnstarted(_ task: LiveTask, of batch: LiveBatch) {
        let reason = StopReason.end(batch.record.stopReason)
        finish(task, reason.state, TaskOutcome(code: reason.code, message: reason.message), rule: reason.rule)
    }

    /// Takes up a planned task that an earlier process may have sent: its agent says what became of it.
    func ask(_ planned: PlannedTask, of batch: LiveBatch) {
        var record = batch.fresh(planned)
        record.state = .dispatched
        takeUp(record, batch: batch)
        if let task = live[planned.id] { askAgain(task) }
    }

    /// Brings a planned task that has not begun into memory, so that it can be ended; nil when there is none.
    func bringUp(_ id: ElvesID) -> LiveTask? {
        guard let batch = batches.all.first(where: { $0.plans(id) }), let index = batch.index(of: id),
            let planned = batch.begin(index)
        else { return nil }
        if batch.isResumed { ask(planned, of: batch) } else { _ = make(planned, of: batch) }
        return live[id]
    }

    /// The batch's tasks have waited for their agents long enough.
    func endWaiting(_ batch: LiveBatch) {
        guard batch.startBy > 0 else {
            dispatcher.endAway(batch.id)
            return dispatch()
        }
        dispatcher.close(batch.id)
        guard !batch.isResumed else {
            return batch.beginRest().forEach { ask($0, of: batch) }
        }
        close(batch) { planned in
            channel(for: planned.target) == nil
                ? LiveBatch.Unstarted(
                    state: .unreachable, code: ErrorCode.schedulerAgentUnreachable.code,
                    message: "agent \(planned.target.words) did not connect in time", rule: "startBy")
                : LiveBatch.Unstarted(
                    state: .expired, code: ErrorCode.schedulerTaskExpired.code,
                    message: "its start-by time passed while it waited for its turn", rule: "startBy")
        }
    }

    /// All tasks of the batch have ended, and their records are with the writer.
    func complete(_ batch: LiveBatch) {
        dispatcher.close(batch.id)
        writer.add(batch)
    }
}
