import ElvesContracts
import ElvesCore

/// A center without `elves-scheduler`: every call says that it is not enabled.
struct AbsentScheduler: SchedulerPort {
    private let error = ElvesError(.openapiModuleScheduler)

    func execute(_ request: ExecuteRequest, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord { throw error }
    func task(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord { throw error }
    func tasks(_ query: TaskQuery, _ call: PortCall) async throws -> TaskPage { throw error }
    func cancel(_ id: Int64, kill: Bool, reason: String, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        throw error
    }
    func retryTask(
        _ id: Int64, once: Bool, idempotencyKey: String, waitMs: Int64, _ call: PortCall
    ) async throws -> TaskRecord {
        throw error
    }
    func output(_ taskID: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> OutputPage
    { throw error }
    func createBatch(_ request: BatchRequest, _ call: PortCall) async throws -> BatchRecord { throw error }
    func batch(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> BatchRecord { throw error }
    func batchEnds(_ id: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> BatchEnds {
        throw error
    }
    func batches(app: String, before: Int64, limit: Int32, _ call: PortCall) async throws -> BatchPage { throw error }
    func stopBatch(_ id: Int64, kill: Bool, reason: String, _ call: PortCall) async throws -> BatchRecord {
        throw error
    }
    func batchGroups(_ id: Int64, limit: Int32, _ call: PortCall) async throws -> [OutputGroup] { throw error }
    func beginBlob(size: Int64, _ call: PortCall) async throws -> String { throw error }
    func blobChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws { throw error }
    func finishBlob(_ upload: String, _ call: PortCall) async throws -> BlobInfo { throw error }
    func abortBlob(_ upload: String, _ call: PortCall) async throws { throw error }
    func blob(_ digest: [UInt8], _ call: PortCall) async throws -> BlobInfo { throw error }
    func readBlob(_ digest: [UInt8], offset: Int64, length: Int32, _ call: PortCall) async throws -> [UInt8] {
        throw error
    }
    func events(after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> EventPage { throw error }
    func createWebhook(_ webhook: Webhook, _ call: PortCall) async throws -> Webhook { throw error }
    func webhooks(_ call: PortCall) async throws -> [Webhook] { throw error }
    func deleteWebhook(_ id: Int64, _ call: PortCall) async throws { throw error }
    func deadLetters(_ webhookID: Int64, before: Int64, limit: Int32, _ call: PortCall) async throws -> [DeadLetter] {
        throw error
    }
    func redeliver(_ id: Int64, _ call: PortCall) async throws { throw error }
    func status(_ call: PortCall) async throws -> ComponentStatus { throw error }
}
