import ElvesCore

/// Reads the JSON of a schema into rules.
enum SchemaReader {
    private static let limit = 32

    static func read(_ value: JSONValue, at place: String, depth: Int = 0) throws -> ParamSchema {
        guard depth < limit else { throw unreadable(place, "schemas are nested more than \(limit) deep") }
        switch value {
        case .bool(let accepts): return .constant(accepts)
        case .object(let object): return .rules(try rules(object, at: place, depth: depth))
        default: throw unreadable(place, "a schema is an object, true or false, not a \(value.kind)")
        }
    }

    private static func rules(_ object: JSONObject, at place: String, depth: Int) throws -> ParamSchema.Rules {
        var rules = ParamSchema.Rules()
        for member in object {
            let inner = "\(place)/\(member.name)"
            let value = member.value
            switch member.name {
            case "type": rules.types = try types(value, at: inner)
            case "enum":
                guard let choices = value.array, !choices.isEmpty else { throw unreadable(inner, "a list of values") }
                rules.choices = choices
            case "const": rules.constant = value
            case "properties":
                guard let properties = value.object else { throw unreadable(inner, "an object of schemas") }
                for property in properties {
                    rules.properties[property.name] = try read(
                        property.value, at: "\(inner)/\(property.name)", depth: depth + 1)
                }
            case "required":
                guard let names = value.array, let texts = strings(names) else {
                    throw unreadable(inner, "a list of names")
                }
                rules.required = texts
            case "additionalProperties": rules.additional = try read(value, at: inner, depth: depth + 1)
            case "items": rules.items = try read(value, at: inner, depth: depth + 1)
            case "minItems": rules.count.least = try size(value, at: inner)
            case "maxItems": rules.count.most = try size(value, at: inner)
            case "minLength": rules.length.least = try size(value, at: inner)
            case "maxLength": rules.length.most = try size(value, at: inner)
            case "minimum": rules.number.least = try number(value, at: inner)
            case "maximum": rules.number.most = try number(value, at: inner)
            case "pattern": rules.pattern = try pattern(value, at: inner)
            case "title", "description", "default", "examples", "$schema", "$comment": break
            default: throw unreadable(inner, "this keyword is not in the subset of JSON Schema that Elves checks")
            }
        }
        return rules
    }

    private static func types(_ value: JSONValue, at place: String) throws -> Set<ParamSchema.Kind> {
        let names = value.array ?? [value]
        let kinds = names.compactMap { $0.string.flatMap(ParamSchema.Kind.init(rawValue:)) }
        guard kinds.count == names.count, !kinds.isEmpty else {
            let all = ParamSchema.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw unreadable(place, "one of \(all), or a list of them")
        }
        return Set(kinds)
    }

    private static func pattern(_ value: JSONValue, at place: String) throws -> LinearPattern {
        guard let text = value.string else { throw unreadable(place, "a regular expression as a string") }
        do {
            return try LinearPattern(text)
        } catch {
            throw unreadable(place, "\(error)")
        }
    }

    private static func strings(_ values: [JSONValue]) -> [String]? {
        let texts = values.compactMap(\.string)
        return texts.count == values.count ? texts : nil
    }

    private static func size(_ value: JSONValue, at place: String) throws -> Int64 {
        guard let size = value.int, size >= 0 else { throw unreadable(place, "a whole number from 0 on") }
        return size
    }

    private static func number(_ value: JSONValue, at place: String) throws -> Double {
        guard let number = value.double else { throw unreadable(place, "a number") }
        return number
    }

    private static func unreadable(_ place: String, _ problem: String) -> ParamSchema.Unreadable {
        ParamSchema.Unreadable(place: place, problem: problem)
    }
}
