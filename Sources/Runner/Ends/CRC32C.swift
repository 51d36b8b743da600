/// The checksum of RFC 3720 (Castagnoli), eight bytes a step.
package enum CRC32C {
    private static let polynomial: UInt32 = 0x82F6_3B78

    /// Eight tables of 256: table `n` moves a byte past `n` zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
            tables[byte] = value
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()

    /// `before`: the checksum of the bytes before these, when there are some.
    package static func of(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var value = ~before
            var rest = bytes
            while rest.count >= 8 {
                let word = UInt64(littleEndian: rest.loadUnaligned(as: UInt64.self)) ^ UInt64(value)
                var next: UInt32 = 0
                for place in 0..<8 {
                    next ^= tables[(7 - place) << 8 | Int(word >> (UInt64(place) << 3) & 0xFF)]
                }
                value = next
                rest = UnsafeRawBufferPointer(rebasing: rest[8...])
            }
            for byte in rest { value = value >> 8 ^ tables[Int((value ^ UInt32(byte)) & 0xFF)] }
            return ~value
        }
    }

    /// That of an array.
    package static func of(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { of($0) } }
}
