internal import Runner
internal import Thrift

/// How a record lies in a segment: length and checksum of its bytes, big-endian, then the bytes.
enum JournalFrame {
    static let headBytes = 8
    /// A result holds at most a few mebibytes; what claims more is no length.
    static let longest = 32 << 20

    /// Appends a record to what was written, `body` writing its bytes; answers with its length in the file.
    @discardableResult
    static func append(to writer: inout ThriftWriter, _ body: (inout ThriftWriter) -> Void) -> Int {
        let start = writer.count
        writer.putBigEndian(UInt64(0))
        body(&writer)
        let end = writer.count
        let checksum = writer.withBytes { CRC32C.of(UnsafeRawBufferPointer(rebasing: $0[(start + headBytes)..<end])) }
        writer.patch(UInt32(end - start - headBytes), at: start)
        writer.patch(checksum, at: start + 4)
        return end - start
    }
}
