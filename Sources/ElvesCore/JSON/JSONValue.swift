/// A JSON value (RFC 8259).
///
/// Numbers without fraction and exponent that fit are `int`, all others `double`; they compare as
/// what they are: `int(1)` is not `double(1)`.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    /// The truth value, nil for any other kind.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number as an integer; a double only when that loses nothing (`90.0` is 90).
    package var int: Int64? {
        switch self {
        case .int(let value): value
        case .double(let value): Self.whole(value)
        default: nil
        }
    }

    /// As `Int64(exactly:)`, which would need the C library's `trunc`.
    private static func whole(_ value: Double) -> Int64? {
        guard value >= -0x1p63, value < 0x1p63, Double(Int64(value)) == value else { return nil }
        return Int64(value)
    }

    /// The number as a double, nil for any other kind.
    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The text, nil for any other kind.
    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements, nil for any other kind.
    package var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, nil for any other kind.
    package var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The member of that name; nil when there is none or this is no object.
    package subscript(_ name: String) -> JSONValue? { object?[name] }

    /// The element at that place; nil when there is none or this is no array.
    package subscript(_ place: Int) -> JSONValue? {
        guard case .array(let value) = self, value.indices.contains(place) else { return nil }
        return value[place]
    }

    /// `null`, `boolean`, `number`, `string`, `array` or `object`, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// The last value of a repeated name counts.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}

extension JSONValue {
    /// A string, or `null` for nil.
    package init(_ text: String?) { self = text.map { .string($0) } ?? .null }

    /// A number, or `null` for nil.
    package init(_ number: (some BinaryInteger)?) {
        guard let number else {
            self = .null
            return
        }
        self = Int64(exactly: number).map { .int($0) } ?? .double(Double(number))
    }
}
