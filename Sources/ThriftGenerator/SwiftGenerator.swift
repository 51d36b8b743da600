/// A Swift source file that was generated.
package struct GeneratedFile: Sendable, Hashable {
    /// The file's name, such as `Scheduler.swift`.
    package let name: String
    package let text: String
}

/// Makes Swift of IDL documents. The same documents give the same text.
package struct SwiftGenerator: Sendable {
    /// What differs from one use to another.
    package struct Options: Sendable {
        /// Module that generated files import for the runtime; nil inside that module itself.
        package var moduleImport: String?
        /// Documents whose methods need no roles: nobody may call them, we are only their client.
        package var documentsWithoutRoles: Set<String>

        /// Creates options.
        package init(moduleImport: String? = nil, documentsWithoutRoles: Set<String> = []) {
            self.moduleImport = moduleImport
            self.documentsWithoutRoles = documentsWithoutRoles
        }
    }

    private let options: Options

    /// Creates a generator.
    package init(options: Options = Options()) {
        self.options = options
    }

    /// One file for each document, sorted by name. A document that was read twice counts once.
    package func files(for documents: [Document]) throws -> [GeneratedFile] {
        var unique: [String: Document] = [:]
        for document in documents {
            guard unique.updateValue(document, forKey: document.name).map({ $0 == document }) ?? true else {
                throw GeneratorError("two different IDL files are named \(document.name)")
            }
        }
        let sorted = unique.values.sorted { $0.name < $1.name }
        let schema = try Schema(sorted)
        var opened: Set<String> = []
        return try sorted.map { document in
            var text = SwiftText()
            text.line("// swift-format-ignore-file")
            text.line("// Made by elves-thrift from \(document.name).thrift. Do not edit: `make generate`.")
            text.line()
            if let module = options.moduleImport {
                text.line("package import \(module)")
                text.line()
            }
            if let namespace = document.namespaces["swift"] {
                let isFirst = opened.insert(namespace).inserted
                if isFirst { text.doc(document.doc, or: "Names of \(document.name).thrift.") }
                try text.block("\(isFirst ? "package enum" : "extension") \(namespace)") {
                    try emit(document, schema, to: &$0)
                }
            } else {
                try emit(document, schema, to: &text)
            }
            return GeneratedFile(name: SwiftName.type(document.name) + ".swift", text: text.text)
        }
    }

    private func emit(_ document: Document, _ schema: Schema, to text: inout SwiftText) throws {
        var isFirst = true
        func separate(_ text: inout SwiftText) {
            if !isFirst { text.line() }
            isFirst = false
        }
        if !document.constants.isEmpty {
            separate(&text)
            try emitConstants(document, schema, to: &text)
        }
        for typedef in document.typedefs {
            separate(&text)
            text.doc(typedef.doc, or: "Typedef `\(typedef.name)`.")
            text.line("package typealias \(SwiftName.type(typedef.name)) = \(try schema.swiftType(typedef.type))")
        }
        for enumeration in document.enumerations {
            separate(&text)
            EnumEmitter().emit(enumeration, to: &text)
        }
        for structure in document.structures {
            separate(&text)
            if structure.kind == .union {
                try UnionEmitter(schema: schema).emit(structure, in: document.name, to: &text)
            } else {
                try StructEmitter(schema: schema).emit(structure, in: document.name, to: &text)
            }
        }
        let allowsNoRoles = options.documentsWithoutRoles.contains(document.name)
        for service in document.services {
            separate(&text)
            try ServiceEmitter(schema: schema, allowsNoRoles: allowsNoRoles).emit(service, to: &text)
        }
    }

    private func emitConstants(_ document: Document, _ schema: Schema, to text: inout SwiftText) throws {
        let literals = Literals(schema: schema)
        text.line("/// Constants of \(document.name).thrift.")
        try text.block("package enum \(SwiftName.type(document.name))Constants") { text in
            for constant in document.constants {
                text.doc(constant.doc)
                let value = try literals.literal(constant.value, constant.type)
                let type = try schema.swiftType(constant.type)
                text.line("package static let \(SwiftName.member(constant.name)): \(type) = \(value)")
            }
        }
    }
}
