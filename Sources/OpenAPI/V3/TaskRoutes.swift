import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/tasks`.
struct TaskRoutes: Sendable {
    let scheduler: any SchedulerPort
    let agents: AgentDirectory
    let callables: Callables
    let access: Access
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.post, "/api/v3/tasks", Self.createDescription, create),
            gateway.route(.get, "/api/v3/tasks/{id}", Self.getDescription, get),
            gateway.route(.get, "/api/v3/tasks/{id}/explain", Self.explainDescription, explain),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let fields = try Fields(call.body, known: SchemaNames.members(of: "TaskRequest"))
        let app = try fields.required("app")
        let function = try fields.required("function")
        let target = try fields.required("target")
        let param = fields.value("param")
        var request = ExecuteRequest(app: app, func: function)
        request.timeoutMs =
            try fields.milliseconds("timeout") ?? callables.declaredTimeoutMs(app: app, function: function)
        request.proxy = try fields.text("proxy")
        request.labels = try fields.map("labels")
        request.idempotencyKey = try IdempotencyKey.of(call)
        try access.require(call.key, app: app, function: function)
        try access.requireDeclaredEntry(call.key, proxy: request.proxy)
        try callables.check(app: app, function: function, param: param)
        if let param { request.param = try callables.text(of: param) }
        let port = call.port(waiting: waitMs)
        let agent = try await agents.agent(target, port)
        try await access.require(call.key, agent: agent, port)
        request.agentId = agent.id
        request.ip = agent.ip
        request.agentName = agent.name.isEmpty ? nil : agent.name
        let task = try await scheduler.execute(request, waitMs: port.left(of: waitMs), port.waiting(waitMs))
        let location = "/api/v3/tasks/\(Hex.encode(UInt64(bitPattern: task.id)))"
        return Answer.json(StateName.isEnd(task.state) ? .ok : .accepted, headers: [.location: location]) { json in
            json.task(task)
        }
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let task = try await task(call, waitMs: waitMs)
        return Answer.json { json in json.task(task) }
    }

    @Sendable private func explain(_ call: V3Call) async throws -> Response {
        let task = try await task(call, waitMs: 0)
        return Answer.json { json in
            json.object { json in
                json.key("task")
                json.task(task)
                json.key("hops")
                json.hops(task.hops)
            }
        }
    }

    /// The task, when the key may see it; whether it may is known before anything is waited for.
    private func task(_ call: V3Call, waitMs: Int64) async throws -> TaskRecord {
        let id = try call.id()
        let port = call.port(waiting: waitMs)
        let task = try await scheduler.task(id, waitMs: 0, port)
        try access.require(call.key, app: task.app, function: task.func)
        let agent = AgentName(id: task.agentId, ip: task.ip, name: task.agentName)
        try await access.require(call.key, agent: agent, port)
        guard waitMs > 0, !StateName.isEnd(task.state) else { return await named(task, port) }
        let ended = try await scheduler.task(id, waitMs: port.left(of: waitMs), port.waiting(waitMs))
        return await named(ended, port)
    }

    /// The task with its agent's present name, where it was asked for by address alone, as `/api/v2` does.
    private func named(_ task: TaskRecord, _ call: PortCall) async -> TaskRecord {
        guard task.agentName.isEmpty, task.agentId != 0 else { return task }
        var task = task
        task.agentName = (try? await agents.agent(AgentName(id: task.agentId).hexID, call).name) ?? ""
        return task
    }
}

/// The `Idempotency-Key` header; each key has its own name space, so that callers do not meet in it.
enum IdempotencyKey {
    /// What goes to the scheduler; empty without a header.
    static func of(_ call: V3Call) throws(ElvesError) -> String {
        guard let text = call.head.headerFields[.idempotencyKey] else { return "" }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ElvesError(
                .openapiIdempotencyInvalid, "Idempotency-Key is 1 to 255 printable ASCII characters without spaces")
        }
        return "\(call.key.id)/\(text)"
    }
}
