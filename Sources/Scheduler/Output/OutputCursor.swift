import ElvesCore

/// A place in a task's output, as a number that callers hand back. It means the same after a restart.
///
/// From the high end: 0, whether the inline output is read, whether the end was given out, 17 bits of attempt,
/// 44 bits of bytes of both outputs before it.
struct OutputCursor: Sendable, Hashable {
    /// Nil before the first page: the attempt that the task is at.
    var attempt: Int32?
    var offset: Int64 = 0
    /// Whether the head and tail in the record are read, not the copy.
    var isInline = false
    /// Whether the end of this attempt's output was given out.
    var isAtEnd = false

    private static let offsetBits: Int64 = 44
    private static let attemptBits: Int64 = 17
    private static let endBit: Int64 = 1 << 61
    private static let inlineBit: Int64 = 1 << 62

    init(attempt: Int32?, offset: Int64 = 0, isInline: Bool = false, isAtEnd: Bool = false) {
        self.attempt = attempt
        self.offset = offset
        self.isInline = isInline
        self.isAtEnd = isAtEnd
    }

    init(_ number: Int64) throws(ElvesError) {
        guard number != 0 else { return }
        let attempt = number >> Self.offsetBits & (1 << Self.attemptBits - 1)
        guard number > 0, attempt > 0 else {
            throw ElvesError(
                .schedulerRequestInvalid, "\(number) is no place in an output",
                hint: "Pass 0 for the start, or the cursor of the page before.")
        }
        self.attempt = Int32(attempt)
        offset = number & (1 << Self.offsetBits - 1)
        isInline = number & Self.inlineBit != 0
        isAtEnd = number & Self.endBit != 0
    }

    var number: Int64 {
        let attempt = Int64(attempt ?? 0) & (1 << Self.attemptBits - 1)
        let place = min(offset, 1 << Self.offsetBits - 1)
        return attempt << Self.offsetBits | place | (isInline ? Self.inlineBit : 0) | (isAtEnd ? Self.endBit : 0)
    }
}
