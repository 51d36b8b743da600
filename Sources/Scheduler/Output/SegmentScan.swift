import ElvesCore

/// Reads a segment without an index, piece by piece.
struct SegmentScan {
    private(set) var entries: [PieceEntry] = []
    /// Behind the last whole piece.
    private(set) var end: Int64 = SegmentFile.headerSize
    /// Bytes between whole pieces that belong to none.
    private(set) var damaged: Int64 = 0

    private static let window = 1 << 20
    private static let largest = PieceHeader.size + PieceHeader.longest

    /// - Parameter size: how many bytes of the file may hold pieces.
    init(_ segment: SegmentFile, size: Int64) throws(ElvesError) {
        var place = end
        var base = place
        var bytes: [UInt8] = []
        while place < size {
            let left = Int(min(size - place, Int64(Self.largest)))
            if base + Int64(bytes.count) - place < left {
                base = place
                bytes = try segment.file.read(at: base, count: Int(min(size - base, Int64(Self.window))))
                if bytes.count < left { return }
            }
            let header = bytes.withUnsafeBytes { raw in
                PieceHeader(UnsafeRawBufferPointer(rebasing: raw[Int(place - base)...]), salt: segment.salt)
            }
            if let header {
                damaged += place - end
                entries.append(PieceEntry(header, at: place))
                place += Int64(PieceHeader.size + header.length)
                end = place
            } else {
                // After damage the next piece is looked for; none to the end: it was the last, cut short.
                place += Int64(Self.distanceToMagic(in: bytes[Int(place - base + 1)...]) + 1)
            }
        }
    }

    /// How far it is to the first byte that could begin a piece; all of them when there is none.
    private static func distanceToMagic(in bytes: ArraySlice<UInt8>) -> Int {
        let first = UInt8(truncatingIfNeeded: PieceHeader.magic)
        return (bytes.firstIndex(of: first) ?? bytes.endIndex) - bytes.startIndex
    }
}
