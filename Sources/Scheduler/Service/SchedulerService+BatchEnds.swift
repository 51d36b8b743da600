package import ElvesCore

/// A batch's ends in their order.
extension SchedulerService {
    /// Ends after the place `after`, in the order in which they came; waits up to `waitMs` for at least one.
    ///
    /// A page ends early where its records would not fit into one message: `nextAfter` goes on from there. Places grow,
    /// and there may be gaps between them: after a restart they go on far above those that were given out before.
    package func batchEnds(
        _ id: ElvesID, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> BatchEndPage {
        let limit = max(1, min(limit, 1_000))
        guard after >= 0 else { throw ElvesError(.schedulerBatchCursor, "a cursor is 0 or more, not \(after)") }
        guard let batch = batches[id] else { return try await storedEnds(id, after: after, limit: limit) }
        let most = batch.firstPlace + Int64(batch.total)
        guard after <= most else {
            throw ElvesError(.schedulerBatchCursor, "the batch has no end \(after): its cursors go up to \(most)")
        }
        if after < batch.firstPlace {
            let earlier = try await storedEnds(id, after: after, limit: limit, upTo: batch.firstPlace)
            if !earlier.executions.isEmpty { return earlier }
        }
        return try await liveEnds(batch, after: max(after, batch.firstPlace), limit: limit, waitMs: waitMs)
    }

    private func liveEnds(
        _ batch: LiveBatch, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> BatchEndPage {
        if waitMs > 0 { await batch.waitForMore(after: after, until: deadline(waitMs)) }
        let (ends, isLast) = batch.ends(after: after, limit: limit)
        var page = WeighedPage(bytes: limits.pageBytes)
        var seen = 0
        for start in stride(from: 0, to: ends.count, by: Self.endsAtOnce) {
            let some = ends[start..<min(start + Self.endsAtOnce, ends.count)]
            let found = try await executions(some)
            for end in some {
                let record: Execution? =
                    switch end {
                    case .unstarted(let record): record
                    // A record that the writer had to drop leaves a gap.
                    case .recorded(let id): found[id]
                    }
                if let record, !page.add(record) {
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
    private func executions(_ ends: ArraySlice<LiveBatch.ListedEnd>) async throws(ElvesError) -> [ElvesID: Execution] {
        var found: [ElvesID: Execution] = [:]
        var missing: [ElvesID] = []
        var unwritten: LiveTask?
        for case .recorded(let id) in ends {
            guard let task = live[id] else {
                missing.append(id)
                continue
            }
            found[id] = task.record
            if !task.isKeptByAgent { unwritten = task }
        }
        // One stands for all of them: who waits for the newest waits for the rest.
        if let unwritten { _ = try await secured(unwritten.record, of: unwritten) }
        if !missing.isEmpty {
            for record in try await stored({ [missing] store in try await store.executions(missing) }) {
                found[record.id] = record
            }
        }
        return found
    }

    /// The same from the store. `upTo`: the last place that is asked for, when the batch goes on in memory.
    private func storedEnds(
        _ id: ElvesID, after: Int64, limit: Int, upTo last: Int64 = .max
    ) async throws(ElvesError) -> BatchEndPage {
        let hasEnded = last == .max ? try await batch(id, waitMs: 0).endedAt > 0 : false
        var page = WeighedPage(bytes: limits.pageBytes)
        var next = after
        while page.executions.count < limit {
            let wanted = min(Self.endsAtOnce, limit - page.executions.count)
            let ends = try await stored { [next] store in
                try await store.batchEnds(id, after: next, limit: wanted)
            }
            for end in ends {
                guard end.batchPlace <= last, page.add(end) else {
                    return BatchEndPage(executions: page.executions, nextAfter: next, done: false)
                }
                next = end.batchPlace
            }
            if ends.count < wanted {
                return BatchEndPage(executions: page.executions, nextAfter: next, done: hasEnded)
            }
        }
        let more = try await stored { [next] store in try await store.batchEnds(id, after: next, limit: 1) }
        return BatchEndPage(executions: page.executions, nextAfter: next, done: hasEnded && more.isEmpty)
    }
}
