internal import Logging
internal import Synchronization

/// Ends that wait on the disk until somebody takes them. Blocks nobody: the disk's thread does the work.
final class EndShelf: Sendable {
    private let folder: String
    private let disk: DiskWriter
    private let logger: Logger?
    private let state: Mutex<ShelvedEnds>

    /// Removes what lies in the place. `logger` is told what is lost, or cannot be written.
    init(_ place: EndPlace, disk: DiskWriter, logger: Logger? = nil) {
        folder = place.folder
        self.disk = disk
        self.logger = logger
        state = Mutex(ShelvedEnds(place))
        EndFile.clear(folder)
    }

    /// Attempts whose ends nobody took.
    var untakenKeys: [AttemptKey] { state.withLock { $0.untakenKeys } }

    func contains(_ key: AttemptKey) -> Bool { state.withLock { $0.contains(key) } }

    /// Writes an end that came at a time (monotonic nanoseconds); others may have to go for it. `done` comes from the
    /// disk's thread: false when the end could not be written, and is not here.
    func put(_ end: WorkerEnd, at: Int64, done: @escaping @Sendable (_ isWritten: Bool) -> Void) {
        let isTaken = disk.perform { [self] in done(write(end, at: at)) }
        if !isTaken { done(false) }
    }

    private func write(_ end: WorkerEnd, at: Int64) -> Bool {
        do throws(EndFile.Failure) {
            try EndFile.prepare(folder)
            let bytes = try EndFile(end.key, in: folder).write(end)
            remove(state.withLock { $0.add(end.key, bytes: bytes, at: at) })
            return true
        } catch {
            logger?.warning(
                "an end that no agent took cannot be written, and stays in memory",
                metadata: ["attempt": "\(end.key.marker)", "error": "\(error.text)"])
            return false
        }
    }

    /// The end of an attempt, now taken; nil when it is not here, or cannot be read any more.
    func take(_ key: AttemptKey) async -> WorkerEnd? {
        guard contains(key) else { return nil }
        return await withCheckedContinuation { continuation in
            let isTaken = disk.perform { [self] in continuation.resume(returning: read(key)) }
            if !isTaken { continuation.resume(returning: nil) }
        }
    }

    /// On the disk's thread, where what is put may push others out.
    private func read(_ key: AttemptKey) -> WorkerEnd? {
        guard contains(key) else { return nil }
        do throws(EndFile.Failure) {
            let end = try EndFile(key, in: folder).read(key)
            state.withLock { $0.take(key) }
            return end
        } catch {
            logger?.error(
                "an end that no agent took is lost", metadata: ["attempt": "\(key.marker)", "error": "\(error.text)"])
            forget(key)
            return nil
        }
    }

    /// Removes an end that nobody needs here.
    func forget(_ key: AttemptKey) {
        state.withLock { $0.forget(key) }
        remove([ShelvedEnds.Gone(key: key)])
    }

    /// Drops what is too old.
    func dropOld(now: Int64) { remove(state.withLock { $0.dropOld(now: now) }) }

    private func remove(_ gone: [ShelvedEnds.Gone]) {
        guard !gone.isEmpty else { return }
        for end in gone { if let limit = end.limit { logger?.sayDropped(end.key, limit: limit) } }
        _ = disk.perform { [folder] in for end in gone { EndFile(end.key, in: folder).remove() } }
    }
}
