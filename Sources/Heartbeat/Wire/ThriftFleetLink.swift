package import AgentLinks
import ElvesContracts

/// An agent's connection over Thrift.
package final class ThriftFleetLink: FleetLink {
    private let wire: AgentWire

    /// Wraps a connection.
    package init(_ wire: AgentWire) {
        self.wire = wire
    }

    package var agent: AgentIdentity { wire.agent }
    package var isOpen: Bool { wire.isOpen }
    package func answers(within limit: Duration) async -> Bool { await wire.answers(within: limit) }
    package func close(reason: String) { wire.close() }

    package func refresh(_ generation: Int64) {
        // A oneway call is queued right here, before the first suspension.
        Task.immediate { [wire] in
            try? await AgentServiceClient(wire.caller).refresh(generation: generation)
        }
    }
}
