import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/batches`.
struct BatchRoutes: Sendable {
    let scheduler: any SchedulerPort
    let heartbeat: any HeartbeatPort
    let callables: Callables
    let access: Access
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.post, "/api/v3/batches", Self.createDescription, create),
            gateway.route(.get, "/api/v3/batches/{id}", Self.getDescription, get),
            gateway.route(.get, "/api/v3/batches/{id}/ends", Self.endsDescription, ends),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        let fields = try Fields(call.body, known: SchemaNames.members(of: "BatchRequest"))
        let app = try fields.required("app")
        let function = try fields.required("function")
        let targets = try fields.required("targets")
        let exclude = try fields.text("exclude") ?? ""
        let param = fields.value("param")
        var request = BatchRequest(app: app, func: function)
        request.timeoutMs =
            try fields.milliseconds("timeout") ?? callables.declaredTimeoutMs(app: app, function: function)
        request.concurrency = Int32(try fields.int("concurrency", in: 0...1_000_000) ?? 0)
        request.labels = try fields.map("labels")
        request.idempotencyKey = try IdempotencyKey.of(call)
        try access.require(call.key, app: app, function: function)
        try callables.check(app: app, function: function, param: param)
        if let param { request.param = try callables.text(of: param) }
        let resolution = try await resolve(call, targets: targets, exclude: exclude)
        request.targets = resolution.agents.map { BatchTarget(agentId: $0.id, ip: $0.ip, name: $0.name) }
        request.generation = resolution.generation
        let batch = try await scheduler.createBatch(request, call.port)
        let location = "/api/v3/batches/\(Hex.encode(UInt64(bitPattern: batch.id)))"
        return Answer.json(.created, headers: [.location: location]) { json in json.batch(batch) }
    }

    /// The frozen list of agents; refused when it is empty, when a word hits nothing, or when it leaves the scope.
    private func resolve(_ call: V3Call, targets: String, exclude: String) async throws -> Resolution {
        let resolution = try await heartbeat.resolve(targets, exclude: exclude, call.port)
        guard resolution.unmatched.isEmpty else {
            let words = resolution.unmatched.prefix(10).joined(separator: ", ")
            throw ElvesError(.openapiTargetNone, "no agent is hit by: \(words)", details: ["unmatched": words])
        }
        guard !resolution.agents.isEmpty else {
            throw ElvesError(.openapiTargetNone, "\"\(targets)\" hits no agent", details: ["targets": targets])
        }
        let outside = try await access.outside(call.key, of: resolution.agents, call.port)
        guard outside.isEmpty else {
            throw ElvesError(
                .openapiAuthDenied,
                "key \"\(call.key.id)\" has no right to \(outside.count) of \(resolution.agents.count) agents")
        }
        return resolution
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let port = call.port(waiting: waitMs)
        var batch = try await batch(call, port)
        if waitMs > 0, batch.endedAt == 0 {
            batch = try await scheduler.batch(batch.id, waitMs: port.left(of: waitMs), port.waiting(waitMs))
        }
        return Answer.json { [batch] json in json.batch(batch) }
    }

    @Sendable private func ends(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let after = try call.query.int("after", in: 0...Int64.max) ?? 0
        let limit = try call.query.int("limit", in: 1...1000) ?? 100
        let port = call.port(waiting: waitMs)
        let id = try await batch(call, port).id
        let ends = try await scheduler.batchEnds(
            id, after: after, limit: Int32(limit), waitMs: port.left(of: waitMs), port.waiting(waitMs))
        var tasks: [TaskRecord] = []
        for task in ends.tasks {
            let agent = AgentName(id: task.agentId, ip: task.ip, name: task.agentName)
            if try await access.covers(call.key, agent, port) { tasks.append(task) }
        }
        return Answer.json { [tasks] json in
            json.object { json in
                json.key("tasks")
                json.array(tasks) { $0.task($1) }
                json.member("next", String(ends.nextAfter))
                json.member("done", ends.done)
            }
        }
    }

    /// The batch, when the key may see it.
    private func batch(_ call: V3Call, _ port: PortCall) async throws -> BatchRecord {
        let batch = try await scheduler.batch(try call.id(), waitMs: 0, port)
        try access.require(call.key, app: batch.app, function: batch.func)
        return batch
    }
}
