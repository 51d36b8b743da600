import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/webhooks`: where events are sent. For admin keys: an address that the center calls is a door from inside.
///
/// A key that is limited to apps sees and makes webhooks of these apps only; one that is limited to functions or agents
/// none, because a webhook knows no such limit.
struct WebhookRoutes: Sendable {
    let scheduler: any SchedulerPort
    let access: Access

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.post, "/api/v3/webhooks", Self.createDescription, create),
            gateway.route(.get, "/api/v3/webhooks", Self.listDescription, list),
            gateway.route(.delete, "/api/v3/webhooks/{id}", Self.deleteDescription, delete),
            gateway.route(.get, "/api/v3/webhooks/{id}/dead", Self.deadDescription, dead),
            gateway.route(.post, "/api/v3/webhooks/dead/{id}/redeliver", Self.redeliverDescription, redeliver),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        try requireAdmin(call.key)
        let fields = try Fields(call.body, known: SchemaNames.members(of: "WebhookRequest"))
        var webhook = Webhook(url: try Self.url(fields), caller: call.key.id)
        webhook.kinds = try fields.texts("kinds")
        for kind in webhook.kinds { try EventFilter.check(kind) { fields.wrong("kinds", $0) } }
        webhook.apps = try fields.texts("apps")
        webhook.states = try fields.texts("states").map { word throws(ElvesError) in
            try StateName.parse(word).rawValue
        }
        guard covers(call.key, webhook) else {
            throw ElvesError(
                .openapiAuthDenied,
                "key \"\(call.key.id)\" is limited to apps: name some of them under `apps`: "
                    + call.key.scope.apps.sorted().joined(separator: ", "))
        }
        let made = try await scheduler.createWebhook(webhook, call.port)
        return Answer.json(.created, headers: [.cacheControl: "no-store"]) { $0.webhook(made, showsSecret: true) }
    }

    private static func url(_ fields: Fields) throws(ElvesError) -> String {
        let text = try fields.required("url")
        let isAddress = ["http://", "https://"].contains { scheme in
            text.lowercased().hasPrefix(scheme) && text.utf8.count > scheme.utf8.count
        }
        guard isAddress, text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw fields.wrong(
                "url", "\"\(text.prefix(200))\" is no address: http:// or https://, at most 2048 ASCII characters")
        }
        return text
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        try requireAdmin(call.key)
        let webhooks = try await visible(call)
        return Answer.json { json in
            json.object { json in
                json.key("webhooks")
                json.array(webhooks) { $0.webhook($1, showsSecret: false) }
            }
        }
    }

    @Sendable private func delete(_ call: V3Call) async throws -> Response {
        let id = try await visibleID(call)
        try await scheduler.deleteWebhook(id, call.port)
        return Response(status: .noContent)
    }

    @Sendable private func dead(_ call: V3Call) async throws -> Response {
        let limit = try call.query.int("limit", in: 1...1000) ?? 100
        let before = try call.query.int("after", in: 0...Int64.max) ?? 0
        let id = try await visibleID(call)
        let letters = try await scheduler.deadLetters(id, before: before, limit: Int32(limit), call.port)
        let next = letters.count < limit ? nil : letters.last.map { String($0.id) }
        return Answer.json { json in
            json.object { json in
                json.key("dead")
                json.array(letters) { $0.deadLetter($1) }
                json.member("next", orNull: next)
            }
        }
    }

    @Sendable private func redeliver(_ call: V3Call) async throws -> Response {
        try requireAdmin(call.key)
        guard call.key.scope.apps.isEmpty else {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(call.key.id)\" is limited to apps, and a dead letter is of any",
                hint: "use an admin key without a list of apps")
        }
        try await scheduler.redeliver(try call.id(), call.port)
        return Response(status: .noContent)
    }

    private func requireAdmin(_ key: KeyEntry) throws(ElvesError) {
        try access.requireAdmin(key)
        guard key.scope.agents.isEmpty, key.scope.functions.isEmpty else {
            throw ElvesError(
                .openapiAuthDenied,
                "key \"\(key.id)\" is limited to functions or agents; webhooks tell of all of them")
        }
    }

    private func covers(_ key: KeyEntry, _ webhook: Webhook) -> Bool {
        let apps = key.scope.apps
        return apps.isEmpty || (!webhook.apps.isEmpty && apps.isSuperset(of: webhook.apps))
    }

    private func visible(_ call: V3Call) async throws -> [Webhook] {
        try await scheduler.webhooks(call.port).filter { covers(call.key, $0) }
    }

    /// The webhook that the path names; refused alike when there is none and when it is outside the key's scope.
    private func visibleID(_ call: V3Call) async throws -> Int64 {
        try requireAdmin(call.key)
        let id = try call.id()
        guard try await visible(call).contains(where: { $0.id == id }) else {
            throw ElvesError(.schedulerWebhookUnknown, "no webhook \(call.part("id"))")
        }
        return id
    }
}

extension JSONBuffer {
    mutating func webhook(_ webhook: Webhook, showsSecret: Bool) {
        object { json in
            json.member("id", id: webhook.id)
            json.member("url", webhook.url)
            json.member("kinds", strings: webhook.kinds)
            json.member("apps", strings: webhook.apps)
            json.member(
                "states", strings: webhook.states.map { StateName.of(ElvesContracts.TaskState(rawValue: $0)) })
            json.member("created_at", time: webhook.createdAt)
            json.member("caller", webhook.caller)
            json.member("waiting", webhook.waiting)
            json.member("dead", webhook.dead)
            if showsSecret { json.member("secret", webhook.secret) }
        }
    }

    mutating func deadLetter(_ letter: DeadLetter) {
        object { json in
            json.member("id", id: letter.id)
            json.member("webhook_id", id: letter.webhookId)
            json.key("event")
            json.event(letter.event)
            json.member("tries", letter.tries)
            json.member("last_try_at", time: letter.lastTryAt)
            json.member("problem", letter.problem)
        }
    }
}
