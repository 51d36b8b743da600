/// Runs around every call that a connection serves: metrics, logs, traces, further authorisation.
package protocol ThriftInterceptor: Sendable {
    /// The interceptor for one method's calls, asked for once, when a router is made: the place for what
    /// need not be looked up at every call.
    func prepared(for method: MethodDescriptor) -> any ThriftInterceptor

    /// Calls `next` once, or throws instead. The arguments are not decoded yet. For a call whose role may not
    /// make it, `next` throws `denied`, so that refusals are counted and logged like any other failure.
    func intercept(
        _ call: ThriftCall, next: (ThriftCall) async throws -> ThriftAnswer?
    ) async throws -> ThriftAnswer?
}

extension ThriftInterceptor {
    package func prepared(for method: MethodDescriptor) -> any ThriftInterceptor { self }
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
    /// A method behind its interceptors.
    package struct Route: Sendable {
        package let method: ThriftMethod
        let interceptors: [any ThriftInterceptor]

        /// Runs the interceptors, checks the peer's role, and runs the method.
        package func serve(_ call: ThriftCall) async throws -> ThriftAnswer? {
            try await run(call, from: 0)
        }

        private func run(_ call: ThriftCall, from index: Int) async throws -> ThriftAnswer? {
            guard index < interceptors.count else {
                // The one way to a method, whatever interceptors do.
                try RoleAuthorization.check(call.context.peer, method.descriptor)
                return try await method.invoke(call)
            }
            return try await interceptors[index].intercept(call) { call in
                try await run(call, from: index + 1)
            }
        }
    }

    private let routes: [String: Route]
    /// Routes by their method's bare name, as peers call them that do not multiplex; nil where the name is
    /// ambiguous.
    private let bareRoutes: [String: Route?]

    /// Creates a router over the services; two that share a name are a programmer's error.
    package init(_ services: [any ThriftService], interceptors: [any ThriftInterceptor] = []) {
        var routes: [String: Route] = [:]
        var bareRoutes: [String: Route?] = [:]
        for method in services.flatMap(\.methods) {
            let descriptor = method.descriptor
            precondition(routes[descriptor.wireName] == nil, "served twice: \(descriptor.wireName)")
            let route = Route(method: method, interceptors: interceptors.map { $0.prepared(for: descriptor) })
            routes[descriptor.wireName] = route
            // The channel's own methods belong to peers that know of them, who multiplex.
            guard descriptor.service != ChannelServiceMethods.hello.service else { continue }
            bareRoutes[descriptor.method] = .some(bareRoutes[descriptor.method] == nil ? route : nil)
        }
        self.routes = routes
        self.bareRoutes = bareRoutes
    }

    /// Every method that is served.
    package var descriptors: [MethodDescriptor] { routes.values.map(\.method.descriptor) }

    /// The route of a wire name. A bare method name is found when only one service has it.
    package func route(named name: String) -> Route? {
        routes[name] ?? bareRoutes[name] ?? nil
    }
}
