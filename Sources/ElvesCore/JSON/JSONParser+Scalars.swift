/// Strings and numbers.
extension JSONParser {
    /// Reads a string; `place` is at its opening quote. What is answered counts only when it is kept.
    mutating func string(isKept: Bool = true) throws(JSONError) -> String {
        let open = place
        place += 1
        var start = place
        var text: [UInt8] = []
        // That ASCII is UTF-8 is known without making a text of it.
        var isASCII = true
        var isMade = isKept
        skipPlain(isASCII: &isASCII)
        isMade = isMade || !isASCII
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                guard isMade else { return "" }
                if text.isEmpty, isASCII { return ascii(start..<place - 1) }
                guard let string = String(validating: text + bytes[start..<place - 1], as: UTF8.self) else {
                    throw error("the string that starts here is not UTF-8", at: open)
                }
                return string
            case UInt8(ascii: "\\"):
                if isMade { text += bytes[start..<place] }
                try escape(into: &text)
                if !isMade { text.removeAll(keepingCapacity: true) }
                start = place
                skipPlain(isASCII: &isASCII)
                isMade = isMade || !isASCII
            default: throw error("\(found()) inside a string; write it as an escape such as \\n or \\u0000")
            }
        }
        throw error("the string that starts here has no closing quote", at: open)
    }

    /// Reads a name of ASCII without escapes; nil, and nothing is read, when it is another. `place` is at its opening
    /// quote. Answers where it stands, without its quotes.
    mutating func plainName() -> Range<Int>? {
        let open = place
        place += 1
        var isASCII = true
        skipPlain(isASCII: &isASCII)
        guard isASCII, peek == UInt8(ascii: "\"") else {
            place = open
            return nil
        }
        place += 1
        return open + 1..<place - 1
    }

    /// Steps over what needs no look: all but quotes, escapes and control characters.
    private mutating func skipPlain(isASCII: inout Bool) {
        let (end, all) = bytes.withUnsafeBytes { bytes in
            var (end, all) = (place, UInt64(0))
            while end + 8 <= bytes.count {
                let eight = bytes.loadUnaligned(fromByteOffset: end, as: UInt64.self)
                if Self.holdsSpecial(eight) { break }
                all |= eight
                end += 8
            }
            while end < bytes.count {
                let byte = bytes[end]
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
                all |= UInt64(byte)
                end += 1
            }
            return (end, all)
        }
        place = end
        if all & Self.each(0x80) != 0 { isASCII = false }
    }

    /// Whether one of eight bytes is a quote, a backslash or a control character. The borrow of one that is may
    /// make the next seem one, too; whether there is any is exact.
    private static func holdsSpecial(_ eight: UInt64) -> Bool {
        func below(_ bound: UInt8, _ eight: UInt64) -> UInt64 { (eight &- each(bound)) & ~eight }
        let quotes = eight ^ each(UInt8(ascii: "\""))
        let escapes = eight ^ each(UInt8(ascii: "\\"))
        return (below(0x20, eight) | below(1, quotes) | below(1, escapes)) & each(0x80) != 0
    }

    /// Eight times the byte.
    private static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    private func ascii(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = place
        place += 1
        guard let letter = peek else { throw error("the text ends inside an escape") }
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try scalar(from: start)
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            throw error(
                #"an escape that JSON does not have; it has \" \\ \/ \b \f \n \r \t \uXXXX"#, at: start)
        }
    }

    /// Reads the digits of `\uXXXX`, and of a second one when the first is a high surrogate.
    private mutating func scalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try fourDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00 else { throw error("the second half of a surrogate pair without the first", at: start) }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw error("the first half of a surrogate pair without the second", at: start)
        }
        let second = try fourDigits(from: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else {
            throw error("the first half of a surrogate pair without the second", at: start)
        }
        return scalar
    }

    private mutating func fourDigits(from start: Int) throws(JSONError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Hex.value(ofDigit: byte) else {
                throw error("\\u wants four hex digits", at: start)
            }
            number = number << 4 | UInt32(digit)
            place += 1
        }
        return number
    }

    /// Reads a number; `place` is at its sign or first digit.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = place
        let negative = take(UInt8(ascii: "-"))
        let first = place
        guard digits() > 0 else { throw error("\(found()) where a digit should be") }
        if bytes[first] == UInt8(ascii: "0"), place > first + 1 {
            throw error("a number with a leading zero", at: start)
        }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digits() > 0 else { throw error("\(found()) where a digit should be, after the point") }
        }
        let isPlain = peek != UInt8(ascii: "e") && peek != UInt8(ascii: "E")
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("\(found()) where a digit should be, in the exponent") }
        }
        // So few digits are never too large for a double.
        if !keepsValues, isPlain, place - start <= 300 { return .null }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let whole = Int64(text), whole != 0 || !negative { return .int(whole) }
        guard let number = Double(text), number.isFinite else {
            throw error("a number too large for a 64-bit double", at: start)
        }
        return .double(number)
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }
}
