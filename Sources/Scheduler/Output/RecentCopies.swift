/// The copies that were written or read last, of a bounded number of attempts.
struct RecentCopies: Sendable {
    private struct Entry {
        var copy: AttemptCopy
        var touched: Int64
    }

    private var entries: [AttemptName: Entry] = [:]
    private var turns: Int64 = 0

    var count: Int { entries.count }

    subscript(key: AttemptName) -> AttemptCopy? { entries[key]?.copy }

    /// Keeps a copy; when there are more than `limit`, a quarter of them go, the ones that were kept longest ago.
    mutating func keep(_ copy: AttemptCopy, limit: Int) {
        turns += 1
        entries[copy.key] = Entry(copy: copy, touched: turns)
        guard entries.count > limit else { return }
        let oldest = entries.values.map(\.touched).sorted()
        let bound = oldest[entries.count / 4]
        entries = entries.filter { $0.value.touched > bound }
    }
}

/// How many attempts have sent something in the last second or two.
struct SenderCount: Sendable {
    private static let window: Int64 = 1_000_000
    private var start: Int64 = 0
    private var current: Set<AttemptName> = []
    private var last = 0

    /// At least 1.
    var count: Int { max(1, current.count, last) }

    mutating func note(_ key: AttemptName, now: Int64) {
        if now - start >= Self.window {
            last = now - start < 2 * Self.window ? current.count : 0
            current.removeAll(keepingCapacity: true)
            start = now
        }
        current.insert(key)
    }
}

/// Ended attempts whose copies are not complete, each with the same patience: those that ended first are due first.
struct EndedAttempts: Sendable {
    private static let limit = 100_000
    private var dues: [AttemptName: Int64] = [:]
    private var order: [(key: AttemptName, due: Int64)] = []
    private var head = 0

    func due(_ key: AttemptName) -> Int64? { dues[key] }

    mutating func add(_ key: AttemptName, until due: Int64) {
        guard dues[key] == nil, dues.count < Self.limit else { return }
        dues[key] = due
        order.append((key, due))
    }

    /// Its copy is complete.
    mutating func remove(_ key: AttemptName) { dues[key] = nil }

    /// Forgets those that are no longer waited for; answers with their tasks' keys.
    mutating func takeDue(_ now: Int64) -> [AttemptName] {
        var taken: [AttemptName] = []
        while head < order.count, order[head].due <= now {
            if dues.removeValue(forKey: order[head].key) != nil { taken.append(order[head].key) }
            head += 1
        }
        if head > 1_000, head * 2 > order.count {
            order.removeFirst(head)
            head = 0
        }
        return taken
    }
}
