/// Writes settings as YAML, dotted keys nested: `tls.ca` and `tls.key` under one `tls`.
package enum YAMLText {
    private indirect enum Node {
        case text(String)
        case map([String: Node])
    }

    /// The file's text, keys sorted, every value in double quotes.
    package static func nested(_ settings: [String: String]) -> String {
        var root: [String: Node] = [:]
        for (key, value) in settings { insert(value, at: key.split(separator: ".").map(String.init)[...], into: &root) }
        return lines(root, indent: "").map { $0 + "\n" }.joined()
    }

    private static func insert(_ value: String, at path: ArraySlice<String>, into map: inout [String: Node]) {
        guard let first = path.first else { return }
        guard path.count > 1 else {
            map[first] = .text(value)
            return
        }
        var inner: [String: Node] = [:]
        if case .map(let members)? = map[first] { inner = members }
        insert(value, at: path.dropFirst(), into: &inner)
        map[first] = .map(inner)
    }

    private static func lines(_ map: [String: Node], indent: String) -> [String] {
        map.sorted { $0.key < $1.key }.flatMap { key, node -> [String] in
            switch node {
            case .text(let text): [indent + "\(key): \(quoted(text))"]
            case .map(let members): [indent + "\(key):"] + lines(members, indent: indent + "  ")
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
