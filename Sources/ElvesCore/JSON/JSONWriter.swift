/// How JSON is written.
package struct JSONStyle: Hashable, Sendable {
    /// Members and elements on lines of their own, two spaces a level.
    package var isPretty: Bool
    /// Members by name, bytewise, instead of in their own order: the same object is always the same text.
    package var sortsNames: Bool

    /// One line, members in their own order, unless told otherwise.
    package init(isPretty: Bool = false, sortsNames: Bool = false) {
        self.isPretty = isPretty
        self.sortsNames = sortsNames
    }

    /// One line, no spaces.
    package static let compact = JSONStyle()
    /// For people.
    package static let pretty = JSONStyle(isPretty: true)
    /// One line, members by name: for digests and comparisons.
    package static let canonical = JSONStyle(sortsNames: true)
}

extension JSONValue: CustomStringConvertible {
    /// The compact text.
    package var description: String { text() }

    /// The JSON text.
    ///
    /// A double that is not finite, which JSON cannot say, is written as `null`.
    package func text(_ style: JSONStyle = .compact) -> String {
        String(decoding: bytes(style), as: UTF8.self)
    }

    /// The JSON text in UTF-8; see `text(_:)`.
    package func bytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self)
        return writer.bytes
    }
}

extension JSONObject: CustomStringConvertible {
    /// The compact text.
    package var description: String { JSONValue.object(self).text() }
}

struct JSONWriter {
    let style: JSONStyle
    private(set) var bytes: [UInt8] = []
    private var level = 0

    init(style: JSONStyle) {
        self.style = style
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .int(let value): bytes += value.description.utf8
        case .double(let value): bytes += (value.isFinite ? value.description : "null").utf8
        case .string(let value): write(value)
        case .array(let elements):
            list(elements, UInt8(ascii: "["), UInt8(ascii: "]")) { writer, element in writer.write(element) }
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ object: JSONObject) {
        let member: (inout JSONWriter, JSONObject.Member) -> Void = { writer, member in
            writer.write(member.name)
            writer.bytes.append(UInt8(ascii: ":"))
            if writer.style.isPretty { writer.bytes.append(0x20) }
            writer.write(member.value)
        }
        if style.sortsNames {
            let sorted = object.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            list(sorted, UInt8(ascii: "{"), UInt8(ascii: "}"), member)
        } else {
            list(object, UInt8(ascii: "{"), UInt8(ascii: "}"), member)
        }
    }

    private mutating func list<Items: Collection>(
        _ items: Items, _ open: UInt8, _ close: UInt8, _ item: (inout JSONWriter, Items.Element) -> Void
    ) {
        bytes.append(open)
        level += 1
        var isFirst = true
        for element in items {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            newLine()
            item(&self, element)
        }
        level -= 1
        if !isFirst { newLine() }
        bytes.append(close)
    }

    private mutating func newLine() {
        guard style.isPretty else { return }
        bytes.append(0x0A)
        for _ in 0..<(2 * level) { bytes.append(0x20) }
    }

    /// Text between quotes. What needs no escape, which is nearly all there is, is copied in one piece.
    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var rest = utf8[...]
            while let place = rest.firstIndex(where: Self.needsEscape) {
                bytes += rest[..<place]
                escape(rest[place])
                rest = rest[(place + 1)...]
            }
            bytes += rest
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x0A: bytes += "\\n".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0..<0x20: bytes += ("\\u00" + Hex.encode([byte])).utf8
        default: bytes += [UInt8(ascii: "\\"), byte]
        }
    }
}
