import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Serves `HeartbeatService`: wire structs in, the service's words, wire structs out.
package struct HeartbeatHandler: HeartbeatServiceHandler {
    private let service: HeartbeatService

    /// Creates a handler over a service.
    package init(_ service: HeartbeatService) {
        self.service = service
    }

    package func beat(beat: Beat, context: CallContext) async throws -> BeatReply {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            let answer = try service.beat(agent, AgentReport(beat))
            return BeatReply(
                intervalMs: answer.intervalMs,
                desired: try answer.desired.map { try ElvesContracts.DesiredState($0) })
        }
    }

    package func fetchFile(
        digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            try await service.fetchFile(agent, digest: digest, offset: offset, length: Int(length))
        }
    }

    package func resolve(targets: String, exclude: String, context: CallContext) async throws -> Resolution {
        try await withFaults {
            let resolution = try service.resolve(targets, exclude: exclude)
            return Resolution(
                agents: resolution.agents.map(AgentRef.init), generation: resolution.generation,
                unmatched: resolution.unmatched)
        }
    }

    package func agents(
        targets: String, after: Int64, limit: Int32, context: CallContext
    ) async throws -> AgentPage {
        try await withFaults {
            let page = try service.agents(targets, after: ElvesID(rawValue: after), limit: Int(limit))
            return AgentPage(agents: page.agents.map(AgentInfo.init), nextAfter: page.next?.rawValue ?? 0)
        }
    }

    package func agent(ref: String, context: CallContext) async throws -> AgentInfo {
        try await withFaults { AgentInfo(try service.agent(ref)) }
    }

    package func events(
        epoch: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> FleetEvents {
        try await withFaults {
            FleetEvents(
                try await service.events(epoch: epoch, after: after, limit: Int(limit), waitMs: waitMs))
        }
    }
}
