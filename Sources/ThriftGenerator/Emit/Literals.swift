import Foundation

/// Constants and defaults as Swift literals.
struct Literals {
    let schema: Schema

    /// The value of a field that the IDL gives no default.
    func zero(_ type: TypeReference) throws -> String {
        switch try schema.resolved(type) {
        case .void: return "()"
        case .bool: return "false"
        case .int8, .int16, .int32, .int64, .double: return "0"
        case .string: return "\"\""
        case .binary, .list, .set: return "[]"
        case .map: return "[:]"
        case .named(let name):
            switch try schema.declaration(name) {
            case .enumeration: return "\(schema.swiftName(name))(rawValue: 0)"
            case .structure(let structure) where structure.kind == .union:
                return "\(schema.swiftName(name)).unknown(0)"
            default: return "\(schema.swiftName(name))()"
            }
        }
    }

    func literal(_ value: ConstantValue, _ type: TypeReference) throws -> String {
        switch (try schema.resolved(type), value) {
        case (.bool, .integer(let number)): return number == 0 ? "false" : "true"
        case (.int8, .integer(let number)): return try checked(number, Int8.self)
        case (.int16, .integer(let number)): return try checked(number, Int16.self)
        case (.int32, .integer(let number)): return try checked(number, Int32.self)
        case (.int64, .integer(let number)): return String(number)
        case (.double, .integer(let number)): return String(number)
        case (.double, .double(let text)): return text
        case (.string, .string(let text)): return quoted(text)
        case (.binary, .string(let text)):
            return "[" + text.utf8.map { "0x" + String($0, radix: 16) }.joined(separator: ", ") + "]"
        case (.list(let element), .list(let values)):
            return "[" + (try values.map { try literal($0, element) }).joined(separator: ", ") + "]"
        case (.set(let element), .list(let values)):
            let literals = try values.map { try literal($0, element) }
            return "[" + unique(literals).joined(separator: ", ") + "]"
        case (.map(let key, let item), .map(let entries)):
            return try map(entries, key, item)
        case (.named(let name), _): return try named(value, name)
        case (let type, _): throw GeneratorError("a constant does not fit its type \(try schema.swiftType(type))")
        }
    }

    private func named(_ value: ConstantValue, _ name: Name) throws -> String {
        switch (try schema.declaration(name), value) {
        case (.enumeration(let enumeration), .integer(let number)):
            let type = schema.swiftName(name)
            if let member = enumeration.members.first(where: { Int64($0.value) == number }) {
                return "\(type).\(SwiftName.afterDot(member.name))"
            }
            return "\(type)(rawValue: \(try checked(number, Int32.self)))"
        case (.structure(let structure), .map(let entries)):
            return try structureLiteral(structure, entries, name)
        default: throw GeneratorError("a constant does not fit its type \(name)")
        }
    }

    private func structureLiteral(
        _ structure: Structure, _ entries: [ConstantValue.Entry], _ name: Name
    ) throws -> String {
        var values: [String: ConstantValue] = [:]
        for entry in entries {
            guard case .string(let field) = entry.key, structure.fields.contains(where: { $0.name == field }) else {
                throw GeneratorError("a constant of \(name) names a field that it does not have")
            }
            values[field] = entry.value
        }
        let arguments = try structure.fields.compactMap { field in
            try values[field.name].map { "\(SwiftName.afterDot(field.name)): \(try literal($0, field.type))" }
        }
        if structure.kind == .union {
            guard let field = structure.fields.first(where: { values[$0.name] != nil }),
                let value = values[field.name]
            else { return "\(schema.swiftName(name)).unknown(0)" }
            return "\(schema.swiftName(name)).\(SwiftName.afterDot(field.name))(\(try literal(value, field.type)))"
        }
        return "\(schema.swiftName(name))(\(arguments.joined(separator: ", ")))"
    }

    private func map(_ entries: [ConstantValue.Entry], _ key: TypeReference, _ item: TypeReference) throws -> String {
        guard !entries.isEmpty else { return "[:]" }
        var order: [String] = []
        var values: [String: String] = [:]
        for entry in entries {
            let name = try literal(entry.key, key)
            if values.updateValue(try literal(entry.value, item), forKey: name) == nil { order.append(name) }
        }
        return "[" + order.map { "\($0): \(values[$0] ?? "")" }.joined(separator: ", ") + "]"
    }

    /// Swift stops the program at a set literal that names an element twice.
    private func unique(_ literals: [String]) -> [String] {
        var seen: Set<String> = []
        return literals.filter { seen.insert($0).inserted }
    }

    private func checked<Number: FixedWidthInteger>(_ value: Int64, _ type: Number.Type) throws -> String {
        guard let number = Number(exactly: value) else { throw GeneratorError("\(value) does not fit \(type)") }
        return String(number)
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
