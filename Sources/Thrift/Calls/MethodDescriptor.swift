/// What the IDL says of a method.
package struct MethodDescriptor: Sendable, Hashable {
    package let service: String
    package let method: String
    package let oneway: Bool
    /// Roles that may call it; `any` lets every authenticated peer, an empty list nobody.
    package let roles: [String]
    /// `service:method`, as it stands on the wire.
    package let wireName: String

    /// Creates a descriptor; generated code does.
    package init(service: String, method: String, oneway: Bool = false, roles: [String]) {
        self.service = service
        self.method = method
        self.oneway = oneway
        self.roles = roles
        wireName = "\(service):\(method)"
    }
}
