/// The Kubernetes rules for label keys and values.
package enum Label {
    /// Why `key` cannot be a label's key; nil when it can.
    ///
    /// A key is a name, or a DNS prefix, `/` and a name; a name has 1 to 63 letters, digits, `-`, `_`
    /// and `.`, with a letter or digit at both ends.
    package static func problem(withKey key: some StringProtocol) -> String? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2 else { return "a key holds at most one \"/\"" }
        if parts.count == 2 {
            let prefix = parts[0]
            guard (1...253).contains(prefix.utf8.count), prefix.utf8.allSatisfy(isPrefixByte), hasPlainEnds(prefix)
            else { return "the part before \"/\" is a DNS name in lower case" }
        }
        guard !name.isEmpty else { return "a key is not empty" }
        return problem(withWord: name, called: "key")
    }

    /// Why `value` cannot be a label's value; nil when it can.
    ///
    /// A value is empty, or as a key's name is.
    package static func problem(withValue value: some StringProtocol) -> String? {
        value.isEmpty ? nil : problem(withWord: value, called: "value")
    }

    private static func problem(withWord word: some StringProtocol, called kind: String) -> String? {
        guard word.utf8.count <= 63 else { return "a \(kind) has at most 63 characters" }
        if let bad = word.first(where: { !$0.utf8.allSatisfy(isWordByte) }) {
            return "a \(kind) holds letters, digits, \"-\", \"_\" and \".\", not \"\(bad)\""
        }
        return hasPlainEnds(word) ? nil : "a \(kind) begins and ends with a letter or digit"
    }

    private static func hasPlainEnds(_ word: some StringProtocol) -> Bool {
        guard let first = word.first?.asciiValue, let last = word.last?.asciiValue else { return false }
        return isPlain(first) && isPlain(last)
    }

    private static func isPlain(_ unit: UInt8) -> Bool {
        switch unit {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isWordByte(_ unit: UInt8) -> Bool {
        isPlain(unit) || unit == UInt8(ascii: "-") || unit == UInt8(ascii: "_") || unit == UInt8(ascii: ".")
    }

    private static func isPrefixByte(_ unit: UInt8) -> Bool {
        switch unit {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
