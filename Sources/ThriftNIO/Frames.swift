internal import NIOCore
internal import Thrift

/// Cuts a stream into frames: four bytes of length, then that many bytes.
struct FrameCutter {
    private var rest: ByteBuffer?
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether the beginning of a frame is waiting for its end.
    var isInsideFrame: Bool { rest != nil }

    /// Hands each whole frame in the bytes so far to `body`.
    mutating func cut(_ bytes: consuming ByteBuffer, _ body: ([UInt8]) throws -> Void) throws {
        if var old = rest {
            // Let go first: a buffer with a second owner would be copied whole at every read.
            rest = nil
            old.writeBuffer(&bytes)
            bytes = old
        }
        while let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self) {
            guard length <= limit else {
                // A TLS record: handshake or alert, of any version 3.
                if [0x1603, 0x1503].contains(length >> 16) {
                    throw ThriftError(.invalidData, "the peer speaks TLS; this side does not")
                }
                throw ThriftError(.tooLarge, "a frame of \(length) bytes; at most \(limit) are allowed")
            }
            guard bytes.readableBytes >= 4 + Int(length) else { break }
            bytes.moveReaderIndex(forwardBy: 4)
            try body(bytes.readBytes(length: Int(length)) ?? [])
        }
        guard bytes.readableBytes > 0 else { return }
        // A copy of the beginning, so that a connection at rest holds no big buffer.
        bytes.discardReadBytes()
        rest = bytes
    }
}

extension ByteBuffer {
    /// Appends a framed message, whose first four bytes await its length.
    mutating func writeFramed(_ framed: UnsafeRawBufferPointer) {
        writeInteger(UInt32(framed.count - 4))
        writeBytes(UnsafeRawBufferPointer(rebasing: framed[4...]))
    }
}
