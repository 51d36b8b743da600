import ElvesContracts
import ElvesCore
import Synchronization

/// Finds the one agent that a call names, remembering answers for a few seconds.
final class AgentDirectory: Sendable {
    /// Milliseconds that an answer serves.
    static let freshness: Int64 = 5000
    private static let mostKept = 50_000
    /// How long an ip or an id waits for heartbeat: within the slack that every caller has.
    private static let literalPatience = Duration.seconds(1)
    /// Milliseconds for which heartbeat is not asked for an ip or an id after it gave no answer.
    private static let pause: Int64 = 1000

    private struct Known: Sendable {
        let agent: AgentName
        let at: Int64
    }

    private let heartbeat: any HeartbeatPort
    private let clock: EdgeClock
    private let known = Mutex<[String: Known]>([:])
    /// Ticks at which heartbeat gave no answer.
    private let missedAt = Mutex<Int64?>(nil)

    init(heartbeat: any HeartbeatPort, clock: EdgeClock) {
        self.heartbeat = heartbeat
        self.clock = clock
    }

    /// The agent of that ip, name, id, or of a selector that hits only one.
    ///
    /// When heartbeat cannot be asked, or is left out, an ip and an id are taken at their word: the scheduler
    /// knows them.
    func agent(_ target: String, _ call: PortCall) async throws -> AgentName {
        let now = clock.ticks()
        if let known = known.withLock({ $0[target] }), now - known.at < Self.freshness { return known.agent }
        if Self.isSelector(target) { return try await single(target, call) }
        let literal = Self.literal(target)
        if let literal, let missed = missedAt.withLock({ $0 }), now - missed < Self.pause { return literal }
        var question = call
        if literal != nil { question.timeout = min(question.timeout, Self.literalPatience) }
        do {
            let agent = AgentName(try await heartbeat.agent(target, question))
            known.withLock { all in
                if all.count >= Self.mostKept { all = all.filter { now - $0.value.at < Self.freshness } }
                all[target] = Known(agent: agent, at: now)
            }
            return agent
        } catch let error as ElvesError where error.code == .heartbeatAgentUnknown {
            throw Self.unknown(target)
        } catch let error as ElvesError where error.isRetryable || error.code == .openapiModuleHeartbeat {
            guard let literal else { throw error }
            if error.isRetryable { missedAt.withLock { $0 = clock.ticks() } }
            return literal
        }
    }

    private func single(_ target: String, _ call: PortCall) async throws -> AgentName {
        let agents = try await heartbeat.resolve(target, exclude: "", call).agents
        guard let agent = agents.first else {
            throw ElvesError(.openapiTargetNone, "\"\(target)\" hits no agent", details: ["target": target])
        }
        guard agents.count == 1 else {
            throw ElvesError(
                .openapiTargetSeveral, "\"\(target)\" hits \(agents.count) agents; a task runs on exactly one",
                details: ["target": target, "agents": String(agents.count)])
        }
        return AgentName(agent)
    }

    /// The agent as an ip or an id names it by itself; nil for any other text.
    static func literal(_ target: String) -> AgentName? {
        if IPAddress(target) != nil { return AgentName(ip: target) }
        return ElvesID(target).map { AgentName(id: $0.rawValue) }
    }

    private static func isSelector(_ target: String) -> Bool {
        target.utf8.contains { "=,*!( ".utf8.contains($0) }
    }

    static func unknown(_ target: String) -> ElvesError {
        ElvesError(.openapiAgentUnknown, "no agent \"\(target)\"", details: ["agent": target])
    }
}
