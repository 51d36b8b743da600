/// Keeps the first and the last bytes of a stream of any length in bounded memory.
package struct KeptOutput: Sendable {
    private let headLimit: Int
    private let tailLimit: Int
    private var head: [UInt8] = []
    /// A ring once it is full; `oldest` is where it begins then.
    private var tail: [UInt8] = []
    private var oldest = 0
    /// Bytes that came.
    package private(set) var total: Int64 = 0

    /// Keeps at most `limit` bytes, half of them from the end.
    package init(limit: Int) {
        headLimit = max(limit, 0) - max(limit, 0) / 2
        tailLimit = max(limit, 0) / 2
    }

    /// Takes the next bytes of the stream.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += Int64(bytes.count)
        let room = min(headLimit - head.count, bytes.count)
        if room > 0 { head.append(contentsOf: bytes.prefix(room)) }
        // What a longer rest would push out again is never copied.
        keep(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(max(room, 0)).suffix(tailLimit)))
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        let growth = min(tailLimit - tail.count, bytes.count)
        if growth > 0 { tail.append(contentsOf: bytes.prefix(growth)) }
        for byte in bytes.dropFirst(max(growth, 0)) {
            tail[oldest] = byte
            oldest = oldest + 1 == tailLimit ? 0 : oldest + 1
        }
    }

    /// What was kept, and how much was not.
    package var captured: CapturedBytes {
        let dropped = total - Int64(head.count) - Int64(tail.count)
        let end = Array(tail[oldest...] + tail[..<oldest])
        return dropped == 0
            ? CapturedBytes(head: head + end) : CapturedBytes(head: head, tail: end, dropped: dropped)
    }
}

/// Keeps a stream whole up to a limit; one byte more and nothing of it counts.
package struct KeptResult: Sendable {
    private let limit: Int
    package private(set) var bytes: [UInt8] = []
    package private(set) var isTooLong = false

    package init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next bytes of the stream.
    package mutating func append(_ next: UnsafeRawBufferPointer) {
        guard !isTooLong, bytes.count + next.count <= limit else {
            isTooLong = true
            bytes = []
            return
        }
        bytes.append(contentsOf: next)
    }
}
