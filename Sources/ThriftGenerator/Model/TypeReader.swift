/// Reads types and constant values from the compiler's XML.
enum TypeReader {
    static func type(of element: XMLElement) throws -> TypeReference {
        func part(_ name: String) throws -> TypeReference {
            guard let child = element.first(name) else {
                throw GeneratorError("<\(element.name)> of a container has no <\(name)>")
            }
            return try type(of: child)
        }
        switch try element.attribute("type") {
        case "void": return .void
        case "bool": return .bool
        case "byte", "i8": return .int8
        case "i16": return .int16
        case "i32": return .int32
        case "i64": return .int64
        case "double": return .double
        case "string": return .string
        case "binary": return .binary
        case "list": return .list(try part("elemType"))
        case "set": return .set(try part("elemType"))
        case "map": return .map(try part("keyType"), try part("valueType"))
        case "id": return .named(Name(try element.attribute("type-module"), try element.attribute("type-id")))
        case let other: throw GeneratorError("the generator does not know the type \(other)")
        }
    }

    static func value(_ element: XMLElement) throws -> ConstantValue {
        switch element.name {
        case "int":
            guard let value = Int64(element.text) else {
                throw GeneratorError("integer \(element.text) does not fit 64 bits")
            }
            return .integer(value)
        case "double":
            guard Double(element.text) != nil else { throw GeneratorError("\(element.text) is not a number") }
            return .double(element.text)
        case "string": return .string(element.text)
        case "list": return .list(try element.all("entry").map(onlyValue))
        case "map":
            return .map(
                try element.all("entry").map { entry in
                    guard let key = entry.first("key"), let value = entry.first("value") else {
                        throw GeneratorError("an entry of a map constant lacks its key or value")
                    }
                    return .init(key: try onlyValue(key), value: try onlyValue(value))
                })
        case let other: throw GeneratorError("the generator does not know constants of kind <\(other)>")
        }
    }

    private static func onlyValue(_ element: XMLElement) throws -> ConstantValue {
        guard let child = element.children.first else { throw GeneratorError("<\(element.name)> has no value") }
        return try value(child)
    }
}
