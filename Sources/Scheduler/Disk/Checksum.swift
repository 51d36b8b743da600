/// CRC-32C (Castagnoli), eight bytes a step.
enum Checksum {
    /// Eight tables of 256 numbers: the CRC of each byte value with 0 to 7 zero bytes after it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for value in 0..<256 {
            var remainder = UInt32(value)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0) }
            tables[value] = remainder
        }
        for index in 256..<8 * 256 {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 255)]
        }
        return tables
    }()

    /// The CRC of the bytes, going on from that of what stands before them (0 at the start).
    static func of(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return before }
        return tables.withUnsafeBufferPointer { table in
            var crc = ~before
            var place = 0
            while place + 8 <= bytes.count {
                let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let low = UInt32(truncatingIfNeeded: word) ^ crc
                let high = UInt32(truncatingIfNeeded: word >> 32)
                crc = table[1_792 + Int(low & 255)] ^ table[1_536 + Int(low >> 8 & 255)]
                crc ^= table[1_280 + Int(low >> 16 & 255)] ^ table[1_024 + Int(low >> 24)]
                crc ^= table[768 + Int(high & 255)] ^ table[512 + Int(high >> 8 & 255)]
                crc ^= table[256 + Int(high >> 16 & 255)] ^ table[Int(high >> 24)]
                place += 8
            }
            while place < bytes.count {
                crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[place])) & 255)]
                place += 1
            }
            return ~crc
        }
    }
}
