internal import ElvesCore
internal import Runner

/// What a journal says, in memory: a pure state machine over its records.
struct JournalImage {
    /// A result that waits for the center to record it. The result itself is on disk.
    struct Kept {
        var ended: EndedAttempt
        /// UTC milliseconds by this machine's clock.
        var endedAt: Int64
        var place: Place
        /// Milliseconds since the journal was opened when it was last said to the center; nil: not since then.
        var saidAt: Int64?
    }

    /// Where a record lies.
    struct Place: Hashable {
        /// Number of the segment; 0 in memory, because the disk did not take it.
        var segment: Int64
        var offset: Int64
        var length: Int32
    }

    /// What a kept result counts at least: its place in memory is not free either.
    static let leastCharge: Int64 = 1024

    private(set) var open: [AttemptKey: TakenAttempt] = [:]
    private(set) var kept: [AttemptKey: Kept] = [:]
    private(set) var recorded: [AttemptKey: EndedAttempt] = [:]
    /// Attempts of tasks up to this number may have been forgotten.
    private(set) var lowWater: Int64 = 0
    /// What the kept results count.
    private(set) var keptBytes: Int64 = 0

    func standing(of key: AttemptKey) -> AttemptStanding {
        if open[key] != nil { return .open }
        if kept[key] != nil { return .kept }
        if recorded[key] != nil { return .recorded }
        return key.taskId <= lowWater ? .forgotten : .never
    }

    /// Takes an attempt; false when it is known already.
    @discardableResult
    mutating func take(_ taken: TakenAttempt) -> Bool {
        guard open[taken.key] == nil, kept[taken.key] == nil, recorded[taken.key] == nil else { return false }
        open[taken.key] = taken
        return true
    }

    mutating func withdraw(_ key: AttemptKey) { open[key] = nil }

    /// Keeps an attempt's result; false when it is kept or recorded already.
    @discardableResult
    mutating func keep(_ key: AttemptKey, _ result: Kept) -> Bool {
        guard kept[key] == nil, recorded[key] == nil else { return false }
        open[key] = nil
        kept[key] = result
        keptBytes += Self.charge(result.place.length)
        return true
    }

    /// Drops a result that the center has recorded; nil when none is kept.
    mutating func record(_ key: AttemptKey) -> RecordedAttempt? {
        guard let result = kept.removeValue(forKey: key) else { return nil }
        keptBytes -= Self.charge(result.place.length)
        recorded[key] = result.ended
        return RecordedAttempt(key: key, ended: result.ended)
    }

    /// Notes an attempt as recorded, whatever was known of it.
    mutating func note(_ attempt: RecordedAttempt) {
        if record(attempt.key) == nil { recorded[attempt.key] = attempt.ended }
        open[attempt.key] = nil
    }

    /// A result lies elsewhere now.
    mutating func move(_ key: AttemptKey, from: Place, to place: Place) {
        if kept[key]?.place == from { kept[key]?.place = place }
    }

    /// A result was said to the center.
    mutating func said(_ key: AttemptKey, at now: Int64?) { kept[key]?.saidAt = now }

    /// Nothing is said any more of tasks up to this number that are not known.
    mutating func raise(lowWater mark: Int64) { lowWater = max(lowWater, mark) }

    /// The recorded attempts that go when only so many stay: those of the oldest tasks.
    func surplus(over limit: Int) -> [AttemptKey] {
        guard recorded.count > limit else { return [] }
        let sorted = recorded.keys.sorted { ($0.taskId, $0.attempt) < ($1.taskId, $1.attempt) }
        return Array(sorted.prefix(recorded.count - limit))
    }

    mutating func forget(_ keys: [AttemptKey]) {
        for key in keys { recorded[key] = nil }
        if let last = keys.last { raise(lowWater: last.taskId) }
    }

    /// The highest task that is known.
    var highest: Int64 {
        let tasks = [open.keys.lazy.map(\.taskId).max(), kept.keys.lazy.map(\.taskId).max()]
        return max(lowWater, tasks.compactMap { $0 }.max() ?? 0, recorded.keys.lazy.map(\.taskId).max() ?? 0)
    }

    /// Bytes of a snapshot, about.
    var liveBytes: Int64 { keptBytes + Int64(recorded.count) * 24 + Int64(open.count) * 160 }

    /// Takes a record that was read.
    mutating func apply(_ record: JournalRecord, at place: Place) {
        switch record {
        case .header(let header): raise(lowWater: header.lowWater)
        case .taken(let taken): take(taken)
        case .ended(let key, let ended, let at): keep(key, Kept(ended: ended, endedAt: at, place: place))
        case .recorded(let attempts): for attempt in attempts { note(attempt) }
        case .withdrawn(let key): withdraw(key)
        }
    }

    private static func charge(_ length: Int32) -> Int64 { max(Int64(length), leastCharge) }
}
