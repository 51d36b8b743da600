/// Emits a service's processor: it decodes, calls the handler and encodes.
struct ProcessorEmitter {
    let schema: Schema
    private let types: MethodTypes
    private let values: ValueCode
    private let literals: Literals

    init(schema: Schema) {
        self.schema = schema
        types = MethodTypes(schema: schema)
        values = ValueCode(schema: schema)
        literals = Literals(schema: schema)
    }

    func emit(_ service: Service, _ methods: [Method], to text: inout SwiftText) throws {
        text.line("/// Serves `\(service.name)` by a handler.")
        let head = "package struct \(service.name)Processor<Handler: \(service.name)Handler>: ThriftService"
        try text.block(head) { text in
            text.line("package static var serviceName: String { \"\(service.name)\" }")
            text.line("/// The methods, each bound to the handler.")
            text.line("package let methods: [ThriftMethod]")
            text.line()
            text.line("/// Creates the service over its handler.")
            text.block("package init(_ handler: Handler)") { text in
                text.line("methods = [")
                text.indented { text in
                    for method in methods {
                        let name = SwiftName.afterDot(method.name)
                        let table = "\(service.name)Methods.\(name)"
                        text.line("ThriftMethod(\(table)) { try await Self.\(name)($0, handler) },")
                    }
                }
                text.line("]")
            }
            for method in methods {
                text.line()
                try emit(method, to: &text)
            }
        }
    }

    private func emit(_ method: Method, to text: inout SwiftText) throws {
        let taken = types.argumentNames(method).union(["field_", "reader_"])
        let call = SwiftName.unused("call", taken)
        let handler = SwiftName.unused("handler", taken)
        let name = SwiftName.member(method.name)
        let parameters = "_ \(call): ThriftCall, _ \(handler): Handler"
        try text.block("private static func \(name)(\(parameters)) async throws -> ThriftAnswer?") { text in
            for field in method.arguments {
                let given = try field.defaultValue.map { try literals.literal($0, field.type) }
                let initial = try given ?? literals.zero(field.type)
                text.line("var \(local(field)): \(try schema.swiftType(field.type)) = \(initial)")
            }
            try emitDecode(method, call, to: &text)
            if method.exceptions.isEmpty {
                try emitCall(method, call, handler, taken, to: &text)
                return
            }
            try text.block("do") { try emitCall(method, call, handler, taken, to: &$0) }
            for (field, local) in types.exceptions(method, avoiding: taken) {
                text.lines[text.lines.count - 1] += " catch let \(local) as \(try schema.swiftType(field.type)) {"
                try text.indented { text in
                    try text.closure("return \(call).answer", "writer") { text in
                        try values.writeField(field.id, field.type, local, to: &text)
                    }
                }
                text.line("}")
            }
        }
    }

    /// An argument's variable; the decoding closure has names of its own.
    private func local(_ argument: Field) -> String {
        SwiftName.unused(SwiftName.member(argument.name), ["field", "reader"])
    }

    private func emitDecode(_ method: Method, _ call: String, to text: inout SwiftText) throws {
        try text.closure("try \(call).decode", "field, reader throws(ThriftError)") { text in
            guard !method.arguments.isEmpty else {
                text.line("try reader.skip(field.type)")
                return
            }
            try text.switching("(field.id, field.type)") { text in
                for field in method.arguments {
                    text.line("case (\(field.id), \(try values.wireType(field.type))):")
                    try text.indented {
                        $0.line("\(local(field)) = \(try values.read(field.type))")
                    }
                }
                text.line("default: try reader.skip(field.type)")
            }
        }
    }

    private func emitCall(
        _ method: Method, _ call: String, _ handler: String, _ taken: Set<String>, to text: inout SwiftText
    ) throws {
        let context = SwiftName.unused("context", taken)
        let arguments =
            method.arguments.map { "\(SwiftName.afterDot($0.name)): \(local($0))" }
            + ["\(context): \(call).context"]
        let expression = "try await \(handler).\(SwiftName.afterDot(method.name))("
        if try schema.resolved(method.returns) == .void {
            text.list(expression, arguments, ")")
            text.line(method.isOneway ? "return nil" : "return \(call).answer { _ in }")
            return
        }
        let success = SwiftName.unused("success", taken)
        text.list("let \(success) = \(expression)", arguments, ")")
        try text.closure("return \(call).answer", "writer") { text in
            try values.writeField(0, method.returns, success, to: &text)
        }
    }
}
