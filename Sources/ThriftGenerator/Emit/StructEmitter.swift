/// Emits a struct or an exception.
struct StructEmitter {
    let schema: Schema
    private let values: ValueCode
    private let literals: Literals

    init(schema: Schema) {
        self.schema = schema
        values = ValueCode(schema: schema)
        literals = Literals(schema: schema)
    }

    func emit(_ structure: Structure, in module: String, to text: inout SwiftText) throws {
        let isException = structure.kind == .exception
        text.doc(structure.doc, or: "\(isException ? "Exception" : "Struct") `\(structure.name)`.")
        let conformances = "ThriftStruct, Hashable" + (isException ? ", Error" : "")
        try text.block("package struct \(SwiftName.type(structure.name)): \(conformances)") { text in
            for field in structure.fields {
                let name = Name(module, structure.name)
                let wrapper = try schema.isRecursive(field, of: name) ? "@ThriftIndirect " : ""
                text.doc(field.doc)
                text.line("\(wrapper)package var \(SwiftName.member(field.name)): \(try type(of: field))")
            }
            if !structure.fields.isEmpty { text.line() }
            try emitInit(structure, to: &text)
            text.line()
            try emitRead(structure, module, to: &text)
            text.line()
            try emitWrite(structure, to: &text)
        }
    }

    private func type(of field: Field) throws -> String {
        try schema.swiftType(field.type) + (field.requiredness == .optional ? "?" : "")
    }

    private func emitInit(_ structure: Structure, to text: inout SwiftText) throws {
        let parameters = try structure.fields.map { field in
            let initial =
                if let value = field.defaultValue {
                    try literals.literal(value, field.type)
                } else if field.requiredness == .optional {
                    "nil"
                } else {
                    try literals.zero(field.type)
                }
            return "\(SwiftName.member(field.name)): \(try type(of: field)) = \(initial)"
        }
        text.line("/// Creates a value; what is left out has the IDL's default, else zero, empty or nil.")
        text.list("package init(", parameters, ") {")
        text.indented { text in
            for field in structure.fields {
                let name = SwiftName.member(field.name)
                text.line("self.\(SwiftName.afterDot(field.name)) = \(name)")
            }
        }
        text.line("}")
    }

    private func emitRead(_ structure: Structure, _ module: String, to text: inout SwiftText) throws {
        let head = "from reader: inout ThriftReader) throws(ThriftError)"
        guard schema.isRecursive(Name(module, structure.name)) else {
            try text.block("package init(\(head)") { text in
                text.line("self.init()")
                try emitReadLoop(structure, module, into: "self", to: &text)
            }
            return
        }
        // Swift 6.3's optimiser stops with "Found ownership error" at an initialiser that assigns boxed fields.
        text.block("package init(\(head)") { $0.line("self = try Self.decoded(from: &reader)") }
        text.line()
        try text.block("private static func decoded(\(head) -> Self") { text in
            text.line("var result = Self()")
            try emitReadLoop(structure, module, into: "result", to: &text)
            text.line("return result")
        }
    }

    private func emitReadLoop(
        _ structure: Structure, _ module: String, into target: String, to text: inout SwiftText
    ) throws {
        let required = structure.fields.filter { $0.requiredness == .required }
        for field in required { text.line("var has\(field.id) = false") }
        text.line("let outer = try reader.beginStruct()")
        try text.block("while let field = try reader.nextField()") { text in
            try text.switching("(field.id, field.type)") { text in
                for field in structure.fields {
                    let name = SwiftName.afterDot(field.name)
                    let wire = try values.wireType(field.type)
                    text.line("case (\(field.id), \(wire)):")
                    try text.indented { text in
                        text.line("\(target).\(name) = \(try values.read(field.type))")
                        if field.requiredness == .required { text.line("has\(field.id) = true") }
                    }
                }
                text.line("default: try reader.skip(field.type)")
            }
        }
        text.line("reader.endStruct(outer)")
        for field in required {
            let message = "\(module).\(structure.name) lacks its required field \(field.name)"
            text.line("guard has\(field.id) else { throw ThriftError(.missingField, \"\(message)\") }")
        }
    }

    private func emitWrite(_ structure: Structure, to text: inout SwiftText) throws {
        try text.block("package func write(to writer: inout ThriftWriter)") { text in
            text.line("let outer = writer.beginStruct()")
            for field in structure.fields.sorted(by: { $0.id < $1.id }) {
                let name = "self." + SwiftName.afterDot(field.name)
                if field.requiredness == .optional {
                    try text.block("if let value = \(name)") { text in
                        try values.writeField(field.id, field.type, "value", to: &text)
                    }
                } else {
                    try values.writeField(field.id, field.type, name, to: &text)
                }
            }
            text.line("writer.endStruct(outer)")
        }
    }
}
