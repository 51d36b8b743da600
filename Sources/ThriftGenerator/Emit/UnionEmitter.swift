/// Emits a union: an enum with a case for each field and one for fields of a newer IDL.
struct UnionEmitter {
    let schema: Schema
    private let values: ValueCode

    init(schema: Schema) {
        self.schema = schema
        values = ValueCode(schema: schema)
    }

    func emit(_ union: Structure, in module: String, to text: inout SwiftText) throws {
        let indirect = schema.isRecursive(Name(module, union.name)) ? "indirect " : ""
        text.doc(union.doc, or: "Union `\(union.name)`.")
        try text.block("package \(indirect)enum \(SwiftName.type(union.name)): ThriftStruct, Hashable") { text in
            for field in union.fields {
                text.doc(field.doc)
                text.line("case \(SwiftName.member(field.name))(\(try schema.swiftType(field.type)))")
            }
            text.line("/// A field that this IDL does not know, by its id; 0 when none was set. Written as nothing.")
            text.line("case unknown(Int16)")
            text.line()
            try emitRead(union, to: &text)
            text.line()
            try emitWrite(union, to: &text)
        }
    }

    private func emitRead(_ union: Structure, to text: inout SwiftText) throws {
        try text.block("package init(from reader: inout ThriftReader) throws(ThriftError)") { text in
            text.line("self = .unknown(0)")
            text.line("let outer = try reader.beginStruct()")
            try text.block("while let field = try reader.nextField()") { text in
                try text.switching("(field.id, field.type)") { text in
                    for field in union.fields {
                        let name = SwiftName.afterDot(field.name)
                        text.line("case (\(field.id), \(try values.wireType(field.type))):")
                        try text.indented { text in
                            text.line("self = .\(name)(\(try values.read(field.type)))")
                        }
                    }
                    text.line("default:")
                    text.indented { text in
                        text.line("try reader.skip(field.type)")
                        text.line("if case .unknown(0) = self { self = .unknown(field.id) }")
                    }
                }
            }
            text.line("reader.endStruct(outer)")
        }
    }

    private func emitWrite(_ union: Structure, to text: inout SwiftText) throws {
        try text.block("package func write(to writer: inout ThriftWriter)") { text in
            text.line("let outer = writer.beginStruct()")
            try text.switching("self") { text in
                for field in union.fields {
                    text.line("case .\(SwiftName.afterDot(field.name))(let value):")
                    try text.indented { text in
                        try values.writeField(field.id, field.type, "value", to: &text)
                    }
                }
                text.line("case .unknown: break")
            }
            text.line("writer.endStruct(outer)")
        }
    }
}
