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
            gateway.route(.get, "/api/v3/tasks", Self.listDescription, list),
            gateway.route(.get, "/api/v3/tasks/{id}", Self.getDescription, get),
            gateway.route(.get, "/api/v3/tasks/{id}/explain", Self.explainDescription, explain),
            gateway.route(.post, "/api/v3/tasks/{id}/cancel", Self.cancelDescription) { call in
                try await end(call, kill: false)
            },
            gateway.route(.post, "/api/v3/tasks/{id}/kill", Self.killDescription) { call in
                try await end(call, kill: true)
            },
            gateway.route(.post, "/api/v3/tasks/{id}/retry", Self.retryDescription, retry),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let fields = try Fields(call.body, known: SchemaNames.members(of: "TaskRequest"))
        let app = try fields.required("app")
        let function = try fields.required("function")
        let target = try fields.required("target")
        let param = fields.value("param")
        let shared = try CallFields(fields)
        let isDurable = try fields.flag("durable")
        var request = ExecuteRequest(app: app, func: function)
        request.timeoutMs =
            try fields.milliseconds("timeout") ?? callables.declaredTimeoutMs(app: app, function: function)
        request.proxy = try fields.text("proxy")
        request.labels = shared.labels
        request.startByMs = shared.startByMs
        request.retryRule = shared.retryRule
        request.idempotencyKey = try IdempotencyKey.of(call)
        // Who does not wait for the end gets a task that outlives the center's restart.
        let isAsync = isDurable || waitMs == 0 || shared.startByMs > 0 || shared.retryRule != nil
        request.durable = isAsync ? true : nil
        try access.require(call.key, app: app, function: function)
        try access.requireDeclaredEntry(call.key, proxy: request.proxy)
        try callables.check(app: app, function: function, param: param)
        if shared.retryRule != nil { try callables.checkRetries(app: app, function: function) }
        if let param { request.param = try callables.text(of: param) }
        let port = call.port(waiting: waitMs)
        let agent = try await agents.agent(target, port)
        try await access.require(call.key, agent: agent, port)
        request.agentId = agent.id
        request.ip = agent.ip
        request.agentName = agent.name.isEmpty ? nil : agent.name
        request.files = try await shared.fileRefs(scheduler, port)
        return made(try await scheduler.execute(request, waitMs: port.left(of: waitMs), port.waiting(waitMs)))
    }

    /// A task that was made, or that its idempotency key named.
    private func made(_ task: TaskRecord) -> Response {
        let location = "/api/v3/tasks/\(Hex.encode(UInt64(bitPattern: task.id)))"
        return Answer.json(StateName.isEnd(task.state) ? .ok : .accepted, headers: [.location: location]) { json in
            json.task(task)
        }
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let port = call.port(waiting: waitMs)
        let task = try await visibleTask(call, port)
        guard waitMs > 0, !StateName.isEnd(task.state) else { return await answer(task, port) }
        return await answer(
            try await scheduler.task(task.id, waitMs: port.left(of: waitMs), port.waiting(waitMs)), port)
    }

    @Sendable private func explain(_ call: V3Call) async throws -> Response {
        let task = await named(try await visibleTask(call, call.port), call.port)
        return Answer.json { json in
            json.object { json in
                json.key("task")
                json.task(task)
                json.key("hops")
                json.hops(task.hops)
            }
        }
    }

    /// Cancel and kill: the same, but that a kill also reaches a task that has started.
    private func end(_ call: V3Call, kill: Bool) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let reason = try StopReason.of(call)
        let port = call.port(waiting: waitMs)
        let task = try await visibleTask(call, port)
        let ended = try await scheduler.cancel(
            task.id, kill: kill, reason: reason, waitMs: port.left(of: waitMs), port.waiting(waitMs))
        return await answer(ended, port)
    }

    @Sendable private func retry(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let idempotencyKey = try IdempotencyKey.of(call)
        let port = call.port(waiting: waitMs)
        let task = try await visibleTask(call, port)
        guard call.key.scope.functions.isEmpty || task.caller == call.key.id else {
            // Another key's task may have named a proxy, which this key may not.
            throw ElvesError(
                .openapiAuthDenied, "key \"\(call.key.id)\" is limited to functions and may retry only its own tasks",
                hint: "make the call anew: POST /api/v3/tasks")
        }
        // It runs the version that is live now: whether that may run twice is not what the ended task's version said.
        let once = task.retryRule != nil && !callables.isIdempotent(app: task.app, function: task.func)
        return made(
            try await scheduler.retryTask(
                task.id, once: once, idempotencyKey: idempotencyKey, waitMs: port.left(of: waitMs),
                port.waiting(waitMs)))
    }

    /// The task, when the key may see it; whether it may is known before anything is waited for.
    private func visibleTask(_ call: V3Call, _ port: PortCall) async throws -> TaskRecord {
        let task = try await scheduler.task(try call.id(), waitMs: 0, port)
        try await access.require(call.key, task: task, port)
        return task
    }

    private func answer(_ task: TaskRecord, _ port: PortCall) async -> Response {
        let task = await named(task, port)
        return Answer.json { json in json.task(task) }
    }

    /// The task with its agent's present name, where it was asked for by address alone, as `/api/v2` does.
    private func named(_ task: TaskRecord, _ call: PortCall) async -> TaskRecord {
        guard task.agentName.isEmpty, task.agentId != 0 else { return task }
        var task = task
        task.agentName = (try? await agents.agent(AgentName(id: task.agentId).hexID, call).name) ?? ""
        return task
    }
}

/// The `reason` of a body that ends something.
enum StopReason {
    /// The caller's words, or who it was.
    static func of(_ call: V3Call) throws(ElvesError) -> String {
        try of(Fields(call.body, known: SchemaNames.members(of: "StopRequest"), isOptional: true), call)
    }

    /// The same of fields that were read already.
    static func of(_ fields: Fields, _ call: V3Call) throws(ElvesError) -> String {
        guard let reason = try fields.text("reason"), !reason.isEmpty else { return "by key \(call.key.id)" }
        guard reason.utf8.count <= 1024 else { throw fields.wrong("reason", "a reason has at most 1024 bytes") }
        return reason
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
