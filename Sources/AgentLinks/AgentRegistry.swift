package import ElvesCore
import Synchronization

/// The agents that are connected, by id and by address: one living connection for each.
///
/// When a newcomer meets an older connection with its id or its address, the older one is asked for a sign
/// of life: if it answers, the newcomer is refused; if it does not, it is closed and replaced.
package final class AgentRegistry<Link: AgentLink>: Sendable {
    private struct State {
        var byID: [ElvesID: Link] = [:]
        var byAddress: [String: Link] = [:]
        /// Ids whose connection is being asked for a sign of life on behalf of a newcomer.
        var contested: Set<ElvesID> = []

        mutating func remove(_ link: Link) {
            guard byID[link.agent.id] === link else { return }
            byID[link.agent.id] = nil
            if byAddress[link.agent.ip] === link { byAddress[link.agent.ip] = nil }
        }
    }

    private let state = Mutex(State())
    private let probeLimit: Duration

    /// Creates an empty registry. `probeLimit`: how long an older connection has to answer.
    package init(probeLimit: Duration = .seconds(1)) {
        self.probeLimit = probeLimit
    }

    /// The agent's connection, if it is connected.
    package func link(of id: ElvesID) -> Link? {
        state.withLock { $0.byID[id] }
    }

    /// The connection of the agent with this address.
    package func link(at ip: String) -> Link? {
        state.withLock { $0.byAddress[ip] }
    }

    /// How many agents are connected.
    package var count: Int { state.withLock { $0.byID.count } }

    /// Every connection now, in no order.
    package var links: [Link] { state.withLock { Array($0.byID.values) } }

    /// Ids of every connected agent, smallest first.
    package var ids: [ElvesID] { state.withLock { Array($0.byID.keys) }.sorted() }

    /// Takes a connection in, or says why not. Waits at most the probe's limit for each older connection.
    package func admit(_ newcomer: Link) async throws(AgentRefusal) {
        while let rival = try place(newcomer) {
            let alive = await rival.answers(within: probeLimit)
            // A newcomer that went away ends the question as well: that says nothing of the older connection.
            let isGone = Task.isCancelled || !newcomer.isOpen
            let stays = state.withLock { state in
                state.contested.remove(rival.agent.id)
                guard state.byID[rival.agent.id] === rival else { return false }
                if !alive, !isGone { state.remove(rival) }
                return alive
            }
            if stays { throw refusal(of: newcomer.agent, by: rival.agent) }
            if isGone { throw .closed(newcomer.agent) }
            rival.close(reason: "replaced by a newer connection, because it did not answer a ping")
        }
        guard newcomer.isOpen else {
            leave(newcomer)
            throw .closed(newcomer.agent)
        }
    }

    /// Takes a connection out; nothing happens when it was refused, replaced or is out already.
    package func leave(_ link: Link) {
        state.withLock { $0.remove(link) }
    }

    /// Places the newcomer, or answers with the older connection that stands in its way.
    private func place(_ newcomer: Link) throws(AgentRefusal) -> Link? {
        let outcome: Result<Link?, AgentRefusal> = state.withLock { state in
            let agent = newcomer.agent
            guard let rival = state.byID[agent.id] ?? state.byAddress[agent.ip] else {
                state.byID[agent.id] = newcomer
                state.byAddress[agent.ip] = newcomer
                return .success(nil)
            }
            guard state.contested.insert(rival.agent.id).inserted else {
                return .failure(refusal(of: agent, by: rival.agent))
            }
            return .success(rival)
        }
        return try outcome.get()
    }

    private func refusal(of newcomer: AgentIdentity, by rival: AgentIdentity) -> AgentRefusal {
        newcomer.id == rival.id ? .duplicate(newcomer) : .addressTaken(newcomer, by: rival)
    }
}
