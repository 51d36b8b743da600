import AgentLinks
package import ElvesCore

/// Ends of an owner's tasks, in the order in which they were recorded.
package struct EndList: Sendable, Hashable {
    package var executions: [Execution]
    /// Pass as `after` for the next ones.
    package var nextAfter: Int64
    /// Whether ends after `after` are gone, or `after` is of another store: then these are from the first on.
    package var lost = false
}

/// Lists of tasks, and ends for other components.
extension SchedulerService {
    /// Tasks, newest first: those in memory, those that wait in batches, and those of the store.
    ///
    /// A page may be short, even empty, before the end: `nextBefore` tells.
    package func tasks(_ query: HistoryQuery) async throws(ElvesError) -> HistoryPage {
        try serves()
        guard query.from >= 0, query.before >= 0 else {
            throw ElvesError(
                .schedulerRequestInvalid, "a page before \(query.before); it must be an id, or 0 for the first page")
        }
        var query = query
        query.limit = max(1, min(query.limit, 1_000))
        // Memory first: a task leaves it only when the store has it.
        let inMemory = fresh(query)
        await settle(inMemory)
        var page = HistoryPage(executions: [], nextBefore: nil)
        // What has not ended is in memory, all of it: then no history is looked through.
        if query.states.isEmpty || query.states.contains(where: \.isEnd) {
            page = try await stored { [query] store in try await store.history(query) }
        }
        var found = Dictionary(page.executions.map { ($0.id, $0) }) { first, _ in first }
        let floor = page.nextBefore ?? 0
        for record in inMemory where record.id.rawValue >= floor {
            // The store has its end when that was written in between.
            if found[record.id] == nil { found[record.id] = record.brief }
        }
        let all = found.values.sorted { $0.id > $1.id }
        var weighed = WeighedPage(bytes: limits.pageBytes)
        for record in all.prefix(query.limit) {
            if !weighed.add(record) { break }
        }
        if weighed.executions.count < all.count { page.nextBefore = weighed.executions.last?.id.rawValue }
        page.executions = weighed.executions
        return page
    }

    /// Waits for ends that nobody but this memory knows to be recorded, so that no crash takes back what a list showed;
    /// not while the store takes nothing.
    private func settle(_ records: [Execution]) async {
        for record in records where record.state.isEnd {
            guard let task = live[record.id], !task.isKeptByAgent else { continue }
            try? await recorded(task)
        }
    }

    /// What is not in the store yet, newest first, at most a page and one more.
    private func fresh(_ query: HistoryQuery) -> [Execution] {
        let limit = query.limit + 1
        var records: [Execution] = []
        for task in live.filter({ query.covers($0.id) }).sorted(by: { $0.id > $1.id }) where records.count < limit {
            let record = task.record
            if query.matches(HistoryEntry(record)) { records.append(record) }
        }
        for batch in batches.all where query.batch ?? batch.id == batch.id {
            for planned in batch.planned(before: query.before, limit: limit) where query.covers(planned.id) {
                let record = Execution(
                    id: planned.id, batchID: batch.id, call: batch.call, target: planned.target,
                    caller: batch.caller, trace: batch.trace, createdAt: batch.createdAt)
                if query.matches(HistoryEntry(record)) { records.append(record) }
            }
        }
        var known = Set<ElvesID>()
        // A task of a batch may have been started in between: then it is there twice, as it is now first.
        return Array(records.filter { known.insert($0.id).inserted }.sorted { $0.id > $1.id }.prefix(limit))
    }

    /// Ends of the owner's tasks after `after` (0: from the first kept); waits up to `waitMs` for at least one.
    package func results(
        of owner: String, after: Int64, limit: Int, waitMs: Int64
    ) async throws(ElvesError) -> EndList {
        try serves()
        guard !owner.isEmpty else {
            throw ElvesError(.schedulerRequestInvalid, "results need an owner, as the tasks were given")
        }
        guard after >= 0 else {
            throw ElvesError(
                .schedulerRequestInvalid, "results after \(after); it must be 0, or `nextAfter` of the page before")
        }
        let limit = max(1, min(limit, 1_000))
        let deadline = deadline(waitMs)
        while true {
            let seen = store.feed.position(.results(owner: owner))
            let page = try await someResults(of: owner, after: after, limit: limit)
            guard page.executions.isEmpty, !page.lost, waitMs > 0, time.micros() < deadline, !isStopping,
                !Task.isCancelled
            else { return page }
            await store.feed.wait(for: .results(owner: owner), beyond: seen, until: deadline)
        }
    }

    /// Records that are looked up in one go: some too many for a page are not many.
    private static let resultsAtOnce = 32

    private func someResults(of owner: String, after: Int64, limit: Int) async throws(ElvesError) -> EndList {
        var page = WeighedPage(bytes: limits.pageBytes)
        var next = after
        var lost = false
        while page.executions.count < limit {
            let wanted = min(Self.resultsAtOnce, limit - page.executions.count)
            let list = try await stored { [next] store in
                try await store.results(of: owner, after: next, limit: wanted)
            }
            lost = lost || list.lost
            for end in list.ends {
                guard page.add(end.execution) else {
                    return EndList(executions: page.executions, nextAfter: next, lost: lost)
                }
                next = end.position
            }
            if list.ends.isEmpty { next = list.nextAfter }
            if list.ends.count < wanted { break }
        }
        return EndList(executions: page.executions, nextAfter: next, lost: lost)
    }
}
