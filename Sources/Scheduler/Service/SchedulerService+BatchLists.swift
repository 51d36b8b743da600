package import ElvesCore

/// Batches among others, and what their tasks said in common.
extension SchedulerService {
    /// Batches older than `before`, newest first; those that have not ended as they stand now. A page has `limit` of
    /// them unless it is the last.
    package func listBatches(
        of app: String, before: ElvesID?, limit: Int
    ) async throws(ElvesError) -> (batches: [Batch], nextBefore: ElvesID?) {
        guard (1...1_000).contains(limit) else {
            throw ElvesError(.schedulerRequestInvalid, "\(limit) batches; a limit is 1 to 1000")
        }
        let found = try await stored { store in try await store.batches(of: app, before: before, limit: limit) }
        let records = found.map { self.batches[$0.id]?.record ?? $0 }
        return (records, found.count < limit ? nil : found.last?.id)
    }

    /// Ended tasks of the batch, those that ended alike together: at most `limit` groups, the largest first, and one more
    /// with all that is in none of them.
    ///
    /// Reads page by page: what stays is the targets and a sample of what each group said.
    package func batchGroups(_ id: ElvesID, limit: Int) async throws(ElvesError) -> [OutcomeGroup] {
        guard (1...BatchGroups.most).contains(limit) else {
            throw ElvesError(.schedulerRequestInvalid, "\(limit) groups; a limit is 1 to \(BatchGroups.most)")
        }
        var groups = BatchGroups()
        var after: Int64 = 0
        while true {
            let page = try await batchEnds(id, after: after, limit: 500, waitMs: 0)
            for record in page.executions { groups.add(record) }
            // A page may be short; nothing new is what ends it.
            guard !page.done, page.nextAfter > after else { return groups.largest(limit) }
            after = page.nextAfter
            guard !Task.isCancelled else { throw ElvesError(.elvesStopping, "the caller is gone") }
        }
    }
}
