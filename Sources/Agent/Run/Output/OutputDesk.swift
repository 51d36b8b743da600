internal import ElvesContracts
internal import ElvesCore
internal import Runner

/// The outputs that are on their way to the center: whose turn it is, and when there is something to look at.
///
/// Owned by one loop. Tasks take turns, a chunk each, so a loud one does not hold up the others; together they have a
/// bound of bytes under way, which is all that this takes of the connection that commands come by.
struct OutputDesk {
    /// What became of a chunk.
    enum Outcome: Sendable {
        case answered(OutputCredit)
        /// It may have arrived, or not; another try may help.
        case unknown
        /// The center will not have it, and why.
        case refused(String)
    }

    /// Limits of an agent.
    struct Limits: Sendable {
        /// Bytes under way.
        var underWay: Int64 = 1 << 20
        /// Calls under way.
        var calls = 64
        /// Bytes of all copies.
        var stored: Int64 = 256 << 20
        /// Age at which a copy is given up.
        var age = Duration.seconds(86_400)
    }

    private struct Entry {
        var trail: OutputTrail
        var file: CopyFile?
        var endedAt: ContinuousClock.Instant?
        /// Whether it stands in line: there may be something to send.
        var isReady = false
    }

    /// How often the file of a running worker is looked at.
    static let pace = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)
    private static let sweepPause = Duration.seconds(1)

    private let folder: CopyFolder
    private let limits: Limits
    private var entries: [AttemptKey: Entry] = [:]
    /// Those that have something to send, whose turn is next first.
    private var line = TurnLine()
    private var underWay: Int64 = 0
    private var calls = 0
    /// While the center does not answer: when the next try is due, and how long to wait after it.
    private var down: (nextTry: ContinuousClock.Instant, pause: Duration)?
    private var nextLook: ContinuousClock.Instant?
    private var sweptAt: ContinuousClock.Instant?
    private var sweepIsDue = false

    init(_ folder: CopyFolder, limits: Limits = Limits()) {
        self.folder = folder
        self.limits = limits
    }

    /// Attempts whose output is not at the center yet.
    var count: Int { entries.count }

    // MARK: What happens

    /// A worker's output is to be sent from now on.
    mutating func follow(_ key: AttemptKey, asks: Bool = false) {
        guard entries[key] == nil else { return }
        entries[key] = Entry(trail: OutputTrail(key, asks: asks), file: folder.open(key))
        wake(key)
    }

    /// The attempt ended; `wrote` is nil when it has no copy.
    mutating func ended(_ key: AttemptKey, wrote: OutputCounts?, at now: ContinuousClock.Instant) {
        guard let wrote else { return drop(key) }
        follow(key)
        let file = entries[key]?.file ?? folder.open(key)
        entries[key]?.file = file
        entries[key]?.trail.wrote = wrote
        entries[key]?.endedAt = now
        wake(key)
        sweepIsDue = true
    }

    /// What an earlier life of this process has left: copies of attempts that still run are followed, those of
    /// attempts that ended are sent, others are rubbish.
    mutating func recover(_ keys: [AttemptKey], open: Set<AttemptKey>, at now: ContinuousClock.Instant) {
        for key in keys {
            if open.contains(key) {
                follow(key, asks: true)
            } else if let measure = folder.measure(key), .seconds(measure.age) < limits.age,
                let file = folder.open(key), let wrote = file.finish
            {
                var trail = OutputTrail(key, asks: true)
                trail.wrote = wrote
                entries[key] = Entry(trail: trail, file: file, endedAt: now - .seconds(measure.age))
                wake(key)
            } else {
                folder.remove(key)
            }
        }
        sweepIsDue = true
    }

    /// A chunk came back.
    mutating func landed(_ sending: OutputTrail.Sending, _ outcome: Outcome, at now: ContinuousClock.Instant) {
        underWay -= Int64(sending.chunk.part.bytes.count)
        calls -= 1
        wake(sending.key)
        switch outcome {
        case .answered(let answer):
            down = nil
            let file = entries[sending.key].flatMap(\.file)
            entries[sending.key]?.trail.answered(sending.number, answer, file: file, now: now)
            if entries[sending.key]?.trail.isDone == true { drop(sending.key) }
        case .unknown:
            let pause = min((down?.pause ?? Self.pace) * 2, Self.longestPause)
            // Those that went out together fail together: that is one failure.
            if down == nil || now >= down?.nextTry ?? now { down = (now + pause, pause) }
            entries[sending.key]?.trail.failed(sending.number, now: now)
        case .refused:
            down = nil
            drop(sending.key)
        }
    }

    // MARK: What to do

    /// The chunks that go out now.
    mutating func sendings(at now: ContinuousClock.Instant) -> [OutputTrail.Sending] {
        look(at: now)
        sweep(at: now)
        var sendings: [OutputTrail.Sending] = []
        while calls < limits.calls, limits.underWay - underWay >= Int64(OutputTrail.chunkLength) {
            // Until the center answers again, one asks for all.
            if let down, calls > 0 || now < down.nextTry { break }
            guard let key = line.next() else { break }
            guard let file = entries[key].map(\.file),
                let sending = entries[key]?.trail.next(from: file, now: now)
            else {
                entries[key]?.isReady = false
                continue
            }
            line.add(key)
            underWay += Int64(sending.chunk.part.bytes.count)
            calls += 1
            sendings.append(sending)
        }
        return sendings
    }

    private mutating func wake(_ key: AttemptKey) {
        guard entries[key]?.isReady == false else { return }
        entries[key]?.isReady = true
        line.add(key)
    }

    /// When there is something to do without news; nil: never.
    func wake(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if entries.isEmpty { return nil }
        if let down {
            if calls > 0 { return nil }
            if down.nextTry > now { return down.nextTry }
        }
        let nextSweep = sweepIsDue ? sweptAt.map { $0 + Self.sweepPause } : nil
        return [nextLook, nextSweep].compactMap { $0 }.min()
    }

    /// Looks for output that has come, and for pauses that have ended.
    private mutating func look(at now: ContinuousClock.Instant) {
        if let nextLook, nextLook > now { return }
        nextLook = nil
        for (key, entry) in entries {
            let isPausing = entry.trail.notBefore.map { $0 > now } ?? false
            if entry.endedAt == nil || isPausing { nextLook = now + Self.pace }
            if isPausing { continue }
            let file = entry.endedAt == nil ? entry.file ?? folder.open(key) : entry.file
            if entry.file == nil, file != nil { entries[key]?.file = file }
            if let file, file.size > entry.trail.fileOffset { wake(key) }
            if entry.trail.notBefore != nil { wake(key) }
        }
    }

    private mutating func drop(_ key: AttemptKey) {
        guard entries.removeValue(forKey: key) != nil else { return }
        folder.remove(key)
    }

    /// Gives up what is too old, and what is more than the disk is to hold: of those the ones that ended first.
    private mutating func sweep(at now: ContinuousClock.Instant) {
        guard sweepIsDue || sweptAt != nil, now >= (sweptAt ?? now - Self.sweepPause) + Self.sweepPause else { return }
        sweptAt = entries.isEmpty ? nil : now
        sweepIsDue = false
        var stored: Int64 = 0
        for key in entries.keys { stored += folder.measure(key)?.size ?? 0 }
        let ended = entries.compactMap { key, entry in entry.endedAt.map { (key: key, at: $0) } }
        for (key, at) in ended.sorted(by: { $0.at < $1.at }) {
            if now - at > limits.age {
                drop(key)
            } else if stored > limits.stored {
                stored -= folder.measure(key)?.size ?? 0
                // The center hears how much it does not get.
                folder.remove(key)
                entries[key]?.file = nil
            } else {
                break
            }
        }
    }
}

/// A line in which all take turns. One that has left is passed over by whoever asks for the next.
private struct TurnLine {
    private var keys: [AttemptKey] = []
    private var first = 0

    mutating func add(_ key: AttemptKey) { keys.append(key) }

    mutating func next() -> AttemptKey? {
        guard first < keys.count else { return nil }
        defer {
            first += 1
            // Half of it has gone: the rest moves up, which costs each of them one step.
            if first * 2 > keys.count {
                keys.removeFirst(first)
                first = 0
            }
        }
        return keys[first]
    }
}
