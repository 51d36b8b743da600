import ElvesCore

/// Where a piece stands in its segment. In an index they are sorted: by task, attempt, offset, position.
///
/// 32 bytes, little-endian: task 8, attempt 4, 4 of zero, offset 8, position 4, length 4.
struct PieceEntry: Sendable, Hashable, Comparable {
    static let size = 32

    let key: AttemptName
    /// Bytes of both outputs before it.
    let offset: Int64
    /// Where its header begins.
    let position: UInt32
    let length: UInt32

    init(_ header: PieceHeader, at position: Int64) {
        key = header.key
        offset = header.offset
        self.position = UInt32(clamping: position)
        length = UInt32(header.length)
    }

    /// Where an attempt's pieces from an offset on begin among sorted ones.
    init(boundary key: AttemptName, offset: Int64, position: UInt32 = 0) {
        self.key = key
        self.offset = offset
        self.position = position
        length = 0
    }

    init?(_ raw: UnsafeRawBufferPointer) {
        guard raw.count >= Self.size, let task = ElvesID(rawValue: raw.number(at: 0)) else { return nil }
        key = AttemptName(task: task, number: raw.number(at: 8))
        offset = raw.number(at: 16)
        position = raw.number(at: 24)
        length = raw.number(at: 28)
    }

    func encode(into raw: UnsafeMutableRawBufferPointer) {
        raw.put(key.task.rawValue, at: 0)
        raw.put(key.number, at: 8)
        raw.put(UInt32(0), at: 12)
        raw.put(offset, at: 16)
        raw.put(position, at: 24)
        raw.put(length, at: 28)
    }

    var end: Int64 { offset + Int64(length) }
    /// Bytes that it takes in the segment.
    var weight: Int64 { Int64(PieceHeader.size) + Int64(length) }

    static func < (left: PieceEntry, right: PieceEntry) -> Bool {
        if left.key.task != right.key.task { return left.key.task < right.key.task }
        if left.key.number != right.key.number { return left.key.number < right.key.number }
        if left.offset != right.offset { return left.offset < right.offset }
        return left.position < right.position
    }
}
