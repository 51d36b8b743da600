internal import CElvesProcess
internal import Logging

/// Ends of workers until somebody takes them: in memory, and on the disk what is more than memory should hold.
///
/// Belongs to its host's thread.
struct UntakenEnds {
    private var memory = FinishedWorkers()
    private let shelf: EndShelf?
    private let logger: Logger?

    /// `place`: on the disk; nil: there is none. `logger` is told of ends that are lost.
    init(_ place: EndPlace?, disk: DiskWriter, logger: Logger?) {
        shelf = place.map { EndShelf($0, disk: disk, logger: logger) }
        self.logger = logger
    }

    /// Attempts whose ends nobody took; one that is being written may be in both.
    var keys: Set<AttemptKey> { Set(memory.untakenKeys).union(shelf?.untakenKeys ?? []) }

    func contains(_ key: AttemptKey) -> Bool { memory.contains(key) || shelf?.contains(key) == true }

    /// Stores an end that had no one waiting for it; see `FinishedWorkers`.
    mutating func keep(_ end: WorkerEnd, mayLoseOutput: Bool) {
        say(memory.keep(end, mayLoseOutput: mayLoseOutput, now: elves_monotonic_ns()))
    }

    /// An end that is in memory, now taken.
    mutating func take(_ key: AttemptKey) -> WorkerEnd? { memory.take(key) }

    /// Takes an end that is on the disk.
    var takeFromDisk: @Sendable (AttemptKey) async -> WorkerEnd? { { [shelf] in await shelf?.take($0) } }

    /// Remembers an end that was handed over.
    mutating func remember(_ end: WorkerEnd) { memory.remember(end) }

    /// Drops what is too old, or too much.
    mutating func dropOld() {
        let now = elves_monotonic_ns()
        say(memory.dropOld(now: now))
        shelf?.dropOld(now: now)
    }

    /// Has what memory should not hold written; `settled` comes from the disk's thread for each, and is for `settle`.
    mutating func shelve(_ settled: @escaping @Sendable (_ key: AttemptKey, _ isWritten: Bool) -> Void) {
        guard let shelf else { return }
        while let next = memory.surplus(now: elves_monotonic_ns()) {
            shelf.put(next.end, at: next.at) { [key = next.end.key] isWritten in settled(key, isWritten) }
        }
    }

    /// An end was written, or could not be.
    mutating func settle(_ key: AttemptKey, isWritten: Bool) {
        guard isWritten else { return say(memory.stays(key, now: elves_monotonic_ns())) }
        if !memory.left(key) { shelf?.forget(key) }
    }

    private func say(_ dropped: [FinishedWorkers.Dropped]) {
        for end in dropped { logger?.sayDropped(end.key, limit: end.limit) }
    }
}

extension Logger {
    /// An end goes that no agent took: its task ends `unknown`.
    func sayDropped(_ key: AttemptKey, limit: String) {
        warning("an end that no agent took is dropped", metadata: ["attempt": "\(key.marker)", "limit": "\(limit)"])
    }
}
