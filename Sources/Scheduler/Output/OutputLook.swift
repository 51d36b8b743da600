import ElvesCore

/// One look at a task's output: what there is from a place on, and whether more may come.
struct OutputLook {
    struct Outcome {
        var page: TaskOutputPage
        /// When there is nothing to wait for any more, in monotonic microseconds; nil without such a time.
        var due: Int64?
        /// The task runs, and nothing of its output has come.
        var isUntold = false
    }

    let record: Execution
    let store: OutputStore?
    let limit: Int

    func look(from cursor: OutputCursor) async throws(ElvesError) -> Outcome {
        let attempt = cursor.attempt ?? record.attempt
        guard attempt <= record.attempt else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "the cursor is of attempt \(attempt); task \(record.id) is at attempt \(record.attempt)",
                hint: "Pass 0 for the start.")
        }
        var cursor = cursor
        cursor.attempt = attempt
        if attempt < record.attempt {
            // What was not read yet of the attempt before comes first.
            if let rest = try await rest(of: attempt, from: cursor) { return rest }
            cursor = OutputCursor(attempt: record.attempt)
        }
        if record.state.isEnd, cursor.isAtEnd { return outcome([], cursor, done: true) }
        if !cursor.isInline, let copy = try await store?.copy(of: key(record.attempt)) {
            return try await look(at: copy, from: cursor)
        }
        return lookInline(from: cursor)
    }

    private func key(_ attempt: Int32) -> AttemptName { AttemptName(task: record.id, number: attempt) }

    private func rest(of attempt: Int32, from cursor: OutputCursor) async throws(ElvesError) -> Outcome? {
        guard let store, !cursor.isAtEnd, !cursor.isInline else { return nil }
        let reading = try await store.read(key(attempt), from: cursor.offset, limit: limit)
        guard !reading.runs.isEmpty else { return nil }
        return outcome(reading.runs, OutputCursor(attempt: attempt, offset: reading.end), done: false)
    }

    private func look(at copy: AttemptCopy, from cursor: OutputCursor) async throws(ElvesError) -> Outcome {
        var reading = OutputStore.Reading(end: cursor.offset)
        if let store, cursor.offset < copy.end {
            reading = try await store.read(copy.key, from: cursor.offset, limit: limit)
        }
        var next = cursor
        next.offset = reading.end
        guard record.state.isEnd else { return outcome(reading.runs, next, done: false) }
        // Nothing behind `reading.end`: the rest has gone, with its segment or by damage.
        guard reading.end >= copy.end || reading.runs.isEmpty else { return outcome(reading.runs, next, done: false) }
        if !copy.isComplete, let due = store?.restDue(copy.key, isMissed: written.total > copy.end) {
            return outcome(reading.runs, next, done: false, due: due)
        }
        next.isAtEnd = true
        let tail = try await store?.tail(of: copy, from: reading.end) ?? StreamCounts()
        return outcome(reading.runs + missing(behind: copy, tail: tail), next, done: true)
    }

    /// What the worker wrote of each output, as far as its agent says.
    private var written: StreamCounts {
        StreamCounts(stdout: record.outcome.stdoutBytes, stderr: record.outcome.stderrBytes)
    }

    private func missing(behind copy: AttemptCopy, tail: StreamCounts) -> [OutputRun] {
        var counts = tail
        for stream in WorkerStream.allCases {
            let unsent = written[stream] - copy.kept[stream] - copy.dropped[stream]
            counts[stream] += max(copy.pending[stream], unsent)
        }
        return counts.asMissing
    }

    private func lookInline(from cursor: OutputCursor) -> Outcome {
        guard record.state.isEnd else {
            var untold = outcome([], cursor, done: false)
            untold.isUntold = record.state != .created
            return untold
        }
        let inline = record.outcome
        if !cursor.isInline {
            if cursor.offset > 0 {
                // The copy that was read so far is gone.
                var end = cursor
                end.isAtEnd = true
                let lost = max(0, written.total - cursor.offset)
                return outcome(written.share(of: lost, first: .stdout).asMissing, end, done: true)
            }
            let isMissed = inline.stdout.dropped + inline.stderr.dropped > 0
            if isMissed, let due = store?.restDue(key(record.attempt), isMissed: true) {
                return outcome([], cursor, done: false, due: due)
            }
        }
        let (runs, end, isAtEnd) = InlineOutput(inline).read(from: cursor.offset, limit: limit)
        var next = cursor
        next.offset = end
        next.isInline = true
        next.isAtEnd = isAtEnd
        return outcome(runs, next, done: isAtEnd)
    }

    private func outcome(_ runs: [OutputRun], _ next: OutputCursor, done: Bool, due: Int64? = nil) -> Outcome {
        Outcome(
            page: TaskOutputPage(
                runs: runs, nextAfter: next.number, done: done, state: record.state,
                attempt: next.attempt ?? record.attempt),
            due: due)
    }
}

extension StreamCounts {
    /// Runs without bytes that say so much is missing.
    fileprivate var asMissing: [OutputRun] {
        WorkerStream.allCases.filter { self[$0] > 0 }.map { OutputRun(stream: $0, dropped: self[$0]) }
    }
}
