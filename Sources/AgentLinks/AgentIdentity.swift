package import ElvesCore

/// An agent as its certificate names it; nothing that the agent says itself can change it.
package struct AgentIdentity: Sendable, Hashable, CustomStringConvertible {
    /// The id in the certificate's name.
    package let id: ElvesID
    /// The address in the certificate: what callers aim at, not where the packets come from.
    package let ip: String

    /// Creates an identity.
    package init(id: ElvesID, ip: String) {
        self.id = id
        self.ip = ip
    }

    package var description: String { "\(id) (\(ip))" }
}
