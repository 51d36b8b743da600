package import AgentLinks
import Synchronization

/// A connected agent and its share of the tasks in flight.
package final class AgentChannel: AgentLink {
    let link: any TaskLink
    private let inFlight = Atomic<Int>(0)

    /// Wraps a connection.
    package init(_ link: any TaskLink) {
        self.link = link
    }

    package var agent: AgentIdentity { link.agent }
    package var isOpen: Bool { link.isOpen }
    package func answers(within limit: Duration) async -> Bool { await link.answers(within: limit) }
    package func close(reason: String) { link.close(reason: reason) }

    /// Takes a place among the agent's tasks in flight; false when all `limit` are taken.
    func reserve(limit: Int) -> Bool {
        guard inFlight.add(1, ordering: .relaxed).newValue <= limit else {
            inFlight.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Gives a place back.
    func release() {
        inFlight.subtract(1, ordering: .relaxed)
    }
}
