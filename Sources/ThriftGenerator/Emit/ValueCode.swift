/// The Swift that reads or writes one value of a type.
struct ValueCode {
    let schema: Schema

    /// The `ThriftType` member of a type.
    func wireType(_ type: TypeReference) throws -> String {
        switch try schema.resolved(type) {
        case .void: throw GeneratorError("void is no type of a value")
        case .bool: return ".bool"
        case .int8: return ".byte"
        case .int16: return ".i16"
        case .int32: return ".i32"
        case .int64: return ".i64"
        case .double: return ".double"
        case .string, .binary: return ".string"
        case .list: return ".list"
        case .set: return ".set"
        case .map: return ".map"
        case .named(let name):
            if case .enumeration = try schema.declaration(name) { return ".i32" }
            return ".struct"
        }
    }

    /// An expression that reads a value from `reader`.
    func read(_ type: TypeReference) throws -> String {
        switch try schema.resolved(type) {
        case .void: throw GeneratorError("void is no type of a value")
        case .bool: return "try reader.readBool()"
        case .int8: return "try reader.readByte()"
        case .int16: return "try reader.readInt16()"
        case .int32: return "try reader.readInt32()"
        case .int64: return "try reader.readInt64()"
        case .double: return "try reader.readDouble()"
        case .string: return "try reader.readString()"
        case .binary: return "try reader.readBinary()"
        case .list(let element):
            return "try reader.readList(of: \(try wireType(element))) \(try closure(element))"
        case .set(let element):
            try checkKey(element)
            return "try reader.readSet(of: \(try wireType(element))) \(try closure(element))"
        case .map(let key, let value):
            try checkKey(key)
            return "try reader.readMap(key: \(try wireType(key)), value: \(try wireType(value)), "
                + "\(try closure(key)), \(try closure(value)))"
        case .named(let name):
            if case .enumeration = try schema.declaration(name) {
                return "\(schema.swiftName(name))(rawValue: try reader.readInt32())"
            }
            return "try \(schema.swiftName(name))(from: &reader)"
        }
    }

    private func closure(_ type: TypeReference) throws -> String {
        "{ reader throws(ThriftError) in \(try read(type)) }"
    }

    /// Writes a field: its announcement and its value.
    func writeField(
        _ id: Int16, _ type: TypeReference, _ value: String, writer: String = "writer", to text: inout SwiftText
    ) throws {
        if try schema.resolved(type) == .bool {
            text.line("\(writer).boolField(\(id), \(value))")
            return
        }
        text.line("\(writer).field(\(try wireType(type)), \(id))")
        try write(type, value, writer: writer, to: &text)
    }

    private func write(
        _ type: TypeReference, _ value: String, writer: String, depth: Int = 0, to text: inout SwiftText
    ) throws {
        let suffix = depth == 0 ? "" : String(depth + 1)
        switch try schema.resolved(type) {
        case .void: throw GeneratorError("void is no type of a value")
        case .bool: text.line("\(writer).writeBool(\(value))")
        case .int8: text.line("\(writer).writeByte(\(value))")
        case .int16: text.line("\(writer).writeInt16(\(value))")
        case .int32: text.line("\(writer).writeInt32(\(value))")
        case .int64: text.line("\(writer).writeInt64(\(value))")
        case .double: text.line("\(writer).writeDouble(\(value))")
        case .string: text.line("\(writer).writeString(\(value))")
        case .binary: text.line("\(writer).writeBinary(\(value))")
        case .list(let element):
            text.line("\(writer).beginList(of: \(try wireType(element)), count: \(value).count)")
            try text.block("for element\(suffix) in \(value)") {
                try write(element, "element\(suffix)", writer: writer, depth: depth + 1, to: &$0)
            }
        case .set(let element):
            text.line("\(writer).beginList(of: \(try wireType(element)), count: \(value).count)")
            try text.block("for element\(suffix) in \(value).inWireOrder") {
                try write(element, "element\(suffix)", writer: writer, depth: depth + 1, to: &$0)
            }
        case .map(let key, let item):
            let types = "key: \(try wireType(key)), value: \(try wireType(item))"
            text.line("\(writer).beginMap(\(types), count: \(value).count)")
            try text.block("for (key\(suffix), value\(suffix)) in \(value).inWireOrder") {
                try write(key, "key\(suffix)", writer: writer, depth: depth + 1, to: &$0)
                try write(item, "value\(suffix)", writer: writer, depth: depth + 1, to: &$0)
            }
        case .named(let name):
            if case .enumeration = try schema.declaration(name) {
                text.line("\(writer).writeInt32(\(value).rawValue)")
            } else {
                text.line("\(value).write(to: &\(writer))")
            }
        }
    }

    /// Sets and maps are written in order, so their keys must have one.
    private func checkKey(_ type: TypeReference) throws {
        switch try schema.resolved(type) {
        case .void, .list, .set, .map: break
        case .named(let name):
            if case .enumeration = try schema.declaration(name) { return }
        default: return
        }
        throw GeneratorError(
            "\(try schema.swiftType(type)) as a set's element or a map's key has no order on the wire: "
                + "use a number, bool, enum, string or binary")
    }
}
