import ElvesCore
import GRDB
import StorageSQLite
import Synchronization

/// Lists of ended tasks.
extension SQLiteSchedulerStore {
    package func history(_ query: HistoryQuery) async throws -> HistoryPage {
        // First the tail: what leaves it meanwhile is in the indexes by then.
        let tail = state.withLock { $0.tail.find(query, limit: query.limit + 1) }
        return try await file.read { db in
            let found = try HistoryReader(query: query, db: db).ids(limit: query.limit + 1)
            // Below this id the indexes were not asked.
            let floor = found.ids.count > query.limit ? found.ids.last ?? 0 : found.end ?? 0
            let ids = found.ids.filter { !tail.known.contains($0) } + tail.matching.filter { $0 >= floor }
            let page = ids.sorted(by: >).prefix(query.limit)
            let next = ids.count > query.limit ? page.last : floor > 0 ? floor : nil
            return HistoryPage(executions: try ExecutionRow.fetch(db, ids: page, isBrief: true), nextBefore: next)
        }
    }

    package func index(threshold: Int) async throws -> Int {
        let (count, indexed) = state.withLock { ($0.tail.count, $0.tail.indexed) }
        guard count > 0, count >= threshold else { return 0 }
        // From the file, not from the tail: a commit may be known to the tail after the one that came after it.
        let (ids, position) = try await file.read { db in try HistoryIndex.missing(after: indexed, in: db) }
        // In steps, so that no other writer waits long. After a crash in between all of it is done again.
        for start in stride(from: 0, to: ids.count, by: HistoryLimits.indexStep) {
            let step = ids[start..<min(start + HistoryLimits.indexStep, ids.count)]
            try await file.write(.buffered) { db in try HistoryIndex.add(step, to: db) }
        }
        try await file.write(.buffered) { db in try Mark.indexed.set(position, in: db) }
        state.withLock { $0.tail.forget(upTo: position) }
        return ids.count
    }
}
