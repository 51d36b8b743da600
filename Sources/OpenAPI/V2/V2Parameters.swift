import ElvesCore

/// The parameters of a `/api/v2` call: query first, then form body; of a repeated name the first value counts.
struct V2Parameters: Sendable {
    /// Values by name, percent-decoded.
    private(set) var values: [String: String] = [:]

    /// - Parameter limit: pairs in query and form together, at most.
    init(query: String?, form: String = "", limit: Int = EdgeLimits().parameters) throws(ElvesError) {
        let first = try FormText.pairs(query ?? "", atMost: limit)
        let second = try FormText.pairs(form, atMost: limit)
        guard first.count + second.count <= limit else { throw FormText.tooMany(limit) }
        for pair in first + second where values[pair.name] == nil { values[pair.name] = pair.value ?? "" }
    }

    /// The value, or nil when it is absent or blank.
    subscript(_ name: String) -> String? {
        guard let value = values[name], value.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return value
    }

    /// The text that is signed; for MD5 the secret is a part of it.
    func signedText(path: String, secret: String = "") -> String {
        Elves2Signature.text(path: path, parameters: values.map { ($0.key, $0.value) }, secret: secret)
    }
}
