import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Events and webhooks.
extension SchedulerHandler {
    package func events(after: Int64, limit: Int32, waitMs: Int64, context: CallContext) async throws -> EventPage {
        try await withFaults {
            let list = try await service.events(after: after, limit: Int(limit), waitMs: context.bounded(waitMs))
            return EventPage(events: list.events.map(Event.init), nextAfter: list.nextAfter, lost: list.lost)
        }
    }

    package func createWebhook(webhook: Webhook, context: CallContext) async throws -> Webhook {
        try await withFaults {
            let made = try await service.createWebhook(
                try WebhookRecord(webhook), caller: context.header.caller ?? webhook.caller)
            return Webhook(made, secret: made.secret)
        }
    }

    package func webhooks(context: CallContext) async throws -> [Webhook] {
        try await withFaults {
            try await service.webhooks().map { Webhook($0.webhook, $0.counts) }
        }
    }

    package func deleteWebhook(id: Int64, context: CallContext) async throws {
        try await withFaults {
            try await service.deleteWebhook(id)
        }
    }

    package func deadLetters(
        webhookId: Int64, before: Int64, limit: Int32, context: CallContext
    ) async throws -> [DeadLetter] {
        try await withFaults {
            try await service.deadLetters(of: webhookId, before: before, limit: Int(limit)).map(DeadLetter.init)
        }
    }

    package func redeliver(id: Int64, context: CallContext) async throws {
        try await withFaults {
            try await service.redeliver(id)
        }
    }
}
