import ElvesCore

/// The named schemas of `/openapi.json`.
enum SchemaNames {
    /// Names of the members that a named schema has.
    static func members(of name: String) -> [String] { memberNames[name] ?? [] }

    private static let memberNames = Dictionary(
        uniqueKeysWithValues: all.map { ($0.name, $0.value["properties"]?.object?.names ?? []) })

    /// Every schema, in the order of the document.
    static let all: [JSONObject.Member] =
        requests + taskShapes + eventShapes + fleetShapes + keyShapes + v2Shapes

    // MARK: Building

    static func object(required: [String]? = nil, _ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        var properties = JSONObject()
        for (name, schema) in members { properties[name] = schema }
        let needed = required ?? members.map(\.key)
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !needed.isEmpty { schema["required"] = .array(needed.map { .string($0) }) }
        return .object(schema)
    }

    static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    static func ref(_ name: String) -> JSONValue { ["$ref": "#/components/schemas/\(name)"] }

    static func refOrNull(_ name: String) -> JSONValue { ["anyOf": [ref(name), ["type": "null"]]] }

    static func members(_ schemas: KeyValuePairs<String, JSONValue>) -> [JSONObject.Member] {
        var object = JSONObject()
        for (name, schema) in schemas { object[name] = schema }
        return Array(object)
    }

    static let text: JSONValue = ["type": "string"]
    static let textOrNull: JSONValue = ["type": ["string", "null"]]
    static let integer: JSONValue = ["type": "integer"]
    static let integerOrNull: JSONValue = ["type": ["integer", "null"]]
    static let flag: JSONValue = ["type": "boolean"]
    static let id: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{16}$"]
    static let time: JSONValue = ["type": ["string", "null"], "format": "date-time"]
    static let texts = list(text)
    static let map: JSONValue = ["type": "object", "additionalProperties": ["type": "string"]]
    static let seconds: JSONValue = ["type": "number", "minimum": 0, "description": "Seconds; 0 is no limit."]
    static let startBy: JSONValue = [
        "type": "number", "minimum": 0,
        "description": "Seconds within which it must start; 0: at once, or it ends unreachable.",
    ]
    static let failureLimit: JSONValue = [
        "type": ["integer", "string"], "description": "How many tasks may end badly: a number, or such as \"5%\".",
    ]
    static let digest: JSONValue = ["type": "string", "pattern": "^[0-9a-f]{64}$"]
    static let mode: JSONValue = ["type": "string", "pattern": "^0?[0-7]{1,3}$"]
    static let anything: JSONValue = ["description": "Any JSON value."]
}
