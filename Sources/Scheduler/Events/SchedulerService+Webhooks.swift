import AgentLinks
package import ElvesCore

/// Where events are sent.
extension SchedulerService {
    /// Makes a webhook; answers with it and its secret, which is not shown again.
    package func createWebhook(_ webhook: WebhookRecord, caller: String) async throws(ElvesError) -> WebhookRecord {
        try serves()
        try WebhookRules.check(webhook)
        let known = try await stored { store in try await store.webhooks() }
        guard known.count < webhookRules.webhooks else {
            throw ElvesError(
                .schedulerWebhookInvalid, "there are \(known.count) webhooks already; at most \(webhookRules.webhooks)")
        }
        var webhook = webhook
        var random = SystemRandomNumberGenerator()
        webhook.secret = Hex.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        webhook.createdAt = time.wallMs()
        webhook.caller = caller
        webhook.id = try await stored { [webhook] store in try await store.add(webhook) }
        store.feed.nudge(.deliveries)
        return webhook
    }

    /// All webhooks, by id, with what waits for them.
    package func webhooks() async throws(ElvesError) -> [(webhook: WebhookRecord, counts: DeliveryCounts)] {
        try serves()
        let counts = try await stored { store in try await store.deliveryCounts() }
        return try await stored { store in try await store.webhooks() }.map { ($0, counts[$0.id] ?? DeliveryCounts()) }
    }

    /// Deletes a webhook, with its deliveries and dead letters.
    package func deleteWebhook(_ id: Int64) async throws(ElvesError) {
        try serves()
        guard try await stored({ store in try await store.removeWebhook(id) }) else { throw unknown(id) }
    }

    /// Dead letters of a webhook with ids below `before` (0: from the newest), newest first.
    package func deadLetters(
        of webhook: Int64, before: Int64, limit: Int
    ) async throws(ElvesError) -> [WebhookDelivery] {
        try serves()
        guard try await stored({ store in try await store.webhooks() }).contains(where: { $0.id == webhook }) else {
            throw unknown(webhook)
        }
        let limit = max(1, min(limit, 1_000))
        return try await stored { store in
            try await store.deadLetters(webhook, before: before > 0 ? before : .max, limit: limit)
        }
    }

    /// Lets a dead letter be tried again.
    package func redeliver(_ id: Int64) async throws(ElvesError) {
        try serves()
        let now = time.wallMs()
        guard try await stored({ store in try await store.revive(id, now: now) }) else {
            throw ElvesError(.schedulerWebhookUnknown, "no dead letter \(id)")
        }
    }

    private func unknown(_ id: Int64) -> ElvesError { ElvesError(.schedulerWebhookUnknown, "no webhook \(id)") }
}
