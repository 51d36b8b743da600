import AgentLinks
package import ElvesCore

/// One function on many agents.
extension SchedulerService {
    /// Accepts the batch and answers with its record; its tasks start at once.
    ///
    /// The plan is recorded durably first: after a crash every task of an accepted batch has an end.
    package func createBatch(_ order: BatchOrder) async throws(ElvesError) -> Batch {
        try serves()
        try check(order.call)
        try check(order.targets)
        let wallMs = time.wallMs()
        let ids = nextIDs(order.targets.count + 1, wallMs)
        let tasks = zip(ids.dropFirst(), order.targets).map { PlannedTask(id: $0, target: $1) }
        let record = Batch(
            id: ids[0], call: order.call, total: tasks.count, concurrency: concurrency(of: order),
            generation: order.generation, caller: order.caller, trace: order.trace, createdAt: wallMs)
        let claim =
            order.idempotencyKey.isEmpty
            ? nil
            : IdempotencyClaim(
                caller: order.caller, key: order.idempotencyKey, fingerprint: RequestFingerprint.of(order))
        let result = try await stored { store in try await store.create(record, tasks: tasks, claim: claim) }
        if case .taken(let earlier, let fingerprint) = result, let claim {
            try same(claim, fingerprint, earlier)
            return try await self.batch(earlier, waitMs: 0)
        }
        // Only now: what is live may be started by the sweep at any moment.
        let batch = LiveBatch(record, tasks: tasks)
        batches.insert(batch)
        pumpInput.yield(batch)
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

    /// Ends after the first `after`, in the order in which they came; waits up to `waitMs` for at least one.
    ///
    /// A page ends early where its records would not fit into one message: `nextAfter` goes on from there.
    package func batchEnds(
        _ id: ElvesID, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> BatchEndPage {
        let limit = max(1, min(limit, 1_000))
        guard after >= 0 else { throw ElvesError(.schedulerBatchCursor, "a cursor is 0 or more, not \(after)") }
        guard let batch = batches[id] else { return try await storedEnds(id, after: after, limit: limit) }
        guard after <= batch.record.total else {
            throw ElvesError(.schedulerBatchCursor, "the batch has \(batch.record.total) tasks, so no end \(after)")
        }
        if waitMs > 0 { await batch.waitForMore(after: after, until: deadline(waitMs)) }
        let (ids, isLast) = batch.ends(after: after, limit: limit)
        var page = WeighedPage(bytes: limits.pageBytes)
        var seen = 0
        for start in stride(from: 0, to: ids.count, by: Self.endsAtOnce) {
            let some = ids[start..<min(start + Self.endsAtOnce, ids.count)]
            let found = Dictionary(try await executions(Array(some)).map { ($0.id, $0) }) { first, _ in first }
            for id in some {
                // A record that the writer had to drop leaves a gap.
                if let record = found[id], !page.add(record) {
                    return BatchEndPage(executions: page.executions, nextAfter: after + Int64(seen), done: false)
                }
                seen += 1
            }
        }
        return BatchEndPage(executions: page.executions, nextAfter: after + Int64(seen), done: isLast)
    }

    /// Records that are looked up in one go: some too many for a page are not many.
    private static let endsAtOnce = 32

    /// The records of ended tasks, from memory or, when they are written already, from the store.
    private func executions(_ ids: [ElvesID]) async throws(ElvesError) -> [Execution] {
        var found: [ElvesID: Execution] = [:]
        for id in ids { found[id] = live[id]?.record }
        let missing = ids.filter { found[$0] == nil }
        if !missing.isEmpty {
            for record in try await stored({ store in try await store.executions(missing) }) {
                found[record.id] = record
            }
        }
        return ids.compactMap { found[$0] }
    }

    private func storedEnds(_ id: ElvesID, after: Int64, limit: Int) async throws(ElvesError) -> BatchEndPage {
        let record = try await batch(id, waitMs: 0)
        var page = WeighedPage(bytes: limits.pageBytes)
        var next = after
        while page.executions.count < limit {
            let wanted = min(Self.endsAtOnce, limit - page.executions.count)
            let ends = try await stored { [next] store in
                try await store.batchEnds(id, after: next, limit: wanted)
            }
            for end in ends {
                guard page.add(end) else {
                    return BatchEndPage(executions: page.executions, nextAfter: next, done: false)
                }
                next = end.batchPlace
            }
            if ends.count < wanted {
                return BatchEndPage(executions: page.executions, nextAfter: next, done: record.endedAt > 0)
            }
        }
        return BatchEndPage(
            executions: page.executions, nextAfter: next, done: record.endedAt > 0 && next >= Int64(record.total))
    }

    private func concurrency(of order: BatchOrder) -> Int {
        order.concurrency > 0 ? min(order.concurrency, order.targets.count) : order.targets.count
    }

    private func check(_ targets: [TaskTarget]) throws(ElvesError) {
        guard !targets.isEmpty else { throw ElvesError(.schedulerBatchEmpty) }
        guard targets.count <= limits.batchTargets else {
            throw ElvesError(
                .schedulerBatchTooLarge,
                "\(targets.count) targets; a batch takes at most \(limits.batchTargets)")
        }
        var seen = Set<TaskTarget>(minimumCapacity: targets.count)
        for target in targets {
            guard target.id != nil || !target.ip.isEmpty else {
                throw ElvesError(.elvesTargetSyntax, "each target of a batch needs the id or the ip of an agent")
            }
            guard seen.insert(TaskTarget(id: target.id, ip: target.id == nil ? target.ip : "")).inserted else {
                throw ElvesError(.schedulerRequestInvalid, "agent \(target.words) is a target twice")
            }
        }
    }

    // MARK: Starting tasks

    /// Starts as many of the batch's tasks as may run now.
    func pump(_ batch: LiveBatch) {
        guard isServing, batch.beginPump() else { return }
        var room = true
        repeat { room = pumpSome(batch, .max) } while !batch.endPump(stalled: !room)
    }

    /// The same in portions, so that a large batch lets others have the thread.
    func pumpAll(_ batch: LiveBatch) async {
        guard isServing, batch.beginPump() else { return }
        var room = true
        repeat {
            room = pumpSome(batch, 256)
            await Task.yield()
        } while !batch.endPump(stalled: !room)
    }

    /// Starts up to `limit` tasks; false when the scheduler has no room for more now.
    private func pumpSome(_ batch: LiveBatch, _ limit: Int) -> Bool {
        var left = limit
        while left > 0, let planned = batch.takeNext() {
            left -= 1
            guard numbers.reserve(limit: limits.tasksInFlight) else {
                batch.putBack()
                return false
            }
            let task = LiveTask(
                Execution(
                    id: planned.id, batchID: batch.id, call: batch.call, target: planned.target,
                    caller: batch.caller, trace: batch.trace, createdAt: batch.createdAt),
                bornMicros: time.micros(), batch: batch, again: batch.isResumed)
            live.insert(task)
            begin(task, at: planned.target)
        }
        return true
    }
}
