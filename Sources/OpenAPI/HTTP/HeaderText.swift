import HTTPTypes

/// Any text as a header's value: UTF-8, percent-encoded where it is not printable ASCII.
enum HeaderText {
    /// Bytes of a value, at most; what is longer is cut between two characters.
    static let limit = 1024

    /// The value; empty for an empty text.
    static func encode(_ text: String) -> String {
        var value = ""
        for character in text {
            let next = character.utf8.map(encode).joined()
            guard value.utf8.count + next.utf8.count <= limit else { break }
            value += next
        }
        return value
    }

    private static func encode(_ byte: UInt8) -> String {
        guard byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "%") else {
            return String(UnicodeScalar(byte))
        }
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 0x10 ? "%0\(digits)" : "%\(digits)"
    }
}
