/// A small random generator (SplitMix64) that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// True once in `times`, on average.
    mutating func oneIn(_ times: UInt64) -> Bool { next() % times == 0 }

    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// Edge numbers often, small ones often, any sometimes.
    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
        switch next() % 4 {
        case 0: [0, 1, Number.max, Number.min, Number.max - 1, Number(clamping: -1), 64, 127][below(8)]
        case 1: Number(truncatingIfNeeded: below(300) - 150)
        default: Number(truncatingIfNeeded: next() >> (next() % 64))
        }
    }

    /// Any number, NaN and -0 among them unless the number is to be a key.
    mutating func double(asKey: Bool = false) -> Double {
        if asKey { return Double(below(1000)) / 8 - 60 }
        switch next() % 4 {
        case 0:
            return [0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1][
                below(8)]
        case 1: return Double(below(1000)) / 8
        default: return Double(bitPattern: next())
        }
    }

    /// Text of up to `limit` characters, from all planes but without combining marks.
    mutating func text(limit: Int = 12) -> String {
        let letters: [Character] = [
            "a", "Z", "0", " ", "\"", "\\", "\n", "\0", "ß", "é", "Ж", "中", "🐟", "👩‍🚒", "\u{7F}", "ÿ",
        ]
        var text = ""
        for _ in 0..<below(oneIn(20) ? 300 : limit + 1) { text.append(letters[below(letters.count)]) }
        return text
    }

    mutating func bytes(limit: Int = 12) -> [UInt8] {
        (0..<below(oneIn(20) ? 300 : limit + 1)).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
