package import AgentLinks

/// An agent's connection, as heartbeat uses it.
package protocol FleetLink: AgentLink {
    /// Tells the agent that its desired state changed, so that it beats now. Best effort.
    func refresh(_ generation: Int64)
}

/// A connected agent.
package final class FleetChannel: AgentLink {
    let link: any FleetLink

    /// Wraps a connection.
    package init(_ link: any FleetLink) {
        self.link = link
    }

    package var agent: AgentIdentity { link.agent }
    package var isOpen: Bool { link.isOpen }
    package func answers(within limit: Duration) async -> Bool { await link.answers(within: limit) }
    package func close(reason: String) { link.close(reason: reason) }
}
