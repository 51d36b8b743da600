import ElvesCore

/// A function's parameter as its manifest describes it: a named subset of JSON Schema 2020-12.
///
/// Understood are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`,
/// `minItems`, `maxItems`, `minimum`, `maximum`, `minLength`, `maxLength` and `pattern`; `title`,
/// `description`, `default` and `examples` say nothing about validity. `default` is not filled in.
indirect enum ParamSchema: Sendable {
    /// `true` accepts everything, `false` nothing.
    case constant(Bool)
    case rules(Rules)

    /// What one schema object demands.
    struct Rules: Sendable {
        var types: Set<Kind>?
        var choices: [JSONValue]?
        var constant: JSONValue?
        var properties: [String: ParamSchema] = [:]
        var required: [String] = []
        var additional: ParamSchema = .constant(true)
        var items: ParamSchema?
        var count = Bounds<Int64>()
        var number = Bounds<Double>()
        var length = Bounds<Int64>()
        var pattern: LinearPattern?
    }

    /// A JSON Schema type.
    enum Kind: String, Sendable, CaseIterable {
        case null, boolean, integer, number, string, array, object

        func matches(_ value: JSONValue) -> Bool {
            switch (self, value) {
            case (.null, .null), (.boolean, .bool), (.number, .int), (.number, .double), (.string, .string),
                (.array, .array), (.object, .object), (.integer, .int):
                true
            case (.integer, .double(let number)): number == number.rounded()
            default: false
            }
        }
    }

    /// A lowest and a highest value, each if given.
    struct Bounds<Value: Comparable & Sendable>: Sendable {
        var least: Value?
        var most: Value?
    }

    /// Why a text is not a schema of the subset.
    struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        /// Where in the schema, as a JSON pointer.
        let place: String
        let problem: String
        var description: String { "\(place.isEmpty ? "schema" : place): \(problem)" }
    }

    /// Reads a schema; an empty text accepts everything.
    init(parsing text: String) throws {
        self = text.isEmpty ? .constant(true) : try SchemaReader.read(JSONValue(parsing: text), at: "")
    }
}
