/// All documents of a run, with what their names stand for.
struct Schema {
    enum Declaration {
        case typedef(Typedef)
        case enumeration(Enumeration)
        case structure(Structure)
    }

    let documents: [Document]
    private let declarations: [Name: Declaration]
    private let services: [Name: Service]
    private let swiftNamespaces: [String: String]
    private let cycles: Cycles

    init(_ documents: [Document]) throws {
        self.documents = documents
        var declarations: [Name: Declaration] = [:]
        var services: [Name: Service] = [:]
        for document in documents {
            for item in document.typedefs { declarations[Name(document.name, item.name)] = .typedef(item) }
            for item in document.enumerations { declarations[Name(document.name, item.name)] = .enumeration(item) }
            for item in document.structures { declarations[Name(document.name, item.name)] = .structure(item) }
            for item in document.services { services[Name(document.name, item.name)] = item }
        }
        self.declarations = declarations
        self.services = services
        swiftNamespaces = Dictionary(
            uniqueKeysWithValues: documents.compactMap { document in
                document.namespaces["swift"].map { (document.name, $0) }
            })
        cycles = Cycles(declarations)
        try cycles.check()
        try NameCheck(documents: documents).run()
    }

    func declaration(_ name: Name) throws -> Declaration {
        guard let found = declarations[name] else { throw GeneratorError("no type \(name)") }
        return found
    }

    func service(_ name: Name) throws -> Service {
        guard let found = services[name] else { throw GeneratorError("no service \(name)") }
        return found
    }

    /// The type behind any typedefs.
    func resolved(_ type: TypeReference) throws -> TypeReference {
        guard case .named(let name) = type, case .typedef(let typedef) = try declaration(name) else { return type }
        return try resolved(typedef.type)
    }

    /// Whether the field must be stored on the heap because its struct can hold itself.
    func isRecursive(_ field: Field, of structure: Name) throws -> Bool {
        guard field.requiredness == .optional, case .named(let target) = try resolved(field.type) else { return false }
        return cycles.reaches(from: target, to: structure)
    }

    /// Whether a value of the type can hold another one without a container in between.
    func isRecursive(_ structure: Name) -> Bool { cycles.reaches(from: structure, to: structure, atLeastOneStep: true) }

    /// How Swift names a declaration, seen from anywhere.
    func swiftName(_ name: Name) -> String {
        let type = SwiftName.type(name.id)
        return swiftNamespaces[name.module].map { "\($0).\(type)" } ?? type
    }

    /// How Swift writes a type.
    func swiftType(_ type: TypeReference) throws -> String {
        switch type {
        case .void: "Void"
        case .bool: "Bool"
        case .int8: "Int8"
        case .int16: "Int16"
        case .int32: "Int32"
        case .int64: "Int64"
        case .double: "Double"
        case .string: "String"
        case .binary: "[UInt8]"
        case .list(let element): "[\(try swiftType(element))]"
        case .set(let element): "Set<\(try swiftType(element))>"
        case .map(let key, let value): "[\(try swiftType(key)): \(try swiftType(value))]"
        case .named(let name): swiftName(name)
        }
    }
}
