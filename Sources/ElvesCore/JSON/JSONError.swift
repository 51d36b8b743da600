/// Why a text is not the JSON that was wanted, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found and what would be right, in one sentence without the place.
    package let problem: String
    /// Bytes before the place.
    package let offset: Int
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    /// `LINE:COLUMN: problem`.
    package var description: String { "\(line):\(column): \(problem)" }

    init(_ problem: String, in bytes: [UInt8], at offset: Int) {
        self.problem = problem
        self.offset = offset
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }
}

/// What a JSON reader accepts at most.
package struct JSONLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    package var bytes: Int
    /// Arrays and objects inside one another.
    package var depth: Int

    /// 4 MiB, the largest REST body, and 64 levels unless told otherwise.
    package init(bytes: Int = 4 << 20, depth: Int = 64) {
        self.bytes = bytes
        self.depth = depth
    }
}
