extension JSONValue {
    /// Reads one JSON text, strictly as RFC 8259 has it.
    ///
    /// Refused besides what the grammar refuses: a repeated member name, half a surrogate pair, a byte
    /// order mark, bytes that are not UTF-8, numbers too large for a double, and what is past `limits`.
    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Reads one JSON text from its UTF-8 bytes; see `init(parsing:limits:)` for text.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try Self.read(bytes, limits: limits, keepsValues: true)
    }

    /// Checks that a text is what `init(parsing:limits:)` reads, without making a value of it.
    ///
    /// Throws exactly when that does, and the same.
    package static func check(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try check(Array(text.utf8), limits: limits)
    }

    /// Checks UTF-8 bytes; see `check(_:limits:)` for text.
    package static func check(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        _ = try read(bytes, limits: limits, keepsValues: false)
    }

    /// Whether `check(_:limits:)` finds nothing wrong.
    package static func isJSON(_ text: String) -> Bool { (try? check(text)) != nil }

    private static func read(
        _ bytes: [UInt8], limits: JSONLimits, keepsValues: Bool
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, depthLimit: limits.depth, keepsValues: keepsValues)
        guard bytes.count <= limits.bytes else {
            throw parser.error("the text is \(bytes.count) bytes long; at most \(limits.bytes) are read", at: 0)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw parser.error("the text starts with a byte order mark, which JSON does not allow", at: 0)
        }
        return try parser.document()
    }
}

/// Recursive descent over bytes; each byte is looked at once, or twice inside strings.
struct JSONParser {
    let bytes: [UInt8]
    let depthLimit: Int
    /// Whether values are made. If not, each one that is there counts as `null`.
    let keepsValues: Bool
    var place = 0
    private var depth = 0

    init(bytes: [UInt8], depthLimit: Int, keepsValues: Bool) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        self.keepsValues = keepsValues
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard place == bytes.count else {
            throw error("\(found()) after the value; a JSON text holds exactly one value")
        }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard let byte = peek else { throw error("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"):
            if keepsValues { return .object(try object()) }
            try checkObject()
            return .null
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""):
            let text = try string(isKept: keepsValues)
            return keepsValues ? .string(text) : .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw Self.isWordByte(byte) ? wrongWord() : error("\(found()) where a value should be")
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var object = JSONObject()
        try members { parser throws(JSONError) in
            let start = parser.place
            let name = try parser.string()
            let value = try parser.memberValue()
            guard object.insert(value, for: name) else { throw parser.standsTwice(name, at: start) }
        }
        return object
    }

    /// Reads an object of which only the names are kept as long as it is read, so that none stands twice.
    private mutating func checkObject() throws(JSONError) {
        var names = JSONNames()
        try members { parser throws(JSONError) in
            let start = parser.place
            if let plain = parser.plainName() {
                _ = try parser.memberValue()
                guard !names.contains(plain, in: parser.bytes) else {
                    throw parser.standsTwice(JSONNames.text(plain, in: parser.bytes), at: start)
                }
                names.insert(plain, in: parser.bytes)
            } else {
                let name = try parser.string()
                _ = try parser.memberValue()
                guard names.insert(name, in: parser.bytes) else { throw parser.standsTwice(name, at: start) }
            }
        }
    }

    private mutating func members(
        _ member: (inout JSONParser) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter()
        skipSpace()
        if take(UInt8(ascii: "}")) {
            depth -= 1
            return
        }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else {
                throw error("\(found()) where a member name in double quotes should be")
            }
            try member(&self)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("\(found()) where \",\" or \"}\" should be") }
        depth -= 1
    }

    /// The value behind a member's name.
    private mutating func memberValue() throws(JSONError) -> JSONValue {
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw error("\(found()) where \":\" should be") }
        return try value()
    }

    private func standsTwice(_ name: String, at start: Int) -> JSONError {
        error("member \(JSONValue.string(name)) stands twice in one object", at: start)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) {
            depth -= 1
            return .array(elements)
        }
        repeat {
            let element = try value()
            if keepsValues { elements.append(element) }
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("\(found()) where \",\" or \"]\" should be") }
        depth -= 1
        return .array(elements)
    }

    /// Steps over the opening bracket, one level deeper.
    private mutating func enter() throws(JSONError) {
        guard depth < depthLimit else { throw error("more than \(depthLimit) arrays and objects in one another") }
        depth += 1
        place += 1
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = wordEnd
        guard word.withUTF8Buffer({ bytes[place..<end].elementsEqual($0) }) else { throw wrongWord() }
        place = end
        return value
    }

    /// Where the letters and digits from `place` on end.
    private var wordEnd: Int { bytes[place...].firstIndex { !Self.isWordByte($0) } ?? bytes.count }

    private func wrongWord() -> JSONError {
        let word = String(decoding: bytes[place..<min(wordEnd, place + 20)], as: UTF8.self)
        return error("\"\(word)\" where a value should be; strings stand in double quotes")
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    // MARK: Bytes

    var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        place += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    /// What stands at `place`, for messages.
    func found() -> String {
        guard let byte = peek else { return "the text ends" }
        switch byte {
        case 0x21...0x7E: return "\"\(Unicode.Scalar(byte))\""
        case 0..<0x20, 0x7F: return "control character U+00\(Hex.encode([byte]))"
        default:
            let character = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self).prefix(1)
            return "\"\(character)\""
        }
    }

    func error(_ problem: String, at offset: Int? = nil) -> JSONError {
        JSONError(problem, in: bytes, at: offset ?? place)
    }
}
