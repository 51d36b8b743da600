import ElvesCore

/// The segment that pieces come into, with its index in memory.
struct OpenSegment: Sendable {
    let segment: SegmentFile
    /// Behind its last piece.
    private(set) var end: Int64
    private(set) var entries: [PieceEntry] = []
    /// For each piece the one before it of the same attempt, as its place plus one; 0: none.
    private var before: [UInt32] = []
    /// The place of each attempt's last piece.
    private var last: [AttemptName: UInt32] = [:]

    /// An empty one, or one with the pieces that a scan found.
    init(_ segment: SegmentFile, _ entries: [PieceEntry] = [], end: Int64 = SegmentFile.headerSize) {
        self.segment = segment
        self.end = end
        add(entries, end: end)
    }

    mutating func add(_ more: [PieceEntry], end: Int64) {
        for entry in more {
            let place = UInt32(entries.count)
            entries.append(entry)
            before.append(last.updateValue(place, forKey: entry.key).map { $0 + 1 } ?? 0)
        }
        self.end = end
    }

    /// The last piece of an attempt.
    func last(of key: AttemptName) -> PieceEntry? {
        last[key].map { entries[Int($0)] }
    }

    /// Pieces of an attempt that reach beyond `offset`, by offset.
    func entries(of key: AttemptName, from offset: Int64) -> [PieceEntry] {
        var found: [PieceEntry] = []
        var place = last[key].map { $0 + 1 } ?? 0
        while place > 0 {
            let entry = entries[Int(place) - 1]
            if entry.length > 0 {
                if entry.end <= offset { break }
                found.append(entry)
            }
            place = before[Int(place) - 1]
        }
        return found.reversed()
    }
}
