import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/batches`.
struct BatchRoutes: Sendable {
    /// Pages of the scheduler that one answer looks at; those of batches outside the key's scope are passed over.
    private static let mostPages = 10

    let scheduler: any SchedulerPort
    let heartbeat: any HeartbeatPort
    let callables: Callables
    let access: Access
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.post, "/api/v3/batches", Self.createDescription, create),
            gateway.route(.get, "/api/v3/batches", Self.listDescription, list),
            gateway.route(.get, "/api/v3/batches/{id}", Self.getDescription, get),
            gateway.route(.get, "/api/v3/batches/{id}/ends", Self.endsDescription, ends),
            gateway.route(.get, "/api/v3/batches/{id}/groups", Self.groupsDescription, groups),
            gateway.route(.post, "/api/v3/batches/{id}/stop", Self.stopDescription, stop),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        let fields = try Fields(call.body, known: SchemaNames.members(of: "BatchRequest"))
        let app = try fields.required("app")
        let function = try fields.required("function")
        let targets = try fields.required("targets")
        let exclude = try fields.text("exclude") ?? ""
        let param = fields.value("param")
        let shared = try CallFields(fields)
        var request = BatchRequest(app: app, func: function)
        request.timeoutMs =
            try fields.milliseconds("timeout") ?? callables.declaredTimeoutMs(app: app, function: function)
        request.concurrency = Int32(try fields.int("concurrency", in: 0...1_000_000) ?? 0)
        request.labels = shared.labels
        request.startByMs = shared.startByMs > 0 ? shared.startByMs : nil
        request.retryRule = shared.retryRule
        try Self.readFailureLimit(fields, into: &request)
        request.idempotencyKey = try IdempotencyKey.of(call)
        try access.require(call.key, app: app, function: function)
        try callables.check(app: app, function: function, param: param)
        if shared.retryRule != nil { try callables.checkRetries(app: app, function: function) }
        if let param { request.param = try callables.text(of: param) }
        request.files = try await shared.fileRefs(scheduler, call.port)
        let resolution = try await resolve(call, targets: targets, exclude: exclude)
        request.targets = resolution.agents.map { BatchTarget(agentId: $0.id, ip: $0.ip, name: $0.name) }
        request.generation = resolution.generation
        let batch = try await scheduler.createBatch(request, call.port)
        let location = "/api/v3/batches/\(Hex.encode(UInt64(bitPattern: batch.id)))"
        return Answer.json(.created, headers: [.location: location]) { json in json.batch(batch) }
    }

    /// `max_failures`: how many tasks may end badly, as a number or in percent.
    private static func readFailureLimit(_ fields: Fields, into request: inout BatchRequest) throws(ElvesError) {
        guard let value = fields.value("max_failures"), !value.isNull else { return }
        if let number = value.int, (0...1_000_000).contains(number) {
            request.maxFailures = Int32(number)
            return
        }
        guard let text = value.string, text.hasSuffix("%"), let percent = Int32(text.dropLast()),
            (0...100).contains(percent)
        else {
            throw fields.kind("max_failures", "a number from 0 to 1000000, or a text such as \"5%\"", value)
        }
        request.maxFailurePercent = percent
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
        let tasks = try await access.visible(call.key, ends.tasks, port)
        return Answer.json(capacity: 1024 * (1 + tasks.count)) { json in
            json.object { json in
                json.key("tasks")
                json.array(tasks) { $0.task($1) }
                json.member("next", String(ends.nextAfter))
                json.member("done", ends.done)
            }
        }
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        let limit = Int(try call.query.int("limit", in: 1...1000) ?? 100)
        try access.require(call.key, app: call.query["app"])
        let scope = call.key.scope.apps
        let app = call.query["app"] ?? (scope.count == 1 ? scope.first : nil) ?? ""
        var before = try call.query.int("after", in: 0...Int64.max) ?? 0
        var batches: [BatchRecord] = []
        for _ in 0..<Self.mostPages {
            let page = try await scheduler.batches(
                app: app, before: before, limit: Int32(limit - batches.count), call.port)
            batches += page.batches.filter { access.covers(call.key, batch: $0) }
            before = page.nextBefore
            guard before != 0, batches.count < limit else { break }
        }
        return Answer.json(capacity: 512 * (1 + batches.count)) { [batches, before] json in
            json.object { json in
                json.key("batches")
                json.array(batches) { $0.batch($1) }
                json.member("next", orNull: before == 0 ? nil : String(before))
            }
        }
    }

    @Sendable private func groups(_ call: V3Call) async throws -> Response {
        let limit = try call.query.int("limit", in: 1...1000) ?? 100
        let id = try await batch(call, call.port).id
        let groups = try await scheduler.batchGroups(id, limit: Int32(limit), call.port)
        return Answer.json { json in
            json.object { json in
                json.key("groups")
                json.array(groups) { $0.group($1) }
            }
        }
    }

    @Sendable private func stop(_ call: V3Call) async throws -> Response {
        let fields = try Fields(call.body, known: SchemaNames.members(of: "BatchStopRequest"), isOptional: true)
        let kill = try fields.flag("kill")
        let reason = try StopReason.of(fields, call)
        let id = try await batch(call, call.port).id
        let batch = try await scheduler.stopBatch(id, kill: kill, reason: reason, call.port)
        return Answer.json { json in json.batch(batch) }
    }

    /// The batch, when the key may see it.
    private func batch(_ call: V3Call, _ port: PortCall) async throws -> BatchRecord {
        let batch = try await scheduler.batch(try call.id(), waitMs: 0, port)
        try access.require(call.key, batch: batch)
        return batch
    }
}
