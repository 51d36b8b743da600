/// What the IDL says of a method. One object a method: every call of it refers to it.
package final class MethodDescriptor: Sendable, Hashable {
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

    package static func == (left: MethodDescriptor, right: MethodDescriptor) -> Bool {
        left === right || left.wireName == right.wireName && left.oneway == right.oneway && left.roles == right.roles
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(wireName) }
}
