package import ElvesContracts
package import Thrift

/// `elves-scheduler` over Thrift.
package struct ThriftScheduler: SchedulerPort {
    private let client: SchedulerServiceClient
    private let component: ComponentServiceClient

    /// Speaks over the connection.
    package init(_ caller: any ThriftCaller) {
        client = SchedulerServiceClient(caller)
        component = ComponentServiceClient(caller)
    }

    package func execute(_ request: ExecuteRequest, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        try await call.run { try await client.execute(request: request, waitMs: waitMs, options: $0) }
    }

    package func task(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        try await call.run { try await client.task(id: id, waitMs: waitMs, options: $0) }
    }

    package func tasks(_ query: TaskQuery, _ call: PortCall) async throws -> TaskPage {
        try await call.run { try await client.tasks(query: query, options: $0) }
    }

    package func cancel(_ id: Int64, kill: Bool, reason: String, waitMs: Int64, _ call: PortCall) async throws
        -> TaskRecord
    {
        try await call.run { try await client.cancel(id: id, kill: kill, reason: reason, waitMs: waitMs, options: $0) }
    }

    package func retryTask(
        _ id: Int64, once: Bool, idempotencyKey: String, waitMs: Int64, _ call: PortCall
    ) async throws -> TaskRecord {
        try await call.run {
            try await client.retryTask(
                id: id, idempotencyKey: idempotencyKey, waitMs: waitMs, once: once, options: $0)
        }
    }

    package func output(_ taskID: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws
        -> OutputPage
    {
        try await call.run {
            try await client.output(taskId: taskID, after: after, limit: limit, waitMs: waitMs, options: $0)
        }
    }

    package func createBatch(_ request: BatchRequest, _ call: PortCall) async throws -> BatchRecord {
        try await call.run { try await client.createBatch(request: request, options: $0) }
    }

    package func batch(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> BatchRecord {
        try await call.run { try await client.batch(id: id, waitMs: waitMs, options: $0) }
    }

    package func batchEnds(_ id: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws
        -> BatchEnds
    {
        try await call.run {
            try await client.batchEnds(id: id, after: after, limit: limit, waitMs: waitMs, options: $0)
        }
    }

    package func batches(app: String, before: Int64, limit: Int32, _ call: PortCall) async throws -> BatchPage {
        try await call.run { try await client.batches(app: app, before: before, limit: limit, options: $0) }
    }

    package func stopBatch(_ id: Int64, kill: Bool, reason: String, _ call: PortCall) async throws -> BatchRecord {
        try await call.run { try await client.stopBatch(id: id, kill: kill, reason: reason, options: $0) }
    }

    package func batchGroups(_ id: Int64, limit: Int32, _ call: PortCall) async throws -> [OutputGroup] {
        try await call.run { try await client.batchGroups(id: id, limit: limit, options: $0) }
    }

    package func beginBlob(size: Int64, _ call: PortCall) async throws -> String {
        try await call.run { try await client.beginBlob(size: size, options: $0) }
    }

    package func blobChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws {
        try await call.run { try await client.blobChunk(upload: upload, offset: offset, bytes: bytes, options: $0) }
    }

    package func finishBlob(_ upload: String, _ call: PortCall) async throws -> BlobInfo {
        try await call.run { try await client.finishBlob(upload: upload, options: $0) }
    }

    package func abortBlob(_ upload: String, _ call: PortCall) async throws {
        try await call.run { try await client.abortBlob(upload: upload, options: $0) }
    }

    package func blob(_ digest: [UInt8], _ call: PortCall) async throws -> BlobInfo {
        try await call.run { try await client.blob(digest: digest, options: $0) }
    }

    package func readBlob(_ digest: [UInt8], offset: Int64, length: Int32, _ call: PortCall) async throws -> [UInt8] {
        try await call.run { try await client.readBlob(digest: digest, offset: offset, length: length, options: $0) }
    }

    package func events(after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> EventPage {
        try await call.run { try await client.events(after: after, limit: limit, waitMs: waitMs, options: $0) }
    }

    package func createWebhook(_ webhook: Webhook, _ call: PortCall) async throws -> Webhook {
        try await call.run { try await client.createWebhook(webhook: webhook, options: $0) }
    }

    package func webhooks(_ call: PortCall) async throws -> [Webhook] {
        try await call.run { try await client.webhooks(options: $0) }
    }

    package func deleteWebhook(_ id: Int64, _ call: PortCall) async throws {
        try await call.run { try await client.deleteWebhook(id: id, options: $0) }
    }

    package func deadLetters(_ webhookID: Int64, before: Int64, limit: Int32, _ call: PortCall) async throws
        -> [DeadLetter]
    {
        try await call.run {
            try await client.deadLetters(webhookId: webhookID, before: before, limit: limit, options: $0)
        }
    }

    package func redeliver(_ id: Int64, _ call: PortCall) async throws {
        try await call.run { try await client.redeliver(id: id, options: $0) }
    }

    package func status(_ call: PortCall) async throws -> ComponentStatus {
        try await call.run { try await component.status(options: $0) }
    }
}
