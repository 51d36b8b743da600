package import ElvesContracts

/// What the edge asks of `elves-scheduler`. Errors are `ElvesError`.
package protocol SchedulerPort: Sendable {
    // Tasks: calls, history, ends by request, output.
    func execute(_ request: ExecuteRequest, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord
    func task(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord
    func tasks(_ query: TaskQuery, _ call: PortCall) async throws -> TaskPage
    func cancel(_ id: Int64, kill: Bool, reason: String, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord
    func retryTask(
        _ id: Int64, once: Bool, idempotencyKey: String, waitMs: Int64, _ call: PortCall
    ) async throws -> TaskRecord
    func output(_ taskID: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> OutputPage

    // Batches.
    func createBatch(_ request: BatchRequest, _ call: PortCall) async throws -> BatchRecord
    func batch(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> BatchRecord
    func batchEnds(_ id: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> BatchEnds
    func batches(app: String, before: Int64, limit: Int32, _ call: PortCall) async throws -> BatchPage
    func stopBatch(_ id: Int64, kill: Bool, reason: String, _ call: PortCall) async throws -> BatchRecord
    func batchGroups(_ id: Int64, limit: Int32, _ call: PortCall) async throws -> [OutputGroup]

    // Files of calls.
    func beginBlob(size: Int64, _ call: PortCall) async throws -> String
    func blobChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws
    func finishBlob(_ upload: String, _ call: PortCall) async throws -> BlobInfo
    func abortBlob(_ upload: String, _ call: PortCall) async throws
    func blob(_ digest: [UInt8], _ call: PortCall) async throws -> BlobInfo
    func readBlob(_ digest: [UInt8], offset: Int64, length: Int32, _ call: PortCall) async throws -> [UInt8]

    // Events and webhooks.
    func events(after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> EventPage
    func createWebhook(_ webhook: Webhook, _ call: PortCall) async throws -> Webhook
    func webhooks(_ call: PortCall) async throws -> [Webhook]
    func deleteWebhook(_ id: Int64, _ call: PortCall) async throws
    func deadLetters(_ webhookID: Int64, before: Int64, limit: Int32, _ call: PortCall) async throws -> [DeadLetter]
    func redeliver(_ id: Int64, _ call: PortCall) async throws

    func status(_ call: PortCall) async throws -> ComponentStatus
}
