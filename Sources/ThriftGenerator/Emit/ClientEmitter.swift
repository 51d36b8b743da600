/// Emits a service's typed client.
struct ClientEmitter {
    let schema: Schema
    private let types: MethodTypes
    private let values: ValueCode

    init(schema: Schema) {
        self.schema = schema
        types = MethodTypes(schema: schema)
        values = ValueCode(schema: schema)
    }

    func emit(_ service: Service, _ methods: [Method], to text: inout SwiftText) throws {
        text.line("/// Calls `\(service.name)`.")
        try text.block("package struct \(service.name)Client: Sendable") { text in
            text.line("/// The connection that carries the calls.")
            text.line("package let caller: any ThriftCaller")
            text.line()
            text.line("/// Creates a client over a connection.")
            text.block("package init(_ caller: any ThriftCaller)") { $0.line("self.caller = caller") }
            for method in methods {
                text.line()
                try emit(method, service, to: &text)
            }
        }
    }

    private func emit(_ method: Method, _ service: Service, to text: inout SwiftText) throws {
        let taken = types.argumentNames(method)
        let options = SwiftName.unused("options", taken)
        let writer = SwiftName.unused("writer", taken)
        let reply = SwiftName.unused("reply", taken)
        text.doc(method.doc)
        text.list(
            "package func \(SwiftName.member(method.name))(",
            try types.parameters(method) + ["\(options): CallOptions = CallOptions()"],
            ") async throws\(try types.arrow(method)) {")
        try text.indented { text in
            let table = "\(service.name)Methods.\(SwiftName.afterDot(method.name))"
            let target = method.isOneway ? "_" : "let \(reply)"
            let call = "\(target) = try await self.caller.call(\(table), options: \(options))"
            if method.arguments.isEmpty {
                text.line("\(call) { _ in }")
            } else {
                text.line("\(call) { \(writer) in")
                try text.indented { text in
                    for field in method.arguments.sorted(by: { $0.id < $1.id }) {
                        try values.writeField(
                            field.id, field.type, SwiftName.member(field.name), writer: writer, to: &text)
                    }
                }
                text.line("}")
            }
            if !method.isOneway { try emitResult(method, table, reply, taken, to: &text) }
        }
        text.line("}")
    }

    private func emitResult(
        _ method: Method, _ table: String, _ reply: String, _ taken: Set<String>, to text: inout SwiftText
    ) throws {
        let isVoid = try schema.resolved(method.returns) == .void
        let success = SwiftName.unused("success", taken)
        let exceptions = types.exceptions(method, avoiding: taken)
        if !isVoid { text.line("var \(success): \(try schema.swiftType(method.returns))?") }
        for (field, local) in exceptions { text.line("var \(local): \(try schema.swiftType(field.type))?") }
        try text.closure("try \(reply)?.decode", "field, reader throws(ThriftError)") { text in
            try text.switching("(field.id, field.type)") { text in
                if !isVoid {
                    text.line("case (0, \(try values.wireType(method.returns))):")
                    try text.indented { $0.line("\(success) = \(try values.read(method.returns))") }
                }
                for (field, local) in exceptions {
                    text.line("case (\(field.id), \(try values.wireType(field.type))):")
                    try text.indented { $0.line("\(local) = \(try values.read(field.type))") }
                }
                text.line("default: try reader.skip(field.type)")
            }
        }
        for (_, local) in exceptions { text.line("if let \(local) { throw \(local) }") }
        if !isVoid {
            text.line("guard let \(success) else { throw \(table).missingResult }")
            text.line("return \(success)")
        }
    }
}
