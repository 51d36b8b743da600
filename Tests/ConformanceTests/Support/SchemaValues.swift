import Thrift

@testable import ThriftGenerator

/// Random values of the types in an IDL, as an encoder with a slightly different IDL might write them.
struct SchemaValues {
    let schema: Schema
    let module: String
    /// The names of the IDL's constants.
    let constants: [String]

    init(xml: String) throws {
        let documents = try DocumentReader.documents(fromXML: xml)
        schema = try Schema(documents)
        module = documents[0].name
        constants = documents[0].constants.map(\.name)
    }

    /// A random value of a struct; now and then with a field that the IDL does not have.
    ///
    /// `whole`: with every field. libthrift (C++ only) reads a struct into the field's default, so what is
    /// absent inside keeps the default's value there.
    func value(
        of name: String, depth: Int = 3, whole: Bool = false, using random: inout SeededGenerator
    ) throws -> Dynamic {
        guard case .structure(let structure) = try schema.declaration(Name(module, name)) else { return .structure([]) }
        var fields: [Dynamic.Field] = []
        if structure.kind == .union {
            if let field = structure.fields.randomElement(using: &random), !random.oneIn(10) {
                fields = [.init(id: field.id, value: try value(field.type, depth: depth - 1, using: &random))]
            }
        } else {
            // libthrift's reader drops a boxed struct none of whose fields came, so one always does.
            let first = schema.isRecursive(Name(module, name)) ? structure.fields.first?.id : nil
            for field in structure.fields
            where try whole || field.id == first || isPresent(field, depth: depth, using: &random) {
                let item: Dynamic =
                    if case .map = field.defaultValue, case .named(let name) = field.type {
                        try value(of: name.id, depth: depth - 1, whole: true, using: &random)
                    } else {
                        try value(field.type, depth: depth - 1, using: &random)
                    }
                fields.append(.init(id: field.id, value: item))
            }
        }
        if random.oneIn(8), structure.kind != .union || fields.isEmpty {
            let stranger = Shape.random(depth: 2, using: &random).value(utf8: true, using: &random)
            fields.insert(
                .init(id: Int16(1000 + random.below(30000)), value: stranger), at: random.below(fields.count + 1))
        }
        return .structure(fields)
    }

    private func isPresent(_ field: Field, depth: Int, using random: inout SeededGenerator) throws -> Bool {
        if field.requiredness == .required { return true }
        if depth <= 0, try !isScalar(field.type) { return false }
        return field.requiredness == .optional ? random.oneIn(2) : !random.oneIn(10)
    }

    private func isScalar(_ type: TypeReference) throws -> Bool {
        switch try schema.resolved(type) {
        case .list, .set, .map: return false
        case .named(let name):
            if case .enumeration = try schema.declaration(name) { return true }
            return false
        default: return true
        }
    }

    private func value(
        _ type: TypeReference, depth: Int, asKey: Bool = false, using random: inout SeededGenerator
    ) throws -> Dynamic {
        func values(_ element: TypeReference, asKey: Bool) throws -> [Dynamic] {
            let count = try depth > 0 || isScalar(element) ? Shape.count(using: &random) : 0
            return try (0..<count).map { _ in try value(element, depth: depth - 1, asKey: asKey, using: &random) }
        }
        switch try schema.resolved(type) {
        case .void: return .structure([])
        case .bool: return .random(.bool, using: &random)
        case .int8: return .random(.byte, using: &random)
        case .int16: return .random(.i16, using: &random)
        case .int32: return .random(.i32, using: &random)
        case .int64: return .random(.i64, using: &random)
        case .double: return .random(.double, asKey: asKey, using: &random)
        case .string: return .string(Array(random.text().utf8))
        case .binary: return .string(random.bytes())
        case .list(let element): return .list(try wireType(element), try values(element, asKey: false))
        case .set(let element): return .set(try wireType(element), try values(element, asKey: true))
        case .map(let key, let item):
            // Each key once: of a repeated one libthrift merges the values, which nobody should rely on.
            let keys = Set(try values(key, asKey: true)).sorted { $0.words().joined() < $1.words().joined() }
            return .map(
                try wireType(key), try wireType(item),
                try keys.map { .init(key: $0, value: try value(item, depth: depth - 1, using: &random)) })
        case .named(let name):
            if case .enumeration(let enumeration) = try schema.declaration(name) {
                let known = enumeration.members.randomElement(using: &random)?.value ?? 0
                return .i32(random.oneIn(5) ? random.integer() : known)
            }
            return try value(of: name.id, depth: depth, using: &random)
        }
    }

    private func wireType(_ type: TypeReference) throws -> ThriftType {
        switch try schema.resolved(type) {
        case .void: return .stop
        case .bool: return .bool
        case .int8: return .byte
        case .int16: return .i16
        case .int32: return .i32
        case .int64: return .i64
        case .double: return .double
        case .string, .binary: return .string
        case .list: return .list
        case .set: return .set
        case .map: return .map
        case .named(let name):
            if case .enumeration = try schema.declaration(name) { return .i32 }
            return .struct
        }
    }
}
