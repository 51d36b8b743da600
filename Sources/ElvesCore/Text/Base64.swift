/// Base64 with padding (RFC 4648 §4).
package enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")

    /// Text of the bytes; empty for none.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        // Loops over an array of bytes are compiled for it, whatever the caller has.
        let bytes = Array(bytes)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var word: UInt32 = 0
        var count = 0
        for byte in bytes {
            word = word << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                append(word, digits: 4, to: &text)
                word = 0
                count = 0
            }
        }
        if count > 0 {
            append(word << UInt32(8 * (3 - count)), digits: count + 1, to: &text)
            for _ in count..<3 { text.append(pad) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ word: UInt32, digits count: Int, to text: inout [UInt8]) {
        for place in 0..<count { text.append(digits[Int(word >> UInt32(18 - 6 * place)) & 63]) }
    }

    /// Bytes of the text; nil unless it is what `encode` writes.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let units = Array(text.utf8)
        guard units.count.isMultiple(of: 4) else { return nil }
        let padding = units.suffix(2).count { $0 == pad }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count / 4 * 3)
        var word: UInt32 = 0
        for (place, unit) in units.enumerated() {
            if place >= units.count - padding {
                guard unit == pad else { return nil }
                word <<= 6
            } else {
                guard let digit = value(ofDigit: unit) else { return nil }
                word = word << 6 | digit
            }
            if place % 4 == 3 {
                bytes += [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8)]
                bytes.append(UInt8(truncatingIfNeeded: word))
                word = 0
            }
        }
        // Bits that padding cuts off must be zero: one text for each sequence of bytes.
        guard bytes.suffix(padding).allSatisfy({ $0 == 0 }) else { return nil }
        bytes.removeLast(padding)
        return bytes
    }

    private static func value(ofDigit unit: UInt8) -> UInt32? {
        switch unit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(unit) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(unit) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(unit) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
