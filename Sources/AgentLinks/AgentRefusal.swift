package import ElvesCore
package import Thrift

/// Why a connection was not taken into the registry.
package enum AgentRefusal: Error, Hashable {
    /// Another living connection has this id.
    case duplicate(AgentIdentity)
    /// A living agent with another id has this address.
    case addressTaken(AgentIdentity, by: AgentIdentity)
    /// The connection ended while it was being admitted.
    case closed(AgentIdentity)

    /// The registry's entry for it.
    package var code: ErrorCode {
        switch self {
        case .duplicate: .channelIdentityDuplicate
        case .addressTaken: .channelIdentityIp
        case .closed: .channelClosed
        }
    }

    /// How the agent hears of it.
    package var wireCode: ThriftError.Code {
        switch self {
        case .duplicate: .identityInUse
        case .addressTaken: .addressInUse
        case .closed: .refused
        }
    }

    /// What was wrong and what would be right, for people.
    package var message: String {
        switch self {
        case .duplicate(let agent):
            """
            agent \(agent) is connected already and alive; two programs use one identity: \
            stop one, or enrol it anew
            """
        case .addressTaken(let agent, let owner):
            """
            agent \(agent.id) claims \(agent.ip), which belongs to the living agent \(owner.id); \
            an address has one agent
            """
        case .closed(let agent):
            "agent \(agent) went away while it was being admitted"
        }
    }
}
