import ElvesCore
import Logging
import Synchronization

/// What is asked of the segments. Each of these blocks, on a reader's thread or the writer's.
extension OutputStore {
    /// Output from a place on.
    struct Reading: Sendable, Hashable {
        var runs: [OutputRun] = []
        /// Behind the last run.
        var end: Int64
    }

    /// A piece that can be read.
    private struct Found {
        let segment: SegmentFile
        let entry: PieceEntry
    }

    /// How far an attempt's copy has come; nil when nothing of it is here.
    func copy(of key: AttemptName) async throws(ElvesError) -> AttemptCopy? {
        if let copy = state.withLock({ $0.copies[key] }) { return copy.isEmpty ? nil : copy }
        return try await reader(key.task).run { () throws(ElvesError) in
            guard let copy = self.knownCopy(of: key) else { return nil }
            self.state.withLock { state in
                // The writer may have gone on meanwhile.
                if state.copies[key] == nil { state.copies.keep(copy, limit: self.options.attemptsInMemory) }
            }
            return copy
        }
    }

    /// Output of an attempt from `offset` on, about `limit` bytes of it.
    func read(_ key: AttemptName, from offset: Int64, limit: Int) async throws(ElvesError) -> Reading {
        try await reader(key.task).run { () throws(ElvesError) in
            try self.read(key, at: offset, limit: limit)
        }
    }

    /// Bytes of each stream that are missing between `offset`, behind which nothing can be read, and the copy's end.
    func tail(of copy: AttemptCopy, from offset: Int64) async throws(ElvesError) -> StreamCounts {
        guard offset < copy.end else { return StreamCounts() }
        return try await reader(copy.key.task).run { () throws(ElvesError) in
            guard let told = self.told(copy.key, at: offset) else {
                return copy.kept.share(of: copy.end - offset, first: .stdout)
            }
            var missing = StreamCounts()
            for stream in WorkerStream.allCases {
                missing[stream] = max(0, copy.kept[stream] + copy.dropped[stream] - told[stream])
            }
            return missing
        }
    }

    /// How far a copy has come, from memory or else from its last piece.
    func knownCopy(of key: AttemptName) -> AttemptCopy? {
        let (copy, open, closed) = state.withLock { state in
            let copy = state.copies[key]
            let open = state.open.flatMap { open in
                open.last(of: key).map { Found(segment: open.segment, entry: $0) }
            }
            return (copy, open, copy == nil ? state.closed : [])
        }
        if let copy { return copy }
        if let open, let header = piece(open)?.header { return AttemptCopy(after: header) }
        for segment in closed.reversed() where segment.mayHold(key.task) {
            do throws(ElvesError) {
                guard let file = try segment.open(), let entry = try segment.last(of: key, in: file) else { continue }
                if let header = piece(Found(segment: file, entry: entry))?.header { return AttemptCopy(after: header) }
            } catch {
                unreadable(segment.name, error)
            }
        }
        return nil
    }

    private func read(_ key: AttemptName, at offset: Int64, limit: Int) throws(ElvesError) -> Reading {
        var reading = Reading(end: offset)
        var told = offset == 0 ? StreamCounts() : nil
        var left = limit
        var found = pieces(of: key, from: offset, limit: limit)[...]
        var isLimited = true
        while left > 0, let next = found.popFirst() {
            guard next.entry.end > reading.end else { continue }
            guard let (header, bytes) = piece(next) else {
                // Found instead of whole ones of its segment, which lie behind the limit.
                if isLimited { found = pieces(of: key, from: next.entry.end, limit: .max)[...] }
                isLimited = false
                continue
            }
            // What lies between is gone: with its segment, or damaged.
            if header.offset > reading.end, told == nil { told = self.told(key, at: reading.end) }
            let missing = header.missing(after: told, at: reading.end)
            let known = Int(max(0, reading.end - header.offset))
            let other = header.stream.other
            if missing[other] > 0 { reading.runs.add(OutputRun(stream: other, dropped: missing[other])) }
            reading.runs.add(
                OutputRun(
                    stream: header.stream, bytes: known == 0 ? bytes : Array(bytes[known...]),
                    dropped: missing[header.stream]))
            reading.end = next.entry.end
            told = header.told(at: reading.end)
            left -= bytes.count
        }
        return reading
    }

    /// Bytes of each stream that who has read up to `offset` knows of, those that are missing among them; nil when the
    /// piece there is gone.
    private func told(_ key: AttemptName, at offset: Int64) -> StreamCounts? {
        guard offset > 0 else { return StreamCounts() }
        let before = pieces(of: key, from: offset - 1, limit: 1).first {
            $0.entry.offset < offset && $0.entry.end >= offset
        }
        return before.flatMap { piece($0) }?.header.told(at: offset)
    }

    /// Pieces that reach beyond `offset`, by offset: enough for about `limit` bytes.
    private func pieces(of key: AttemptName, from offset: Int64, limit: Int) -> [Found] {
        let (closed, open) = state.withLock { state in
            let open = state.open.map { open in
                open.entries(of: key, from: offset).map { Found(segment: open.segment, entry: $0) }
            }
            return (state.closed, open ?? [])
        }
        var found: [Found] = []
        for segment in closed where segment.mayHold(key.task) {
            do throws(ElvesError) {
                guard let file = try segment.open() else { continue }
                found += try segment.entries(of: key, from: offset, limit: limit, in: file).map {
                    Found(segment: file, entry: $0)
                }
            } catch {
                unreadable(segment.name, error)
            }
        }
        found += open
        // In order already, unless an agent had to begin anew.
        let isSorted = zip(found, found.dropFirst()).allSatisfy { $0.entry.offset <= $1.entry.offset }
        return isSorted ? found : found.sorted { $0.entry.offset < $1.entry.offset }
    }

    private func piece(_ found: Found) -> (header: PieceHeader, bytes: [UInt8])? {
        do throws(ElvesError) {
            if let piece = try found.segment.piece(at: found.entry) { return piece }
            state.withLock { $0.counts.damagedPieces += 1 }
            logger.error(
                "a piece of output is damaged and left out",
                metadata: ["path": "\(found.segment.name.path)", "task.id": "\(found.entry.key.task)"])
        } catch {
            unreadable(found.segment.name, error)
        }
        return nil
    }

    private func unreadable(_ segment: SegmentFile.Name, _ error: ElvesError) {
        logger.error(
            "output cannot be read", metadata: ["path": "\(segment.path)", "error": "\(error.message)"])
    }
}

extension AttemptCopy {
    /// Whether there is nothing to read and no word of the end.
    var isEmpty: Bool { end == 0 && !isComplete && pending.total == 0 }
}
