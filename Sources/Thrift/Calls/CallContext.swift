/// Who is at the other end of a connection.
package struct PeerIdentity: Sendable, Hashable, CustomStringConvertible {
    /// Role from the certificate, such as `scheduler`; `local` on a Unix socket; `none` without identity.
    package let role: String
    /// Instance name, or an agent's id as 16 hex digits.
    package let instance: String
    /// Address that the certificate names; agents have one.
    package let ip: String?

    /// Creates an identity.
    package init(role: String, instance: String, ip: String? = nil) {
        self.role = role
        self.instance = instance
        self.ip = ip
    }

    /// A peer that proved nothing.
    package static let none = PeerIdentity(role: "none", instance: "")
    /// The other end of a Unix socket that only this user can open, or of a connection inside the process.
    package static let local = PeerIdentity(role: "local", instance: "")

    package var description: String { "\(role)/\(instance)" }
}

/// What a handler knows of a call beside its arguments. An object, because it is handed on many times.
package final class CallContext: Sendable {
    package let method: MethodDescriptor
    package let peer: PeerIdentity
    package let header: CallHeader
    /// When the caller stops waiting, on this machine's monotonic clock; nil without a limit.
    package let deadline: ContinuousClock.Instant?
    /// Calls the peer back over the connection that the call came by.
    package let caller: any ThriftCaller

    /// Creates a context; transports do.
    package init(
        method: MethodDescriptor, peer: PeerIdentity, header: CallHeader, deadline: ContinuousClock.Instant?,
        caller: any ThriftCaller
    ) {
        self.method = method
        self.peer = peer
        self.header = header
        self.deadline = deadline
        self.caller = caller
    }
}

/// What a caller adds to one call.
package struct CallOptions: Sendable {
    /// How long to wait for the answer; nil takes the connection's default.
    package var timeout: Duration?
    /// W3C traceparent.
    package var trace: String?
    /// Who asked at the edge.
    package var caller: String?
    /// Signed permission.
    package var grant: [UInt8]?

    /// Creates options.
    package init(timeout: Duration? = nil, trace: String? = nil, caller: String? = nil, grant: [UInt8]? = nil) {
        self.timeout = timeout
        self.trace = trace
        self.caller = caller
        self.grant = grant
    }
}
