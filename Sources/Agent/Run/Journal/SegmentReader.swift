internal import ElvesCore
internal import Glibc
internal import Runner

/// Reads a segment record by record, and tells a torn end from damage.
struct SegmentReader {
    enum Step: Equatable {
        case record([UInt8], offset: Int64, length: Int32)
        case end
        /// What follows is the beginning of a record that was never finished.
        case torn
        /// What follows is no record, although records come after it.
        case damaged(String)
    }

    private static let chunk = 256 << 10

    private let file: OpenFile
    private let path: String
    let size: Int64
    /// Where the next record begins.
    private(set) var position: Int64 = 0
    private var buffer: [UInt8] = []
    /// Where in the file the buffer begins.
    private var bufferAt: Int64 = 0

    init(_ file: OpenFile, path: String) {
        self.file = file
        self.path = path
        var status = stat()
        size = fstat(file.descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    mutating func next() throws(ElvesError) -> Step {
        let left = size - position
        guard left > 0 else { return .end }
        guard left >= JournalFrame.headBytes, try fill(JournalFrame.headBytes) else { return .torn }
        let start = Int(position - bufferAt)
        let length = Int(number(at: start))
        let checksum = number(at: start + 4)
        guard length > 0, length <= JournalFrame.longest else {
            return try wrong("a record of \(length) bytes")
        }
        guard try fill(JournalFrame.headBytes + length) else { return try wrong("a record that is not whole") }
        let from = Int(position - bufferAt) + JournalFrame.headBytes
        let payload = Array(buffer[from..<(from + length)])
        guard CRC32C.of(payload) == checksum else { return try wrong("a record with a wrong checksum") }
        defer { position += Int64(JournalFrame.headBytes + length) }
        return .record(payload, offset: position, length: Int32(JournalFrame.headBytes + length))
    }

    private func number(at index: Int) -> UInt32 {
        buffer.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt32.self)) }
    }

    /// Has so many bytes from `position` on in the buffer; false when the file holds fewer.
    private mutating func fill(_ count: Int) throws(ElvesError) -> Bool {
        guard position + Int64(count) <= size else { return false }
        let have = bufferAt + Int64(buffer.count) - position
        if have >= Int64(count) { return true }
        buffer.removeFirst(min(buffer.count, Int(position - bufferAt)))
        bufferAt = position
        let wanted = max(count, Self.chunk) - buffer.count
        buffer += try file.read(at: bufferAt + Int64(buffer.count), count: wanted, path: path)
        return buffer.count >= count
    }

    /// A bad record is a torn one when nothing whole comes after it.
    private func wrong(_ what: String) throws(ElvesError) -> Step {
        let search = RecordSearch(file: file, path: path, size: size)
        return try search.isRecord(behind: position) ? .damaged(what) : .torn
    }
}

extension OpenFile {
    /// At most `count` bytes from a place on; fewer only at the file's end.
    func read(at offset: Int64, count: Int, path: String) throws(ElvesError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        if failure != 0 {
            errno = failure
            throw Disk.error("read", path)
        }
        return bytes
    }
}
