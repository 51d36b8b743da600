import ElvesContracts
import ElvesCore
import Synchronization

/// Decides whether a key's scope covers a call.
///
/// An agent that the scope lists by ip or id is in scope without asking anyone. Selectors and names are resolved by
/// heartbeat, and an answer serves for two seconds. Agents choose their names: a name that several have lets none in.
final class Access: Sendable {
    /// Milliseconds that a resolved scope serves.
    static let freshness: Int64 = 2000
    private static let mostKept = 1024

    /// The agents that one selector of a scope hits.
    private struct Members: Sendable {
        var ids: Set<Int64>
        var ips: Set<String>
        var resolvedAt: Int64
    }

    private let heartbeat: any HeartbeatPort
    private let clock: EdgeClock
    private let resolved = Mutex<[String: Members]>([:])

    init(heartbeat: any HeartbeatPort, clock: EdgeClock) {
        self.heartbeat = heartbeat
        self.clock = clock
    }

    /// Refuses an app or a function outside the scope.
    func require(_ key: KeyEntry, app: String?, function: String? = nil) throws(ElvesError) {
        if let app, !key.scope.apps.isEmpty, !key.scope.apps.contains(app) {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(key.id)\" has no right to app \"\(app)\"", details: ["app": app])
        }
        if let function, !key.scope.functions.isEmpty, !key.scope.functions.contains(function) {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(key.id)\" has no right to function \"\(function)\"",
                details: ["function": function])
        }
    }

    /// Refuses a proxy from a key that is limited to functions: a proxy runs another file of the app under an
    /// allowed function's name.
    func requireDeclaredEntry(_ key: KeyEntry, proxy: String?) throws(ElvesError) {
        guard let proxy, !proxy.isEmpty, !key.scope.functions.isEmpty else { return }
        throw ElvesError(
            .openapiAuthDenied, "key \"\(key.id)\" is limited to functions and may not name a proxy",
            details: ["proxy": proxy])
    }

    /// Refuses a key that may not change what agents run. An admin key that is limited to agents may not: a
    /// version that goes live, or a binding, also reaches agents that join later.
    func requireAppAdmin(_ key: KeyEntry, app: String? = nil) throws(ElvesError) {
        try requireAdmin(key, app: app)
        guard key.scope.agents.isEmpty else {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(key.id)\" is limited to agents; apps and bindings reach all of them")
        }
    }

    /// Refuses a key that may not change things.
    func requireAdmin(_ key: KeyEntry, app: String? = nil) throws(ElvesError) {
        guard key.scope.admin else { throw ElvesError(.openapiAuthAdminOnly, "key \"\(key.id)\" is no admin key") }
        try require(key, app: app)
    }

    /// Refuses an agent outside the scope.
    func require(_ key: KeyEntry, agent: AgentName, _ call: PortCall) async throws {
        guard try await covers(key, agent, call) else {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(key.id)\" has no right to agent \"\(agent)\"",
                details: ["agent": "\(agent)"])
        }
    }

    /// Whether the agent is in the key's scope.
    func covers(_ key: KeyEntry, _ agent: AgentName, _ call: PortCall) async throws -> Bool {
        if key.scope.agents.isEmpty { return true }
        if key.scope.agents.contains(where: { $0 == agent.ip || $0 == agent.hexID }) { return true }
        for selector in key.scope.agents where IPAddress(selector) == nil {
            let members = try await members(of: selector, call)
            if members.ids.contains(agent.id) || members.ips.contains(agent.ip) { return true }
        }
        return false
    }

    /// Those of `agents` that are outside the key's scope.
    func outside(_ key: KeyEntry, of agents: [AgentRef], _ call: PortCall) async throws -> [AgentRef] {
        let covered = try await covered(key, agents.map(AgentName.init), call)
        return zip(agents, covered).filter { !$0.1 }.map(\.0)
    }

    /// Which of the agents are in the key's scope, in their order: the scope is resolved once for all of them, and
    /// only when one is not listed by ip or id.
    func covered(_ key: KeyEntry, _ agents: [AgentName], _ call: PortCall) async throws -> [Bool] {
        if key.scope.agents.isEmpty { return agents.map { _ in true } }
        let listed = Set(key.scope.agents)
        var covered = agents.map { listed.contains($0.ip) || listed.contains($0.hexID) }
        for selector in key.scope.agents where IPAddress(selector) == nil && covered.contains(false) {
            let members = try await members(of: selector, call)
            for (place, agent) in agents.enumerated() where !covered[place] {
                covered[place] = members.ids.contains(agent.id) || members.ips.contains(agent.ip)
            }
        }
        return covered
    }

    /// Refuses a task of an app, a function or an agent outside the scope.
    func require(_ key: KeyEntry, task: TaskRecord, _ call: PortCall) async throws {
        try require(key, app: task.app, function: task.func)
        try await require(key, agent: AgentName(task), call)
    }

    /// Those of the tasks that are in the key's scope.
    func visible(_ key: KeyEntry, _ tasks: [TaskRecord], _ call: PortCall) async throws -> [TaskRecord] {
        let tasks = tasks.filter { covers(key, app: $0.app, function: $0.func) }
        return zip(tasks, try await covered(key, tasks.map(AgentName.init), call)).filter(\.1).map(\.0)
    }

    /// Whether app and function are in the key's scope.
    func covers(_ key: KeyEntry, app: String, function: String) -> Bool {
        (key.scope.apps.isEmpty || key.scope.apps.contains(app))
            && (key.scope.functions.isEmpty || key.scope.functions.contains(function))
    }

    /// Whether the key may see and stop a batch. One that is limited to agents sees those that it made: only of them
    /// it is certain that they run on no other agent.
    func covers(_ key: KeyEntry, batch: BatchRecord) -> Bool {
        covers(key, app: batch.app, function: batch.func)
            && (key.scope.agents.isEmpty || batch.caller == key.id)
    }

    /// Refuses a batch that the key may not see.
    func require(_ key: KeyEntry, batch: BatchRecord) throws(ElvesError) {
        try require(key, app: batch.app, function: batch.func)
        guard covers(key, batch: batch) else {
            throw ElvesError(
                .openapiAuthDenied,
                "key \"\(key.id)\" is limited to agents and sees only the batches that it made")
        }
    }

    /// Whether the key may hear of an event.
    func covers(_ key: KeyEntry, event: Event, _ call: PortCall) async throws -> Bool {
        let scope = key.scope
        guard event.app.isEmpty || scope.apps.isEmpty || scope.apps.contains(event.app),
            event.func.isEmpty || scope.functions.isEmpty || scope.functions.contains(event.func)
        else {
            return false
        }
        if scope.agents.isEmpty { return true }
        let agent = AgentName(id: event.agentId, ip: event.ip, name: event.agentName)
        // Without an agent it is of a batch, which may run on agents outside the scope.
        if agent == AgentName() { return event.caller == key.id }
        return try await covers(key, agent, call)
    }

    private func members(of selector: String, _ call: PortCall) async throws -> Members {
        let now = clock.ticks()
        if let known = resolved.withLock({ $0[selector] }), now - known.resolvedAt < Self.freshness { return known }
        let agents: [AgentRef]
        do {
            agents = try await heartbeat.resolve(selector, exclude: "", call).agents
        } catch let error as ElvesError where error.code == .heartbeatAgentAmbiguous {
            agents = []
        }
        let members = Members(ids: Set(agents.map(\.id)), ips: Set(agents.map(\.ip)), resolvedAt: now)
        resolved.withLock { all in
            if all.count >= Self.mostKept { all = all.filter { now - $0.value.resolvedAt < Self.freshness } }
            all[selector] = members
        }
        return members
    }
}

/// What is known of an agent's identity; what is not known is empty.
struct AgentName: Hashable, Sendable, CustomStringConvertible {
    var id: Int64 = 0
    var ip = ""
    var name = ""

    /// The id as people write it; empty without one.
    var hexID: String { id == 0 ? "" : Hex.encode(UInt64(bitPattern: id)) }

    var description: String { !ip.isEmpty ? ip : !name.isEmpty ? name : hexID }
}

extension AgentName {
    /// Where a task runs.
    init(_ task: TaskRecord) {
        self.init(id: task.agentId, ip: task.ip, name: task.agentName)
    }

    init(_ agent: AgentRef) {
        self.init(id: agent.id, ip: agent.ip, name: agent.name)
    }

    init(_ agent: AgentInfo) {
        self.init(id: agent.id, ip: agent.ip, name: agent.name)
    }
}
