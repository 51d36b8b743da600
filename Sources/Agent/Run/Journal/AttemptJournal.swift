package import ElvesContracts
package import ElvesCore
internal import Glibc
package import Runner
internal import ServiceCore
internal import Synchronization
internal import Thrift

/// Every attempt that this agent took: written before its worker starts, and with its whole result at its end, which
/// is kept until the center has recorded it.
///
/// A write goes to the kernel before it returns, so it survives the agent's death; a durable attempt's goes to the
/// disk. Safe from any thread.
package final class AttemptJournal: Sendable {
    /// What keeps a journal small.
    package struct Limits: Sendable {
        /// Recorded attempts that are remembered, so that they are not started again.
        package var remembered = 10_000
        /// Bytes of results that wait to be recorded; past it no attempt is taken.
        package var kept: Int64 = 64 << 20
        /// Bytes on disk, beyond what is worth keeping twice over, that make it worth a rewriting.
        package var garbage: Int64 = 4 << 20

        package init() {}
    }

    /// Recorded attempts that may gather beyond the limit until they are forgotten together.
    private static let surplus = 5

    /// Attempts that had been taken and had not ended when the journal was opened, oldest task first.
    package let open: [TakenAttempt]
    /// Whether the machine has been started anew since they were taken: no worker of theirs is left.
    package let isOfEarlierBoot: Bool
    /// What was wrong when it was opened: ends that were cut.
    package let problems: [ElvesError]
    let folder: JournalFolder
    let disk: JournalDisk
    let state: Mutex<JournalState>
    private let boot: String
    private let limits: Limits
    private let openedAt = ContinuousClock.now

    /// Opens the journal in a folder: reads it, cuts what is not whole, and rewrites it when that is worth it.
    ///
    /// - Parameters:
    ///   - disk: where it blocks; many journals may share one.
    ///   - boot: which start of the machine this is.
    ///   - wallMs: the wall clock's UTC milliseconds.
    package init(
        folder path: String, disk: JournalDisk = JournalDisk(), limits: Limits = Limits(),
        boot: String = BootIdentity.current, wallMs: Int64 = SystemClock.now()
    ) throws(ElvesError) {
        let opening: JournalOpening
        do throws(ElvesError) {
            opening = try JournalOpening(JournalFolder(path: path), limits: limits, boot: boot, wallMs: wallMs)
        } catch {
            throw error.ofJournal
        }
        folder = opening.folder
        self.disk = disk
        self.limits = limits
        self.boot = boot
        problems = opening.problems
        isOfEarlierBoot = opening.isOfEarlierBoot
        open = opening.image.open.values.sorted { ($0.key.taskId, $0.key.attempt) < ($1.key.taskId, $1.key.attempt) }
        wasCut = !opening.problems.isEmpty
        state = Mutex(
            JournalState(
                image: opening.image, segment: opening.segment, oldBytes: opening.oldBytes, folder: opening.folder,
                boot: boot))
    }

    /// Whether it was cut when it was opened: in this life it cannot tell any more what it never took, whatever the
    /// clock said. After it the low-water mark that was raised then says so of the tasks of that time.
    package let wasCut: Bool

    /// What is known of an attempt.
    package func standing(of key: AttemptKey) -> AttemptStanding {
        let standing = state.withLock { $0.image.standing(of: key) }
        return standing == .never && wasCut ? .forgotten : standing
    }

    /// Takes an attempt: false when it was taken before. It is on record when this returns, on the disk when it is
    /// durable.
    package func begin(_ taken: TakenAttempt) async throws(ElvesError) -> Bool {
        let segment = try state.withLock { state throws(ElvesError) -> LiveSegment? in
            guard !state.isClosed else { throw ElvesError(.agentStopping) }
            guard state.image.keptBytes < limits.kept else {
                throw ElvesError(
                    .agentJournalFull,
                    "the journal holds \(state.image.kept.count) results that the center has not recorded, "
                        + "\(ByteSizeText.format(state.image.keptBytes)) of \(ByteSizeText.format(limits.kept))")
            }
            guard state.image.take(taken) else { return nil }
            do throws(ElvesError) {
                if taken.isDurable { try state.openNames() }
                _ = try state.append(.taken(taken))
            } catch {
                state.image.withdraw(taken.key)
                throw error.ofJournal
            }
            return state.segment
        }
        guard let segment else { return false }
        if taken.isDurable { try await sync(taken.key, in: segment) }
        return true
    }

    private func sync(_ key: AttemptKey, in segment: LiveSegment) async throws(ElvesError) {
        var failure: Int32 = 0
        if let names = segment.names {
            failure = await disk.sync(names)
            // Some file systems sync no folders.
            if failure == EINVAL { failure = 0 }
        }
        if failure == 0 { failure = await disk.sync(segment.file) }
        let problem = state.withLock { state -> ElvesError? in
            guard failure != 0 else {
                if state.segment.number == segment.number {
                    state.segment.isNamed = true
                    state.segment.names = nil
                }
                return nil
            }
            errno = failure
            let error = Disk.error("sync", folder.segment(segment.number)).ofJournal
            state.image.withdraw(key)
            _ = try? state.append(.withdrawn(key))
            // What the kernel could not write it may have dropped: everything is written anew, elsewhere.
            state.patience = 0
            startRewriting(&state)
            return error
        }
        if let problem { throw problem }
    }

    /// Keeps an attempt's result until the center has recorded it. An error says that the disk did not take it yet:
    /// it is held in memory, and written when that is possible.
    ///
    /// - Parameter isHeard: whether someone waits for the answer; if not it is due for the center at once.
    @discardableResult
    package func end(
        _ key: AttemptKey, _ result: TaskResult, at: Int64, wasStarted: Bool = true, isHeard: Bool = true
    ) -> ElvesError? {
        state.withLock { state in
            guard !state.isClosed, let taken = state.image.open[key] else { return nil }
            let ended = EndedAttempt(
                state: result.state, isDurable: taken.isDurable, wasStarted: wasStarted, takenAt: taken.at)
            var result = result
            result.app = taken.app
            result.func = taken.function
            result.takenAt = taken.at
            let record = JournalRecord.ended(key, ended, at: at)
            let saidAt = isHeard ? now : nil
            do throws(ElvesError) {
                try state.flushHeld()
                let place = try state.append(record, result: result)
                state.image.keep(key, .init(ended: ended, endedAt: at, place: place, saidAt: saidAt))
            } catch {
                let place = state.hold(record, result: result, for: key)
                state.image.keep(key, .init(ended: ended, endedAt: at, place: place, saidAt: saidAt))
                return error
            }
            rewriteIfWorthIt(&state)
            return nil
        }
    }

    /// The center has the results of these: they need not be kept. Others are passed over.
    package func record(_ attempts: [AttemptRef]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            for attempt in attempts { state.record(AttemptKey(attempt)) }
            rewriteIfWorthIt(&state)
        }
    }

    /// Writes what waits to be written; an error says that the disk does not take it.
    @discardableResult
    package func flush() -> ElvesError? {
        state.withLock { state in
            do throws(ElvesError) { try state.flush() } catch { return error }
            return nil
        }
    }

    /// Writes what waits to be written. Nothing is taken, ended or recorded any more.
    package func close() {
        state.withLock { state in
            try? state.flush()
            state.isClosed = true
        }
    }

    /// Milliseconds since it was opened.
    var now: Int64 { (.now - openedAt).wholeMilliseconds }

    // MARK: Rewriting

    private func rewriteIfWorthIt(_ state: inout JournalState) {
        let isLong = state.bytes > 2 * state.image.liveBytes + limits.garbage
        let isMany = state.image.recorded.count > limits.remembered + limits.remembered / Self.surplus
        if isLong || isMany, state.bytes > state.patience { startRewriting(&state) }
    }

    private func startRewriting(_ state: inout JournalState) {
        guard !state.isRewriting, !state.isClosed else { return }
        state.isRewriting = true
        disk.start { [weak self] in self?.rewrite() }
    }

    /// Writes what is worth keeping into a snapshot, while new records go into a segment behind it.
    private func rewrite() {
        let before = state.withLock { state -> (JournalImage, [AttemptKey: [UInt8]], Int64)? in
            let last = state.segment.number
            guard !state.isClosed, (try? state.roll(to: last + 2)) != nil else { return nil }
            return (state.image, state.unsaved, last)
        }
        guard let (whole, unsaved, last) = before else { return rewritingFailed() }
        var image = whole
        let surplus = image.surplus(over: limits.remembered)
        image.forget(surplus)
        let snapshot = JournalSnapshot(folder: folder, image: image, unsaved: unsaved, boot: boot)
        guard let written = try? snapshot.write(as: last + 1) else { return rewritingFailed() }
        for number in folder.numbers where number <= last { Disk.remove(folder.segment(number)) }
        state.withLock { state in
            for (key, move) in written.moves { state.moved(key, from: move.from, to: move.to) }
            state.image.forget(surplus)
            state.oldBytes = written.segment.size
            state.patience = 0
            state.isRewriting = false
        }
    }

    private func rewritingFailed() {
        state.withLock { state in
            state.patience = state.bytes + limits.garbage
            state.isRewriting = false
        }
    }
}
