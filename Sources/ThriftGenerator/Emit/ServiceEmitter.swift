/// Emits a service: method table, handler protocol, client and processor.
struct ServiceEmitter {
    let schema: Schema
    /// Whether methods without roles are allowed; nobody may call those of us.
    let allowsNoRoles: Bool
    private let types: MethodTypes

    init(schema: Schema, allowsNoRoles: Bool) {
        self.schema = schema
        self.allowsNoRoles = allowsNoRoles
        types = MethodTypes(schema: schema)
    }

    func emit(_ service: Service, to text: inout SwiftText) throws {
        let methods = try inherited(service.parent) + service.methods
        try emitTable(service, methods, to: &text)
        text.line()
        try emitHandler(service, to: &text)
        text.line()
        try ClientEmitter(schema: schema).emit(service, methods, to: &text)
        text.line()
        try ProcessorEmitter(schema: schema).emit(service, methods, to: &text)
    }

    private func inherited(_ parent: Name?) throws -> [Method] {
        guard let parent else { return [] }
        let service = try schema.service(parent)
        return try inherited(service.parent) + service.methods
    }

    private func emitTable(_ service: Service, _ methods: [Method], to text: inout SwiftText) throws {
        text.line("/// What the IDL says of the methods of `\(service.name)`, and who may call them.")
        try text.block("package enum \(service.name)Methods") { text in
            for method in methods {
                guard let roles = method.roles ?? (allowsNoRoles ? [] : nil) else {
                    throw GeneratorError(
                        "\(service.name).\(method.name) does not say who may call it: "
                            + "add (roles = \"…\") behind it, `any` for every authenticated peer")
                }
                text.list(
                    "package static let \(SwiftName.member(method.name)) = MethodDescriptor(",
                    ["service: \"\(service.name)\"", "method: \"\(method.name)\""]
                        + (method.isOneway ? ["oneway: true"] : [])
                        + ["roles: [\(roles.map { "\"\($0)\"" }.joined(separator: ", "))]"],
                    ")")
            }
            text.line("/// Every method.")
            let names = methods.map { SwiftName.member($0.name) }
            text.list(
                "package static let \(MethodTypes.allMethods(methods)): [MethodDescriptor] = [", names, "]")
        }
    }

    private func emitHandler(_ service: Service, to text: inout SwiftText) throws {
        let parent = service.parent.map { schema.swiftName($0) + "Handler" } ?? "Sendable"
        text.doc(service.doc, or: "Serves `\(service.name)`.")
        try text.block("package protocol \(service.name)Handler: \(parent)") { text in
            for method in service.methods {
                text.doc(method.doc)
                let context = SwiftName.unused("context", types.argumentNames(method))
                text.list(
                    "func \(SwiftName.member(method.name))(",
                    try types.parameters(method) + ["\(context): CallContext"],
                    ") async throws\(try types.arrow(method))")
            }
        }
    }
}
