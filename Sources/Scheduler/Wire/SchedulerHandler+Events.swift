import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Events and webhooks.
extension SchedulerHandler {
    package func events(after: Int64, limit: Int32, waitMs: Int64, context: CallContext) async throws -> EventPage {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func createWebhook(webhook: Webhook, context: CallContext) async throws -> Webhook {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func webhooks(context: CallContext) async throws -> [Webhook] {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func deleteWebhook(id: Int64, context: CallContext) async throws {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func deadLetters(
        webhookId: Int64, before: Int64, limit: Int32, context: CallContext
    ) async throws -> [DeadLetter] {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func redeliver(id: Int64, context: CallContext) async throws {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }
}
