import ElvesCore

/// Ended tasks that are recorded and not yet in the indexes of lists. A value: it lives in a Mutex.
struct HistoryTail {
    private var entries: [ElvesID: (position: Int64, entry: HistoryEntry)] = [:]
    /// Ends up to this position are in the indexes.
    private(set) var indexed: Int64

    init(indexed: Int64) { self.indexed = indexed }

    var count: Int { entries.count }

    /// Takes in an end, unless the indexes have it already: commits are told of in any order.
    mutating func add(_ entry: HistoryEntry, at position: Int64) {
        guard position > indexed, position > entries[entry.id]?.position ?? 0 else { return }
        entries[entry.id] = (position, entry)
    }

    /// Notes that the indexes have come up to `position`.
    mutating func forget(upTo position: Int64) {
        indexed = max(indexed, position)
        entries = entries.filter { $0.value.position > position }
    }

    mutating func remove(_ ids: [ElvesID]) {
        for id in ids { entries[id] = nil }
    }

    /// Every id here in the query's range, for the indexes may know it in an earlier state; and up to `limit` of those
    /// that match, newest first.
    func find(_ query: HistoryQuery, limit: Int) -> (known: Set<Int64>, matching: [Int64]) {
        var known = Set<Int64>()
        var matching: [Int64] = []
        for (id, (_, entry)) in entries where query.covers(id) {
            known.insert(id.rawValue)
            if query.matches(entry) { matching.append(id.rawValue) }
        }
        matching.sort(by: >)
        return (known, Array(matching.prefix(limit)))
    }
}
