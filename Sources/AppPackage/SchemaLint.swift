internal import ElvesCore
internal import Yams

/// Checks that a parameter's schema keeps to the subset of JSON Schema 2020-12 that the center checks
/// calls against, and turns it from YAML into JSON.
struct SchemaLint {
    private(set) var problems: [LintProblem] = []

    private static let keywords = [
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
        "minLength", "maxLength", "minimum", "maximum", "pattern", "title", "description", "default", "examples",
        "$schema", "$comment",
    ]
    private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]
    private static let deepest = 32

    /// The schema as JSON.
    mutating func schema(_ node: Node, depth: Int = 0) -> JSONValue {
        guard depth < Self.deepest else {
            report(node, "the schema is nested more than \(Self.deepest) deep", hint: "flatten it")
            return .null
        }
        guard case .mapping(let pairs) = node else {
            let value = YAMLValue.json(node)
            if value.bool == nil { report(node, "a schema is not a mapping", hint: "write: {type: object}") }
            return value
        }
        var object = JSONObject()
        for (key, value) in pairs {
            guard let keyword = key.scalar?.string, Self.keywords.contains(keyword) else {
                let shown = key.scalar?.string ?? "?"
                let near = Suggestion.nearest(to: shown, in: Self.keywords)
                report(
                    key, "the schema keyword \(PathRules.shown(shown)) is not supported",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "use \(Self.keywords.joined(separator: ", "))")
                continue
            }
            object[keyword] = self.value(of: keyword, value, depth: depth)
        }
        return .object(object)
    }

    private mutating func value(of keyword: String, _ node: Node, depth: Int) -> JSONValue {
        let value = YAMLValue.json(node)
        switch keyword {
        case "properties":
            guard case .mapping(let pairs) = node else {
                report(node, "properties is not a mapping", hint: "write each property's name and its schema")
                return .object([:])
            }
            var object = JSONObject()
            for (name, inner) in pairs { object[name.scalar?.string ?? ""] = schema(inner, depth: depth + 1) }
            return .object(object)
        case "items", "additionalProperties":
            return schema(node, depth: depth + 1)
        case "type":
            let names = value.array ?? [value]
            for name in names where !Self.types.contains(name.string ?? "") {
                let word = node.scalar?.string ?? name.text()
                let near = Suggestion.nearest(to: word, in: Self.types)
                report(
                    node, "\(PathRules.shown(word)) is not a type",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "use \(Self.types.joined(separator: ", "))")
            }
        case "required":
            expect(value.array?.allSatisfy { $0.string != nil }, node, "required is not a list of names")
        case "enum", "examples":
            expect(value.array.map { !$0.isEmpty }, node, "\(keyword) is not a list of values")
        case "minItems", "maxItems", "minLength", "maxLength":
            expect(value.int.map { $0 >= 0 }, node, "\(keyword) is not a whole number from 0 on")
        case "minimum", "maximum":
            expect(value.double.map { _ in true }, node, "\(keyword) is not a number")
        case "pattern", "title", "description", "$schema", "$comment":
            expect(value.string.map { _ in true }, node, "\(keyword) is not a text")
        default: break
        }
        return value
    }

    private mutating func expect(_ holds: Bool?, _ node: Node, _ message: String) {
        if holds != true { report(node, message, hint: "correct it, or leave it out") }
    }

    private mutating func report(_ node: Node, _ message: String, hint: String) {
        problems.append(
            LintProblem(line: node.mark?.line ?? 1, code: .packageManifestSchema, message, hint: hint))
    }
}

/// YAML values as JSON: plain words that JSON would read as null, a truth value or a number are
/// those, everything else is text; so `on`, `no` and `1.0.0` stay what they look like.
enum YAMLValue {
    static func json(_ node: Node, depth: Int = 0) -> JSONValue {
        guard depth < 64 else { return .null }
        switch node {
        case .scalar(let scalar): return json(scalar)
        case .sequence(let items): return .array(items.map { json($0, depth: depth + 1) })
        case .mapping(let pairs):
            var object = JSONObject()
            for (key, value) in pairs { object[key.scalar?.string ?? ""] = json(value, depth: depth + 1) }
            return .object(object)
        case .alias: return .null
        }
    }

    private static func json(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if scalar.string.isEmpty || scalar.string == "~" { return .null }
        guard let value = try? JSONValue(parsing: scalar.string) else { return .string(scalar.string) }
        switch value {
        case .null, .bool, .int, .double: return value
        case .string, .array, .object: return .string(scalar.string)
        }
    }
}
