import ElvesCore

/// How far the copy of one attempt's output has come. Pieces may come twice, late, or with gaps between them: what is
/// kept is the output from its first byte on, without holes.
struct AttemptCopy: Sendable, Hashable {
    /// What one piece changes.
    struct Step: Sendable, Hashable {
        var copy: AttemptCopy
        /// What is to be written; nil when there is nothing new in it.
        var header: PieceHeader?
        /// The bytes of the piece before these are here already.
        var known = 0
    }

    let key: AttemptName
    /// The agent whose worker wrote it.
    let agent: ElvesID
    /// Bytes of both outputs that are here; the offset that is wanted next.
    private(set) var end: Int64 = 0
    /// Bytes of each stream among them.
    private(set) var kept = StreamCounts()
    /// Bytes that are missing between them.
    private(set) var dropped = StreamCounts()
    /// Bytes that are missing behind the last that are here.
    private(set) var pending = StreamCounts()
    /// No more bytes are taken.
    private(set) var isClosed = false
    /// The agent says that nothing follows.
    private(set) var isComplete = false

    init(key: AttemptName, agent: ElvesID) {
        self.key = key
        self.agent = agent
    }

    /// The copy as its last piece left it.
    init(after last: PieceHeader) {
        key = last.key
        agent = last.agent
        end = last.offset + Int64(last.length)
        kept = last.keptBefore
        kept[last.stream] += Int64(last.length)
        dropped = last.droppedInAll
        pending = last.pending
        isComplete = last.isLast
    }

    /// What the piece changes, when at most `quota` bytes are kept of an attempt.
    func taking(_ piece: OutputPiece, quota: Int64) -> Step {
        var next = self
        if !piece.bytes.isEmpty, !isComplete, !isClosed, piece.offset <= end, piece.end > end {
            guard piece.end <= quota else {
                next.isClosed = true
                return piece.isLast ? next.ending(with: piece) : Step(copy: next)
            }
            return taking(new: piece)
        }
        let isEmpty = piece.bytes.isEmpty
        if piece.isLast, !isComplete, isClosed || piece.end <= end { return next.ending(with: piece) }
        guard isEmpty, piece.dropped > pending[piece.stream], isClosed || isComplete || piece.offset == end else {
            return Step(copy: self)
        }
        next.pending[piece.stream] = piece.dropped
        return Step(copy: next, header: next.mark(piece.stream))
    }

    /// The same copy, of which no more bytes are taken.
    func closed() -> AttemptCopy {
        var next = self
        next.isClosed = true
        return next
    }

    private func taking(new piece: OutputPiece) -> Step {
        var next = self
        let known = Int(end - piece.offset)
        // What was said to be missing behind the bytes is missing before these.
        let missing = known == 0 ? max(piece.dropped, pending[piece.stream]) : 0
        next.pending[piece.stream] = 0
        next.dropped[piece.stream] += missing
        next.kept[piece.stream] += Int64(piece.bytes.count - known)
        next.end = piece.end
        next.isComplete = piece.isLast
        let header = PieceHeader(
            key: key, agent: agent, stream: piece.stream, isLast: piece.isLast, offset: end, keptBefore: kept,
            dropped: missing, droppedInAll: next.dropped, pending: next.pending, length: piece.bytes.count - known)
        return Step(copy: next, header: header, known: known)
    }

    /// The end, of which none of the bytes are new or may be kept.
    private func ending(with piece: OutputPiece) -> Step {
        var next = self
        next.isComplete = true
        let lost = max(0, piece.end - max(end, piece.offset))
        next.pending[piece.stream] = max(pending[piece.stream], piece.dropped + lost)
        return Step(copy: next, header: next.mark(piece.stream))
    }

    /// A piece without bytes that says how the copy stands.
    private func mark(_ stream: WorkerStream) -> PieceHeader {
        PieceHeader(
            key: key, agent: agent, stream: stream, isLast: isComplete, offset: end, keptBefore: kept, dropped: 0,
            droppedInAll: dropped, pending: pending, length: 0)
    }
}
