import AgentLinks
import ElvesCore
import Logging
import Synchronization

/// The writer's thread.
extension OutputStore {
    /// A piece that is about to be written.
    private struct Write {
        let job: Job
        let step: AttemptCopy.Step
    }

    /// What came of the jobs that were written together.
    private struct Batch {
        /// How each attempt's copy stands when the writes are done.
        var copies: [AttemptName: AttemptCopy] = [:]
        /// How it stood before.
        var before: [AttemptName: AttemptCopy] = [:]
        var writes: [Write] = []
        /// Jobs that fail, by their place.
        var refused: [Int: ElvesError] = [:]
        var bytes: Int64 = 0
    }

    private static let batchBytes = 4 << 20

    /// Writes until nothing waits.
    func writeAll() {
        while true {
            let jobs = state.withLock { state -> [Job] in
                let jobs = state.takeJobs(bytes: Self.batchBytes)
                state.isWriting = !jobs.isEmpty
                return jobs
            }
            if jobs.isEmpty { return }
            write(jobs)
        }
    }

    private func write(_ jobs: [Job]) {
        var batch = Batch()
        for (place, job) in jobs.enumerated() { plan(job, at: place, &batch) }
        do throws(ElvesError) {
            try write(batch)
        } catch {
            failed(batch, error)
            close(&batch)
        }
        answer(jobs, batch)
    }

    /// Decides what the piece changes.
    private func plan(_ job: Job, at place: Int, _ batch: inout Batch) {
        if batch.copies[job.key] == nil {
            let copy = knownCopy(of: job.key) ?? AttemptCopy(key: job.key, agent: job.agent)
            batch.copies[job.key] = copy
            batch.before[job.key] = copy
        }
        guard let copy = batch.copies[job.key] else { return }
        guard copy.agent == job.agent else {
            let message = "the output of task \(job.key.task) comes from agent \(copy.agent), not from \(job.agent)"
            batch.refused[place] = ElvesError(.schedulerAttemptUnknown, message)
            return
        }
        let step = copy.taking(job.piece, quota: options.attemptBytes)
        batch.copies[job.key] = step.copy
        guard let header = step.header else { return }
        batch.writes.append(Write(job: job, step: step))
        batch.bytes += Int64(PieceHeader.size + header.length)
    }

    private func write(_ batch: Batch) throws(ElvesError) {
        guard !batch.writes.isEmpty else { return }
        let (segment, start) = try place(for: batch)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(batch.bytes))
        var entries: [PieceEntry] = []
        for write in batch.writes {
            guard let header = write.step.header else { continue }
            entries.append(PieceEntry(header, at: start + Int64(bytes.count)))
            header.append(write.job.piece.bytes.suffix(header.length), salt: segment.salt, to: &bytes)
        }
        try segment.file.write(bytes, at: start)
        if batch.writes.contains(where: { $0.step.header?.isLast == true }) { try segment.file.sync() }
        let end = start + Int64(bytes.count)
        let recovered = state.withLock { state in
            state.open?.add(entries, end: end)
            state.counts.takenBytes += entries.reduce(0) { $0 + Int64($1.length) }
            defer { state.failure = nil }
            return state.failure != nil
        }
        if recovered { logger.notice("output is written again") }
    }

    /// The open segment, a new one when the last is full or old.
    private func place(for batch: Batch) throws(ElvesError) -> (segment: SegmentFile, start: Int64) {
        let nowMs = time.wallMs()
        let open = state.withLock { state in
            state.open.map { (segment: $0.segment, end: $0.end, pieces: $0.entries.count) }
        }
        if let open {
            let isFull =
                open.end + batch.bytes > options.segmentBytes
                || open.pieces + batch.writes.count > options.segmentPieces
                || abs(nowMs - open.segment.name.createdAtMs) >= options.segmentMs
            if open.pieces == 0 || !isFull { return (open.segment, open.end) }
            try closeOpenSegment()
        }
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        let segment = try SegmentFile(creating: number, in: folder, atMs: nowMs)
        state.withLock { $0.open = OpenSegment(segment) }
        return (segment, SegmentFile.headerSize)
    }

    /// Gives the open segment its index, and lets the oldest go when there are too many. On the writer's thread.
    func closeOpenSegment() throws(ElvesError) {
        guard let open = state.withLock({ $0.open }) else { return }
        let closed = try ClosedSegment(
            closing: open.segment, open.entries, end: open.end, atMs: time.wallMs())
        state.withLock { state in
            state.closed.append(closed)
            state.open = nil
        }
        dropOldSegments()
    }

    private func failed(_ batch: Batch, _ error: ElvesError) {
        let isNew = state.withLock { state in
            defer { state.failure = error.message }
            return state.failure != error.message
        }
        guard isNew else { return }
        logger.error(
            "output of workers is not kept: it cannot be written; tasks go on",
            metadata: ["error": "\(error.message)", "attempts": "\(batch.copies.count)"])
    }

    /// Nothing was written: no more is taken of the attempts that were to get something. Their ends are noted in
    /// memory alone, so that nobody waits for a rest.
    private func close(_ batch: inout Batch) {
        var lost: [AttemptName: AttemptCopy] = [:]
        for write in batch.writes {
            guard let before = lost[write.job.key] ?? batch.before[write.job.key] else { continue }
            lost[write.job.key] = before.closed().taking(write.job.piece, quota: options.attemptBytes).copy
        }
        batch.copies.merge(lost) { _, lost in lost }
        batch.writes = []
    }

    private func answer(_ jobs: [Job], _ batch: Batch) {
        let changed = batch.copies.filter { $0.value != batch.before[$0.key] }
        let share = state.withLock { state in
            for copy in batch.copies.values { state.copies.keep(copy, limit: options.attemptsInMemory) }
            for copy in changed.values where copy.isComplete { state.ended.remove(copy.key) }
            for job in jobs {
                state.waitingBytes -= job.weight
                if let copy = batch.copies[job.key], copy.isClosed {
                    state.counts.refusedBytes += max(0, job.piece.end - max(copy.end, job.piece.offset))
                }
            }
            return Int64(max(0, options.waitingBytes - state.waitingBytes) / state.senders.count)
        }
        for task in Set(changed.keys.map(\.task)) { followers.wake(task) }
        for (place, job) in jobs.enumerated() {
            if let error = batch.refused[place] {
                job.answer.resume(returning: .failure(error))
            } else if let copy = batch.copies[job.key] {
                job.answer.resume(returning: .success(grant(copy, job.piece, share)))
            }
        }
    }

    private func grant(_ copy: AttemptCopy, _ piece: OutputPiece, _ share: Int64) -> OutputGrant {
        if copy.isComplete { return OutputGrant(wanted: max(copy.end, piece.end), credit: 0) }
        let room = copy.isClosed ? 0 : options.attemptBytes - copy.end
        guard room >= options.leastCredit else { return OutputGrant(wanted: copy.end, credit: 0) }
        return OutputGrant(
            wanted: copy.end, credit: min(room, max(options.leastCredit, min(options.credit, share))))
    }
}

extension OutputStore.State {
    /// Takes jobs of about so many bytes out, at least one if there is one.
    fileprivate mutating func takeJobs(bytes limit: Int) -> [OutputStore.Job] {
        var bytes = 0
        var count = 0
        while count < jobs.count, bytes < limit {
            bytes += jobs[count].weight
            count += 1
        }
        defer { jobs.removeFirst(count) }
        return Array(jobs[..<count])
    }
}
