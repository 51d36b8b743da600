import ElvesCore

/// JSON texts, good and bad.
enum JSONCorpus {
    /// Numbers and what they are.
    static let numbers: [(String, JSONValue)] = [
        ("9223372036854775807", JSONValue.int(.max)), ("-9223372036854775808", .int(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("0", .int(0)), ("-0", .double(-0.0)),
        ("1.0", .double(1)), ("1e2", .double(100)), ("1E+2", .double(100)),
        ("5e-324", .double(.leastNonzeroMagnitude)),
        ("1e-400", .double(0)), ("123456789012345678901234567890", .double(1.2345678901234568e29)),
    ]

    /// What RFC 8259 refuses.
    static let refused = [
        "", " ", "{", "[", "\"", "tru", "True", "nul", "01", "-", "-01", "1.", ".5", "1e", "1e+", "+1", "0x10", "NaN",
        "Infinity", "1e400", "[1,]", "[,1]", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":}", "[1 2]",
        "1 2", "[1]]", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "// x\n1", "\u{FEFF}1", "\u{A0}1", "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}", "\"a\nb\"", "[1}", "{\"a\":1]", "\u{0}",
    ]

    /// Strings that are not UTF-8.
    static let notUTF8: [[UInt8]] = [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
        [0x22, 0xE2, 0x82, 0x22],
    ]

    /// A random value.
    static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        switch random.below(depth > 4 ? 6 : 8) {
        case 0: return .null
        case 1: return .bool(random.chance(50))
        case 2: return .int(Int64(bitPattern: random.next() >> UInt64(random.below(64))))
        case 3:
            let number = Double(bitPattern: random.next())
            return .double(number.isFinite ? number : 0.1)
        case 4, 5: return .string(text(&random))
        case 6: return .array((0..<random.below(6)).map { _ in value(&random, depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<random.below(random.chance(10) ? 40 : 6) {
                object[text(&random)] = value(&random, depth: depth + 1)
            }
            return .object(object)
        }
    }

    /// A random text of few characters.
    static func text(_ random: inout SeededRandom) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<random.below(12) {
            let bound = [0x20, 0x80, 0x800, 0x10000, 0x110000][random.below(5)]
            if let scalar = Unicode.Scalar(UInt32(random.below(bound))) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
