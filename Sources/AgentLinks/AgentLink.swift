/// One connection that an agent dialled, after its hello.
package protocol AgentLink: AnyObject, Sendable {
    /// Who dialled, by its certificate.
    var agent: AgentIdentity { get }
    /// Whether calls can still be sent.
    var isOpen: Bool { get }
    /// Asks the other end for a sign of life. False when none came within `limit`.
    func answers(within limit: Duration) async -> Bool
    /// Closes the connection; calls in flight end as lost.
    func close(reason: String)
}
