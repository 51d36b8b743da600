package import AgentLinks
package import ElvesCore
package import Logging
import Synchronization

/// Copies of what workers write, in segment files: agents send them piece by piece, readers follow.
///
/// A piece is answered when it is written, and the end of an output when it is safe from a power loss. One thread
/// writes, for all callers that came meanwhile at once; nothing blocks the caller's own.
package final class OutputStore: Sendable {
    /// A piece whose caller waits.
    struct Job: Sendable {
        let key: AttemptName
        let agent: ElvesID
        let piece: OutputPiece
        let answer: CheckedContinuation<Result<OutputGrant, ElvesError>, Never>

        /// Bytes that it takes, about.
        var weight: Int { piece.bytes.count + PieceHeader.size }
    }

    struct State {
        var jobs: [Job] = []
        /// Bytes in `jobs`, and in those that are being written.
        var waitingBytes = 0
        /// Whether the writer is at work.
        var isWriting = false
        /// Oldest first.
        var closed: [ClosedSegment] = []
        var open: OpenSegment?
        var nextNumber: Int64 = 1
        var copies = RecentCopies()
        var senders = SenderCount()
        /// Attempts that ended while a part of their output was still to come, and until when it is waited for.
        var ended = EndedAttempts()
        var counts = OutputCounts()
        /// What agents sent for tasks of which there is no record.
        var forgotten: [ElvesID: ForgottenOutput] = [:]
        /// Why pieces cannot be written; nil while they can.
        var failure: String?
    }

    let folder: String
    let options: OutputOptions
    let time: Timekeeper
    let logger: Logger
    /// On the monotonic clock.
    let openedMicros: Int64
    let followers = OutputFollowers()
    let state: Mutex<State>
    let writing = DiskQueue("output.write")
    private let reading = [DiskQueue("output.read-1"), DiskQueue("output.read-2")]

    /// Opens the folder, which is made when it is not there, and reads what a crash left without an index.
    package init(
        folder: String, options: OutputOptions = OutputOptions(), time: Timekeeper = .system, logger: Logger
    ) throws(ElvesError) {
        self.folder = folder
        self.options = options
        self.time = time
        self.logger = logger
        openedMicros = time.micros()
        try DataFolder.make(folder)
        let opening = SegmentOpening(folder: folder, nowMs: time.wallMs(), logger: logger)
        state = Mutex(try opening.run())
    }

    // MARK: Writing

    /// Takes the next piece of an attempt's output. One that was taken before, or that comes too early, is answered
    /// with what is wanted instead. Fails only for the piece of another agent's task, and when too many wait.
    package func take(
        _ piece: OutputPiece, of key: AttemptName, from agent: ElvesID
    ) async throws(ElvesError) -> OutputGrant {
        try Self.check(piece, of: key)
        let result: Result<OutputGrant, ElvesError> = await withCheckedContinuation { answer in
            enqueue(Job(key: key, agent: agent, piece: piece, answer: answer))
        }
        return try result.get()
    }

    private func enqueue(_ job: Job) {
        enum Turn { case start, wait, refuse }
        let now = time.micros()
        let turn = state.withLock { state -> Turn in
            guard state.waitingBytes + job.weight <= options.waitingBytes || state.jobs.isEmpty else { return .refuse }
            state.jobs.append(job)
            state.waitingBytes += job.weight
            state.senders.note(job.key, now: now)
            guard !state.isWriting else { return .wait }
            state.isWriting = true
            return .start
        }
        switch turn {
        case .start: writing.start { self.writeAll() }
        case .wait: break
        case .refuse:
            job.answer.resume(
                returning: .failure(
                    ElvesError(
                        .elvesOverloaded, "\(options.waitingBytes) bytes of output wait to be written already",
                        hint: "send it again in a moment")))
        }
    }

    private static func check(_ piece: OutputPiece, of key: AttemptName) throws(ElvesError) {
        guard key.number >= 1, key.number < 1 << 17 else {
            throw ElvesError(.schedulerRequestInvalid, "attempt \(key.number); attempts count from 1")
        }
        guard piece.bytes.count <= PieceHeader.longest else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "a piece of \(piece.bytes.count) bytes; at most \(PieceHeader.longest) are taken")
        }
        guard (0...1 << 44).contains(piece.offset), (0...1 << 60).contains(piece.dropped) else {
            throw ElvesError(
                .schedulerRequestInvalid, "a piece at \(piece.offset) with \(piece.dropped) bytes missing before it")
        }
    }

    // MARK: Knowing

    /// Whether the agent has sent output of this attempt lately, and it is a task's that has a record.
    func isKnown(_ key: AttemptName, of agent: ElvesID) -> Bool {
        state.withLock { state in
            guard state.copies[key]?.agent == agent else { return false }
            return state.forgotten.isEmpty || state.forgotten[agent]?.keys.contains(key) != true
        }
    }

    /// Notes that the attempt's task has a record.
    func recognize(_ key: AttemptName, of agent: ElvesID) {
        state.withLock { state in
            guard !state.forgotten.isEmpty else { return }
            state.forgotten[agent]?.keys.remove(key)
        }
    }

    /// Takes so many bytes out of what the agent may send for tasks without a record; false when that is used up.
    func allowForgotten(_ key: AttemptName, of agent: ElvesID, bytes: Int) -> Bool {
        state.withLock { state in
            state.forgotten[agent, default: ForgottenOutput()].take(key, bytes, limit: options.forgottenBytes)
        }
    }

    /// Notes that an attempt ends, and how many bytes its agent sends beside the result; nil: none.
    func attemptEnds(_ key: AttemptName, copiedBytes: Int64?) {
        let due = time.micros() + options.restMs * 1_000
        state.withLock { state in
            let begun = state.copies[key]
            if begun?.isComplete == true || copiedBytes ?? 0 <= 0 && begun == nil { return }
            state.ended.add(key, until: due)
        }
    }

    /// Until when the rest of an ended attempt's copy is waited for, in monotonic microseconds; nil: no longer.
    ///
    /// - Parameter isMissed: whether what is here is not all that the worker wrote.
    func restDue(_ key: AttemptName, isMissed: Bool) -> Int64? {
        let now = time.micros()
        // Right after a start it is not known what agents still have.
        let afterStart = openedMicros + options.restMs * 1_000
        let due = state.withLock { $0.ended.due(key) } ?? (isMissed ? afterStart : 0)
        return due > now ? due : nil
    }

    /// Counters and gauges by name.
    package var figures: [String: Int64] {
        state.withLock { state in
            [
                "output_bytes": state.closed.reduce(0) { $0 + $1.size } + (state.open?.end ?? 0),
                "output_segments": Int64(state.closed.count + (state.open == nil ? 0 : 1)),
                "output_taken_bytes": state.counts.takenBytes,
                "output_refused_bytes": state.counts.refusedBytes,
                "output_waiting_bytes": Int64(state.waitingBytes),
                "output_damaged_pieces": state.counts.damagedPieces,
                "output_failing": state.failure == nil ? 0 : 1,
            ]
        }
    }

    /// The thread that reads for a task.
    func reader(_ task: ElvesID) -> DiskQueue { reading[Int(task.rawValue & 1)] }
}

/// What an output store counts.
struct OutputCounts: Sendable {
    var takenBytes: Int64 = 0
    /// Bytes that were not kept: past a quota, or because the disk is full.
    var refusedBytes: Int64 = 0
    /// Pieces that were not as they had been written.
    var damagedPieces: Int64 = 0
}

/// What one agent sent for tasks of which there is no record.
struct ForgottenOutput: Sendable {
    private static let attempts = 1_024
    var keys: Set<AttemptName> = []
    private var bytes: Int64 = 0

    mutating func take(_ key: AttemptName, _ more: Int, limit: Int64) -> Bool {
        guard bytes + Int64(more) <= limit, keys.contains(key) || keys.count < Self.attempts else { return false }
        bytes += Int64(more)
        keys.insert(key)
        return true
    }
}
