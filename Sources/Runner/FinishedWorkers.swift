/// Ends of workers: those that nobody took yet, and the last few that someone did, in case the answer was lost.
struct FinishedWorkers {
    /// What untaken ends may come to; past it the oldest lose their outputs, where their results are elsewhere, and
    /// then are dropped.
    struct Limits {
        var count = 10_000
        /// Bytes of output and results, all together.
        var bytes = 16 << 20
        /// Monotonic nanoseconds: a day.
        var age: Int64 = 86_400 * 1_000_000_000
    }

    /// An end that was dropped before anyone took it, and which limit said so.
    struct Dropped: Hashable {
        var key: AttemptKey
        var limit: String
    }

    private struct Kept {
        var end: WorkerEnd
        var at: Int64
        /// Whether its outputs are only for people.
        var mayLoseOutput: Bool
    }

    private static let keptCount = 64
    private static let keptBytes = 1 << 16

    private let limits: Limits
    private var untaken: [AttemptKey: Kept] = [:]
    /// Untaken ends, oldest first, and such that were taken since.
    private var order: [AttemptKey] = []
    private var oldest = 0
    /// Those before it have no outputs to lose any more.
    private var nextToShorten = 0
    private var untakenBytes = 0
    private var taken: [WorkerEnd] = []

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Attempts whose ends nobody took.
    var untakenKeys: [AttemptKey] { Array(untaken.keys) }

    func contains(_ key: AttemptKey) -> Bool {
        untaken[key] != nil || taken.contains { $0.key == key }
    }

    /// Stores an end that had no one waiting for it; `now` is in monotonic nanoseconds.
    ///
    /// `mayLoseOutput`: it says how the worker ended without its outputs, too. Answers with those that had to go for it.
    mutating func keep(_ end: WorkerEnd, mayLoseOutput: Bool = false, now: Int64) -> [Dropped] {
        let kept = Kept(end: end, at: now, mayLoseOutput: mayLoseOutput)
        if let before = untaken.updateValue(kept, forKey: end.key) { untakenBytes -= before.end.size }
        untakenBytes += end.size
        order.append(end.key)
        return dropOld(now: now)
    }

    /// Drops what is too old, or too much.
    mutating func dropOld(now: Int64) -> [Dropped] {
        var dropped: [Dropped] = []
        while let key = oldestKey(), let kept = untaken[key] {
            let limit: String
            if now - kept.at > limits.age {
                limit = "age"
            } else if untaken.count > limits.count {
                limit = "count"
            } else if untakenBytes > limits.bytes {
                if shortenOldest() { continue }
                limit = "bytes"
            } else {
                break
            }
            remove(key)
            dropped.append(Dropped(key: key, limit: limit))
        }
        return dropped
    }

    private mutating func oldestKey() -> AttemptKey? {
        while oldest < order.count {
            if untaken[order[oldest]] != nil { return order[oldest] }
            oldest += 1
            if oldest > 1000, oldest * 2 > order.count {
                order.removeFirst(oldest)
                nextToShorten = max(0, nextToShorten - oldest)
                oldest = 0
            }
        }
        return nil
    }

    /// Takes the outputs of the oldest end that may lose them; false when there is none.
    private mutating func shortenOldest() -> Bool {
        nextToShorten = max(nextToShorten, oldest)
        while nextToShorten < order.count {
            let key = order[nextToShorten]
            nextToShorten += 1
            guard var kept = untaken[key], kept.mayLoseOutput else { continue }
            let before = kept.end.size
            kept.end.output = CapturedBytes(dropped: kept.end.output.count)
            kept.end.errors = CapturedBytes(dropped: kept.end.errors.count)
            untaken[key] = kept
            untakenBytes -= before - kept.end.size
            return true
        }
        return false
    }

    /// The end of an attempt, now taken.
    mutating func take(_ key: AttemptKey) -> WorkerEnd? {
        guard let end = remove(key) else { return taken.first { $0.key == key } }
        remember(end)
        return end
    }

    /// Remembers an end that was handed over, if it is small.
    mutating func remember(_ end: WorkerEnd) {
        guard end.size <= Self.keptBytes else { return }
        if taken.count == Self.keptCount { taken.removeFirst() }
        taken.append(end)
    }

    @discardableResult private mutating func remove(_ key: AttemptKey) -> WorkerEnd? {
        guard let kept = untaken.removeValue(forKey: key) else { return nil }
        untakenBytes -= kept.end.size
        return kept.end
    }
}

extension WorkerEnd {
    /// Bytes of output and result that it holds.
    fileprivate var size: Int {
        output.head.count + output.tail.count + errors.head.count + errors.tail.count + result.count
    }
}
