import ElvesCore
import NIOCore

/// Writes JSON straight into the bytes of an answer.
///
/// It puts the commas; the caller keeps names and values in turn and closes what it opens.
struct JSONBuffer {
    private var text: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: bytes to make room for at first.
    init(capacity: Int = 1024) {
        text.reserveCapacity(capacity)
    }

    /// What was written.
    var bytes: ByteBuffer { ByteBuffer(bytes: text) }

    // MARK: Values

    mutating func object(_ members: (inout JSONBuffer) -> Void) {
        open(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    mutating func array<Items: Sequence>(_ items: Items, _ item: (inout JSONBuffer, Items.Element) -> Void) {
        open(UInt8(ascii: "["))
        for element in items { item(&self, element) }
        close(UInt8(ascii: "]"))
    }

    mutating func string(_ value: some StringProtocol) {
        separate()
        quote(String(value))
    }

    mutating func int(_ number: some BinaryInteger) {
        separate()
        if let small = UInt64(exactly: number) {
            digits(of: small)
        } else {
            text.append(contentsOf: String(number).utf8)
        }
    }

    mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    mutating func null() { raw("null") }

    /// Text that is JSON already.
    mutating func raw(_ json: String) {
        separate()
        text.append(contentsOf: json.utf8)
    }

    // MARK: Members

    /// A name that is the format's own: plain letters, which need no look.
    mutating func key(_ name: StaticString) {
        separate()
        text.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(UInt8(ascii: "\""))
        text.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A name that came from elsewhere.
    mutating func key(named name: String) {
        separate()
        quote(name)
        text.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: StaticString, _ text: some StringProtocol) {
        key(name)
        string(text)
    }

    mutating func member(_ name: StaticString, _ number: some BinaryInteger) {
        key(name)
        int(number)
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// The text, or `null` for an absent or empty one.
    mutating func member(_ name: StaticString, orNull text: String?) {
        key(name)
        if let text, !text.isEmpty { string(text) } else { null() }
    }

    mutating func member(_ name: StaticString, orNull number: (some BinaryInteger)?) {
        key(name)
        if let number { int(number) } else { null() }
    }

    mutating func member(_ name: StaticString, strings: some Sequence<String>) {
        key(name)
        array(strings) { $0.string($1) }
    }

    /// Names and texts, sorted by name.
    mutating func member(_ name: StaticString, map: [String: String]) {
        key(name)
        object { json in
            for (name, text) in map.sorted(by: { $0.key < $1.key }) {
                json.key(named: name)
                json.string(text)
            }
        }
    }

    // MARK: Bytes

    private mutating func open(_ bracket: UInt8) {
        separate()
        text.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        text.append(bracket)
        needsComma = true
    }

    private mutating func digits(of number: UInt64) {
        guard number >= 10 else { return text.append(UInt8(ascii: "0") + UInt8(number)) }
        let start = text.count
        var rest = number
        while rest > 0 {
            text.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        text[start...].reverse()
    }

    private mutating func separate() {
        if needsComma { text.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ string: String) {
        var string = string
        text.append(UInt8(ascii: "\""))
        string.withUTF8 { utf8 in
            if utf8.contains(where: Self.isSpecial) {
                for byte in utf8 { escape(byte) }
            } else {
                text.append(contentsOf: utf8)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: text += [0x5C, byte]
        case 0x0A: text += "\\n".utf8
        case 0x0D: text += "\\r".utf8
        case 0x09: text += "\\t".utf8
        case 0..<0x20: text += ("\\u00" + Hex.encode([byte])).utf8
        default: text.append(byte)
        }
    }
}
