/// Ends of workers in memory: those that nobody took yet, and the last few that someone did, in case the answer was
/// lost.
struct FinishedWorkers {
    /// What untaken ends may come to; past it the oldest lose their outputs, where their results are elsewhere, and
    /// then are dropped.
    struct Limits {
        var count = 10_000
        /// Bytes of output and results, all together.
        var bytes = 16 << 20
        /// Monotonic nanoseconds: a day.
        var age = EndPlace.day
        /// Past these the oldest should leave for the disk, where there is one.
        var stayingCount = 2_000
        var stayingBytes = 4 << 20
        /// Bytes of all together while some of them are on their way to the disk.
        var burst = 64 << 20
        /// Monotonic nanoseconds for which a disk that took none is offered none: ten seconds.
        var rest: Int64 = 10_000_000_000
    }

    /// An end that was dropped before anyone took it, and which limit said so.
    struct Dropped: Hashable {
        var key: AttemptKey
        var limit: String
    }

    /// An end that should leave, and when it came.
    struct Surplus: Hashable {
        var end: WorkerEnd
        var at: Int64
    }

    private struct Kept {
        var end: WorkerEnd
        var at: Int64
        /// Whether its outputs are only for people.
        var mayLoseOutput: Bool
        /// Its bytes while it is on its way to the disk.
        var leavingBytes: Int?
    }

    private static let keptCount = 64
    private static let keptBytes = 1 << 16

    private let limits: Limits
    private var untaken: [AttemptKey: Kept] = [:]
    private var order = ArrivalOrder()
    /// Those before it have no outputs to lose any more.
    private var nextToShorten = 0
    /// Those before it have left, or are on their way.
    private var nextToLeave = 0
    private var restsUntil = Int64.min
    private var untakenBytes = 0
    private var leavingCount = 0
    private var leavingBytes = 0
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
        remove(end.key)
        untaken[end.key] = Kept(end: end, at: now, mayLoseOutput: mayLoseOutput)
        untakenBytes += end.size
        order.append(end.key)
        return dropOld(now: now)
    }

    /// Drops what is too old, or too much.
    mutating func dropOld(now: Int64) -> [Dropped] {
        var dropped: [Dropped] = []
        while let key = order.oldest(where: { untaken[$0] != nil }), let kept = untaken[key] {
            let limit: String
            if now - kept.at > limits.age {
                limit = "age"
            } else if untaken.count - leavingCount > limits.count {
                limit = "count"
            } else if untakenBytes - leavingBytes > limits.bytes || untakenBytes > limits.burst {
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

    /// Takes the outputs of the oldest end that may lose them; false when there is none.
    private mutating func shortenOldest() -> Bool {
        nextToShorten = max(nextToShorten, order.oldest)
        while nextToShorten < order.end {
            let key = order[nextToShorten]
            nextToShorten += 1
            guard var kept = untaken[key], kept.mayLoseOutput, kept.leavingBytes == nil else { continue }
            let before = kept.end.size
            kept.end.output = CapturedBytes(dropped: kept.end.output.count)
            kept.end.errors = CapturedBytes(dropped: kept.end.errors.count)
            untaken[key] = kept
            untakenBytes -= before - kept.end.size
            return true
        }
        return false
    }

    // MARK: To the disk

    /// The oldest end of those that are more than should stay; it is kept until it `left`, or `stays`.
    mutating func surplus(now: Int64) -> Surplus? {
        guard now >= restsUntil else { return nil }
        let isMuch =
            untaken.count - leavingCount > limits.stayingCount || untakenBytes - leavingBytes > limits.stayingBytes
        guard isMuch else { return nil }
        nextToLeave = max(nextToLeave, order.oldest)
        while nextToLeave < order.end {
            let key = order[nextToLeave]
            nextToLeave += 1
            guard let kept = untaken[key], kept.leavingBytes == nil else { continue }
            untaken[key]?.leavingBytes = kept.end.size
            leavingCount += 1
            leavingBytes += kept.end.size
            return Surplus(end: kept.end, at: kept.at)
        }
        return nil
    }

    /// An end is on the disk now; false when it was taken, or dropped, meanwhile.
    mutating func left(_ key: AttemptKey) -> Bool {
        guard untaken[key]?.leavingBytes != nil else { return false }
        return remove(key) != nil
    }

    /// The disk did not take an end: it and all others stay for a while.
    mutating func stays(_ key: AttemptKey, now: Int64) -> [Dropped] {
        if let bytes = untaken[key]?.leavingBytes {
            untaken[key]?.leavingBytes = nil
            leavingCount -= 1
            leavingBytes -= bytes
        }
        nextToLeave = order.oldest
        restsUntil = now + limits.rest
        return dropOld(now: now)
    }

    // MARK: Taking

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
        if let bytes = kept.leavingBytes {
            leavingCount -= 1
            leavingBytes -= bytes
        }
        return kept.end
    }
}

extension WorkerEnd {
    /// Bytes of output and result that it holds.
    fileprivate var size: Int {
        output.head.count + output.tail.count + errors.head.count + errors.tail.count + result.count
    }
}
