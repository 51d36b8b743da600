import ElvesCore
import Synchronization

/// A segment that no more pieces come into, with its index behind them.
///
/// The file ends with 56 bytes, little-endian: magic 8, where the index begins 8, pieces 8, smallest and largest task 8
/// and 8, UTC milliseconds of its closing 8, CRC-32C of the index 4 and of these fields 4.
final class ClosedSegment: Sendable {
    private struct Trailer {
        static let size: Int64 = 56
        private static let magic: UInt64 = 0x3158_4449_5645_4C45

        var indexStart: Int64
        var count: Int64
        var smallest: Int64
        var largest: Int64
        var closedAtMs: Int64
        var indexChecksum: UInt32

        init(indexStart: Int64, entries: [PieceEntry], closedAtMs: Int64, indexChecksum: UInt32) {
            self.indexStart = indexStart
            count = Int64(entries.count)
            smallest = entries.first?.key.task.rawValue ?? .max
            largest = entries.last?.key.task.rawValue ?? 0
            self.closedAtMs = closedAtMs
            self.indexChecksum = indexChecksum
        }

        init?(_ raw: UnsafeRawBufferPointer, fileSize: Int64) {
            guard raw.count == Self.size, raw.number(at: 0, as: UInt64.self) == Self.magic,
                Checksum.of(UnsafeRawBufferPointer(rebasing: raw[..<52])) == raw.number(at: 52, as: UInt32.self)
            else { return nil }
            indexStart = raw.number(at: 8)
            count = raw.number(at: 16)
            smallest = raw.number(at: 24)
            largest = raw.number(at: 32)
            closedAtMs = raw.number(at: 40)
            indexChecksum = raw.number(at: 48)
            let pieces = (fileSize - Self.size - indexStart) / Int64(PieceEntry.size)
            guard indexStart >= SegmentFile.headerSize, count == pieces else { return nil }
        }

        var bytes: [UInt8] {
            var bytes = [UInt8](repeating: 0, count: Int(Self.size))
            bytes.withUnsafeMutableBytes { raw in
                raw.put(Self.magic, at: 0)
                for (index, number) in [indexStart, count, smallest, largest, closedAtMs].enumerated() {
                    raw.put(number, at: 8 + 8 * index)
                }
                raw.put(indexChecksum, at: 48)
                raw.put(Checksum.of(UnsafeRawBufferPointer(rebasing: raw[..<52])), at: 52)
            }
            return bytes
        }
    }

    private enum Index {
        case unchecked
        case onDisk
        /// The one on disk is damaged: this was made from the pieces.
        case remade([PieceEntry])
    }

    let name: SegmentFile.Name
    /// Of the whole file.
    let size: Int64
    private let trailer: Trailer
    private let index = Mutex(Index.unchecked)

    var closedAtMs: Int64 { trailer.closedAtMs }

    /// Closes a segment behind its last piece.
    init(closing segment: SegmentFile, _ entries: [PieceEntry], end: Int64, atMs: Int64) throws(ElvesError) {
        let sorted = entries.sorted()
        var bytes = [UInt8](repeating: 0, count: sorted.count * PieceEntry.size)
        let checksum = bytes.withUnsafeMutableBytes { raw in
            for (place, entry) in sorted.enumerated() {
                entry.encode(into: UnsafeMutableRawBufferPointer(rebasing: raw[(place * PieceEntry.size)...]))
            }
            return Checksum.of(UnsafeRawBufferPointer(raw))
        }
        name = segment.name
        trailer = Trailer(indexStart: end, entries: sorted, closedAtMs: atMs, indexChecksum: checksum)
        bytes += trailer.bytes
        size = end + Int64(bytes.count)
        try segment.file.write(bytes, at: end)
        try segment.file.truncate(to: size)
        try segment.file.sync()
        index.withLock { $0 = .onDisk }
    }

    /// Opens a closed one; nil when it was never closed, or its end is damaged.
    init?(opening segment: SegmentFile) throws(ElvesError) {
        name = segment.name
        size = try segment.file.size
        let raw = try segment.file.read(at: size - Trailer.size, count: Int(Trailer.size))
        guard let trailer = raw.withUnsafeBytes({ [size] in Trailer($0, fileSize: size) }) else { return nil }
        self.trailer = trailer
    }

    /// Whether it may hold pieces of the task.
    func mayHold(_ task: ElvesID) -> Bool {
        (trailer.smallest...max(trailer.smallest, trailer.largest)).contains(task.rawValue)
    }

    /// The file, to read it: it is open only that long, so that many segments need few descriptors. Nil when it is gone.
    func open() throws(ElvesError) -> SegmentFile? { try SegmentFile(reading: name) }

    /// The last piece of an attempt.
    func last(of key: AttemptName, in file: SegmentFile) throws(ElvesError) -> PieceEntry? {
        let index = try checkedIndex(file)
        let behind = try index.place(of: PieceEntry(boundary: key, offset: .max, position: .max))
        guard let entry = try index.entry(behind - 1), entry.key == key else { return nil }
        return entry
    }

    /// Pieces of an attempt that reach beyond `offset`, by offset, of about `limit` bytes together.
    func entries(
        of key: AttemptName, from offset: Int64, limit: Int, in file: SegmentFile
    ) throws(ElvesError) -> [PieceEntry] {
        let index = try checkedIndex(file)
        var place = try index.place(of: PieceEntry(boundary: key, offset: offset))
        if let before = try index.entry(place - 1), before.key == key, before.end > offset { place -= 1 }
        var found: [PieceEntry] = []
        var bytes = 0
        while bytes < limit, let next = try index.entry(place), next.key == key {
            if next.length > 0 { found.append(next) }
            bytes += Int(next.length)
            place += 1
        }
        return found
    }

    /// The index, of which the one on disk is read through once before it is believed.
    private func checkedIndex(_ file: SegmentFile) throws(ElvesError) -> SegmentIndex {
        var failure: ElvesError?
        let checked = index.withLock { index -> Index in
            guard case .unchecked = index else { return index }
            do throws(ElvesError) { index = try check(file) } catch { failure = error }
            return index
        }
        if let failure { throw failure }
        if case .remade(let entries) = checked { return .memory(entries) }
        return .disk(file.file, start: trailer.indexStart, count: Int(trailer.count))
    }

    private func check(_ file: SegmentFile) throws(ElvesError) -> Index {
        let raw = try file.file.read(at: trailer.indexStart, count: Int(trailer.count) * PieceEntry.size)
        if raw.withUnsafeBytes({ Checksum.of($0) }) == trailer.indexChecksum { return .onDisk }
        return .remade(try SegmentScan(file, size: trailer.indexStart).entries.sorted())
    }
}

/// Sorted entries of a segment, where they are.
private enum SegmentIndex {
    case memory([PieceEntry])
    case disk(DataFile, start: Int64, count: Int)

    var count: Int {
        switch self {
        case .memory(let entries): entries.count
        case .disk(_, _, let count): count
        }
    }

    /// The entry at a place; nil outside.
    func entry(_ place: Int) throws(ElvesError) -> PieceEntry? {
        guard place >= 0, place < count else { return nil }
        switch self {
        case .memory(let entries): return entries[place]
        case .disk(let file, let start, _):
            let raw = try file.read(at: start + Int64(place * PieceEntry.size), count: PieceEntry.size)
            return raw.withUnsafeBytes { PieceEntry($0) }
        }
    }

    /// The first place whose entry is not below the boundary.
    func place(of boundary: PieceEntry) throws(ElvesError) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            guard let entry = try entry(middle) else { break }
            if entry < boundary { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
