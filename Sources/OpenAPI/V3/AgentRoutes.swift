import ElvesContracts
import ElvesCore
import Hummingbird

/// `/api/v3/agents` and `/api/v3/resolve`: of the fleet, what the key may reach.
struct AgentRoutes: Sendable {
    let heartbeat: any HeartbeatPort
    let access: Access

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.get, "/api/v3/agents", Self.listDescription, list),
            gateway.route(.get, "/api/v3/agents/{ref}", Self.getDescription, get),
            gateway.route(.get, "/api/v3/resolve", Self.resolveDescription, resolve),
        ]
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        let after = try call.query.int("after", in: 0...Int64.max) ?? 0
        let limit = try call.query.int("limit", in: 1...1000) ?? 100
        let excluded = try await excluded(call)
        let page = try await heartbeat.agents(call.query["on"] ?? "*", after: after, limit: Int32(limit), call.port)
        var agents: [AgentInfo] = []
        for agent in page.agents where !excluded.contains(agent.id) {
            if try await access.covers(call.key, AgentName(agent), call.port) { agents.append(agent) }
        }
        return Answer.json { [agents] json in
            json.object { json in
                json.key("agents")
                json.array(agents) { $0.agent($1) }
                json.member("next", orNull: page.nextAfter == 0 ? nil : String(page.nextAfter))
            }
        }
    }

    private func excluded(_ call: V3Call) async throws -> Set<Int64> {
        guard let exclude = call.query["exclude"] else { return [] }
        return Set(try await heartbeat.resolve(exclude, exclude: "", call.port).agents.map(\.id))
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let ref = call.part("ref")
        do {
            let agent = try await heartbeat.agent(ref, call.port)
            try await access.require(call.key, agent: AgentName(agent), call.port)
            return Answer.json { $0.agent(agent) }
        } catch let error as ElvesError where error.code == .heartbeatAgentUnknown {
            throw AgentDirectory.unknown(ref)
        }
    }

    @Sendable private func resolve(_ call: V3Call) async throws -> Response {
        let resolution = try await heartbeat.resolve(
            call.query["on"] ?? "*", exclude: call.query["exclude"] ?? "", call.port)
        let outside = Set(try await access.outside(call.key, of: resolution.agents, call.port).map(\.id))
        let agents = resolution.agents.filter { !outside.contains($0.id) }
        return Answer.json { json in
            json.object { json in
                json.key("agents")
                json.array(agents) { $0.agentRef($1) }
                json.member("generation", resolution.generation)
                json.member("unmatched", strings: resolution.unmatched)
            }
        }
    }
}
