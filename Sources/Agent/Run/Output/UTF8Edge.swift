/// Where a run of bytes may be cut without tearing a UTF-8 sequence.
enum UTF8Edge {
    /// Bytes at the end of `bytes` that begin a sequence which is not whole yet: 0 to 3.
    ///
    /// Bytes that no sequence could begin with are not waited for.
    static func incompleteTail(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
        var following = 0
        for byte in bytes.reversed().prefix(3) {
            if byte & 0xC0 == 0x80 {
                following += 1
                continue
            }
            return following + 1 < length(from: byte) ? following + 1 : 0
        }
        return 0
    }

    /// Bytes at the start of `bytes` that only go on with a sequence from before: 0 to 3.
    static func orphanedHead(_ bytes: some Collection<UInt8>) -> Int {
        bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    }

    /// Length of the sequence that a byte begins; 1 for bytes that begin none.
    private static func length(from lead: UInt8) -> Int {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
