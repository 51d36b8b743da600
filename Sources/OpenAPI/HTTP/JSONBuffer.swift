import NIOCore

/// Writes JSON straight into the bytes of an answer.
///
/// It puts the commas; the caller keeps names and values in turn and closes what it opens.
struct JSONBuffer {
    private(set) var bytes: ByteBuffer
    private var needsComma = false

    /// - Parameter capacity: bytes to make room for at first.
    init(capacity: Int = 1024) {
        bytes = ByteBufferAllocator().buffer(capacity: capacity)
    }

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

    mutating func string(_ text: some StringProtocol) {
        separate()
        quote(String(text))
    }

    mutating func int(_ number: some BinaryInteger) { raw(String(number)) }

    mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    mutating func null() { raw("null") }

    /// Text that is JSON already.
    mutating func raw(_ json: String) {
        separate()
        bytes.writeString(json)
    }

    // MARK: Members

    mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ text: some StringProtocol) {
        key(name)
        string(text)
    }

    mutating func member(_ name: String, _ number: some BinaryInteger) {
        key(name)
        int(number)
    }

    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// The text, or `null` for an absent or empty one.
    mutating func member(_ name: String, orNull text: String?) {
        key(name)
        if let text, !text.isEmpty { string(text) } else { null() }
    }

    mutating func member(_ name: String, orNull number: (some BinaryInteger)?) {
        key(name)
        if let number { int(number) } else { null() }
    }

    mutating func member(_ name: String, strings: some Sequence<String>) {
        key(name)
        array(strings) { $0.string($1) }
    }

    /// Names and texts, sorted by name.
    mutating func member(_ name: String, map: [String: String]) {
        key(name)
        object { json in
            for (name, text) in map.sorted(by: { $0.key < $1.key }) { json.member(name, text) }
        }
    }

    // MARK: Bytes

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.writeInteger(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        var text = text
        bytes.writeInteger(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            if utf8.contains(where: Self.isSpecial) {
                for byte in utf8 { escape(byte) }
            } else {
                bytes.writeBytes(UnsafeRawBufferPointer(utf8))
            }
        }
        bytes.writeInteger(UInt8(ascii: "\""))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes.writeBytes([0x5C, byte])
        case 0x0A: bytes.writeString("\\n")
        case 0x0D: bytes.writeString("\\r")
        case 0x09: bytes.writeString("\\t")
        case 0..<0x20:
            bytes.writeString("\\u00")
            bytes.writeBytes([byte >> 4, byte & 15].map { $0 < 10 ? $0 + 48 : $0 + 87 })
        default: bytes.writeInteger(byte)
        }
    }
}
