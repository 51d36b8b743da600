/// The text that an ELVES 2.0 caller signs; the digest itself is made where the cryptography is.
package enum Elves2Signature {
    /// The signed text: path, `?`, the parameters by name, the secret; trimmed.
    ///
    /// `parameters` are decoded, in the order of the request; of a repeated name the first value counts,
    /// `sign` and `sign_type` are left out, an absent value is empty. MD5 is taken of the text with the
    /// secret; for HMAC-SHA256, which is keyed by it, `secret` stays empty.
    package static func text(
        path: String, parameters: [(name: String, value: String?)], secret: String = ""
    ) -> String {
        var first: [String: String] = [:]
        for (name, value) in parameters where name != "sign" && name != "sign_type" && first[name] == nil {
            first[name] = value ?? ""
        }
        // ELVES 2.0 sorts as Java does, by UTF-16 unit.
        let sorted = first.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        let query = sorted.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let path = path.hasPrefix("//") ? String(path.dropFirst()) : path
        return trim("\(path)?\(query)\(secret)")
    }

    /// Without the spaces and control characters at both ends, as Java's `trim` does it.
    private static func trim(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { $0.value > 0x20 }),
            let last = scalars.lastIndex(where: { $0.value > 0x20 })
        else { return "" }
        return String(scalars[start...last])
    }
}
