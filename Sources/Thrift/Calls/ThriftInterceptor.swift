/// Runs around every call that a connection serves: metrics, logs, traces, further authorisation.
package protocol ThriftInterceptor: Sendable {
    /// Calls `next` once, or throws instead. The arguments are not decoded yet. For a call whose role may not
    /// make it, `next` throws `denied`, so that refusals are counted and logged like any other failure.
    func intercept(
        _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
    ) async throws -> ThriftAnswer?
}

/// Lets a peer call a method only when the method's table entry names its role.
package enum RoleAuthorization {
    /// Throws `denied` unless the role may call the method.
    package static func check(_ peer: PeerIdentity, _ method: MethodDescriptor) throws(ThriftError) {
        guard allows(peer, method) else {
            let roles = method.roles.isEmpty ? "nobody" : method.roles.joined(separator: ", ")
            throw ThriftError(.denied, "\(peer) may not call \(method.wireName); it is for \(roles)")
        }
    }

    /// Whether the role may call the method.
    static func allows(_ peer: PeerIdentity, _ method: MethodDescriptor) -> Bool {
        method.roles.contains { $0 == peer.role || ($0 == "any" && peer.role != "none") }
    }
}

/// The methods that a connection serves, with the interceptors around them. Deny by default: authorisation
/// stands before every method and cannot be left out.
package struct ThriftRouter: Sendable {
    private let methods: [String: ThriftMethod]
    /// Methods by their bare name, as peers call them that do not multiplex; nil where the name is ambiguous.
    private let bareMethods: [String: ThriftMethod?]
    private let interceptors: [any ThriftInterceptor]

    /// Creates a router over the services; two that share a name are a programmer's error.
    package init(_ services: [any ThriftService], interceptors: [any ThriftInterceptor] = []) {
        var methods: [String: ThriftMethod] = [:]
        var bareMethods: [String: ThriftMethod?] = [:]
        for method in services.flatMap(\.methods) {
            precondition(methods[method.descriptor.wireName] == nil, "served twice: \(method.descriptor.wireName)")
            methods[method.descriptor.wireName] = method
            // The channel's own methods belong to peers that know of them, who multiplex.
            guard method.descriptor.service != ChannelServiceMethods.hello.service else { continue }
            let name = method.descriptor.method
            bareMethods[name] = .some(bareMethods[name] == nil ? method : nil)
        }
        self.methods = methods
        self.bareMethods = bareMethods
        self.interceptors = interceptors
    }

    /// Every method that is served.
    package var descriptors: [MethodDescriptor] { methods.values.map(\.descriptor) }

    /// The method of a wire name. A bare method name is found when only one service has it.
    package func method(named name: String) -> ThriftMethod? {
        methods[name] ?? bareMethods[name] ?? nil
    }

    /// Runs the interceptors, checks the peer's role, and runs the method.
    func serve(_ call: ThriftCall, by method: ThriftMethod) async throws -> ThriftAnswer? {
        try await run(call, by: method, from: 0)
    }

    private func run(_ call: ThriftCall, by method: ThriftMethod, from index: Int) async throws -> ThriftAnswer? {
        guard index < interceptors.count else {
            // The one way to a method, whatever interceptors do.
            try RoleAuthorization.check(call.context.peer, method.descriptor)
            return try await method.invoke(call)
        }
        return try await interceptors[index].intercept(call) { call in
            try await run(call, by: method, from: index + 1)
        }
    }
}
