internal import ElvesCore
internal import Runner

/// Looks for a whole record behind a place in a segment where there is none.
///
/// Reads to the segment's end if need be, however long its records are, and holds a mebibyte of it at a time.
struct RecordSearch {
    let file: OpenFile
    let path: String
    let size: Int64

    private static let step = 1 << 20
    private static let piece = 256 << 10
    /// A longer record has to have another one, or the segment's end, behind it: chance would begin too many.
    private static let longestAlone = 64 << 10
    /// Bytes that look like records everywhere must not take for ever.
    private static let budget = 256 << 20
    /// What a record begins with says its kind; those of later agents are more.
    private static let kinds: ClosedRange<UInt8> = 1...15

    /// What may be the head of a record.
    private struct Head {
        let length: Int
        let checksum: UInt32

        init?(_ bytes: UnsafeRawBufferPointer, at place: Int) {
            length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
            guard length > 0, length <= JournalFrame.longest else { return nil }
            guard RecordSearch.kinds.contains(bytes[place + JournalFrame.headBytes]) else { return nil }
            checksum = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self))
        }
    }

    /// Whether a whole record begins anywhere behind the byte at `position`.
    func isRecord(behind position: Int64) throws(ElvesError) -> Bool {
        let headBytes = JournalFrame.headBytes
        var budget = Self.budget
        var at = position + 1
        while size - at > headBytes {
            let window = try file.read(at: at, count: Int(min(size - at, Int64(Self.step + headBytes))), path: path)
            guard window.count > headBytes else { return false }
            let heads = window.withUnsafeBytes { bytes in
                (0..<(bytes.count - headBytes)).compactMap { place in Head(bytes, at: place).map { (place, $0) } }
            }
            for (place, head) in heads {
                let payload = at + Int64(place + headBytes)
                let end = payload + Int64(head.length)
                guard end <= size else { continue }
                if head.length > Self.longestAlone, try !mayEnd(end) { continue }
                budget -= head.length
                if budget < 0 { return true }
                if try checksum(payload..<end) == head.checksum { return true }
            }
            at += Int64(window.count - headBytes)
        }
        return false
    }

    /// Whether what comes at `end` begins like a record, or the segment is over.
    private func mayEnd(_ end: Int64) throws(ElvesError) -> Bool {
        guard size - end > JournalFrame.headBytes else { return true }
        let next = try file.read(at: end, count: JournalFrame.headBytes + 1, path: path)
        guard next.count > JournalFrame.headBytes else { return true }
        return next.withUnsafeBytes { Head($0, at: 0) != nil }
    }

    private func checksum(_ range: Range<Int64>) throws(ElvesError) -> UInt32 {
        var value: UInt32 = 0
        var at = range.lowerBound
        while at < range.upperBound {
            let bytes = try file.read(at: at, count: Int(min(range.upperBound - at, Int64(Self.piece))), path: path)
            guard !bytes.isEmpty else { break }
            value = bytes.withUnsafeBytes { CRC32C.of($0, after: value) }
            at += Int64(bytes.count)
        }
        return value
    }
}
