import ElvesContracts
import ElvesCore
import Synchronization

@testable import OpenAPI

/// History, ends by request, output, files, events.
extension FakeScheduler {
    func tasks(_ query: TaskQuery, _ call: PortCall) async throws -> TaskPage {
        try check(call)
        return state.withLock { state in
            state.queries.append(query)
            let older = state.history.filter { query.before == 0 || $0.id < query.before }
            let page = older.prefix(Int(query.limit))
            return TaskPage(tasks: Array(page), nextBefore: page.count < older.count ? page.last?.id ?? 0 : 0)
        }
    }

    func cancel(_ id: Int64, kill: Bool, reason: String, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        try check(call)
        state.withLock { $0.cancelled.append((id, kill, reason)) }
        return TaskRecord(id: id, app: "hello", func: "greet", state: kill ? .killed : .cancelled)
    }

    func retryTask(
        _ id: Int64, once: Bool, idempotencyKey: String, waitMs: Int64, _ call: PortCall
    ) async throws -> TaskRecord {
        try check(call)
        state.withLock { $0.retried.append((idempotencyKey, once)) }
        return TaskRecord(id: 0x42, app: "hello", func: "greet", state: .created, retryOf: id)
    }

    func output(
        _ taskID: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall
    ) async throws -> OutputPage {
        try check(call)
        return try await output.page(after: after, waitMs: waitMs)
    }

    func batches(app: String, before: Int64, limit: Int32, _ call: PortCall) async throws -> BatchPage {
        try check(call)
        return state.withLock { state in
            let older = state.batchRecords.filter { before == 0 || $0.id < before }
            let page = older.prefix(Int(limit))
            return BatchPage(batches: Array(page), nextBefore: page.count < older.count ? page.last?.id ?? 0 : 0)
        }
    }

    func stopBatch(_ id: Int64, kill: Bool, reason: String, _ call: PortCall) async throws -> BatchRecord {
        var batch = try await batch(id, waitMs: 0, call)
        state.withLock { $0.stopped.append((id, kill, reason)) }
        batch.stopping = true
        batch.stopReason = reason
        return batch
    }

    func batchGroups(_ id: Int64, limit: Int32, _ call: PortCall) async throws -> [OutputGroup] {
        try check(call)
        return [
            OutputGroup(
                state: .succeeded, exitCode: 0, text: "ok",
                targets: [BatchTarget(agentId: 1, ip: "10.0.0.1", name: "a1")],
                taskIds: [5])
        ]
    }

    func beginBlob(size: Int64, _ call: PortCall) async throws -> String {
        try check(call)
        return blobs.begin(size: size)
    }

    func blobChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws {
        try check(call)
        try await blobs.take(offset: offset, bytes)
    }

    func finishBlob(_ upload: String, _ call: PortCall) async throws -> BlobInfo { blobs.finish() }

    /// As over a connection: a caller that was cancelled reaches nobody.
    func abortBlob(_ upload: String, _ call: PortCall) async throws {
        try Task.checkCancellation()
        blobs.abort()
    }

    func blob(_ digest: [UInt8], _ call: PortCall) async throws -> BlobInfo {
        try check(call)
        guard let size = blobs.size(of: digest) else { throw ElvesError(.schedulerBlobUnknown, "no such file") }
        return BlobInfo(digest: digest, size: size)
    }

    func readBlob(_ digest: [UInt8], offset: Int64, length: Int32, _ call: PortCall) async throws -> [UInt8] {
        try check(call)
        return try blobs.read(digest, offset: offset, length: length)
    }

    func events(after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> EventPage {
        try check(call)
        return try await events.page(after: after, limit: limit, waitMs: waitMs)
    }

    func createWebhook(_ webhook: Webhook, _ call: PortCall) async throws -> Webhook {
        try check(call)
        var made = webhook
        made.id = state.withLock { Int64($0.webhooks.count) + 1 }
        state.withLock { [made] in $0.webhooks.append(made) }
        made.secret = "s3cret"
        return made
    }

    func webhooks(_ call: PortCall) async throws -> [Webhook] { state.withLock(\.webhooks) }

    func deleteWebhook(_ id: Int64, _ call: PortCall) async throws {
        state.withLock { $0.webhooks.removeAll { $0.id == id } }
    }

    func deadLetters(_ webhookID: Int64, before: Int64, limit: Int32, _ call: PortCall) async throws -> [DeadLetter] {
        [DeadLetter(id: 3, webhookId: webhookID, event: Event(id: 8, kind: "agent.up"), tries: 12, problem: "HTTP 500")]
    }

    func redeliver(_ id: Int64, _ call: PortCall) async throws { state.withLock { $0.redelivered.append(id) } }
}
