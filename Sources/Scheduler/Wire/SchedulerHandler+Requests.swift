import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Ends by request, and doing it again.
extension SchedulerHandler {
    package func cancel(
        id: Int64, kill: Bool, reason: String, waitMs: Int64, context: CallContext
    ) async throws -> TaskRecord {
        try await withFaults {
            guard reason.utf8.count <= 1_024 else {
                throw ElvesError(
                    .schedulerRequestInvalid, "a reason of \(reason.utf8.count) bytes; it holds at most 1024")
            }
            return TaskRecord(
                try await service.cancel(
                    try taskID(id), kill: kill, reason: reason, waitMs: context.bounded(waitMs)))
        }
    }

    package func retryTask(
        id: Int64, idempotencyKey: String, waitMs: Int64, once: Bool, context: CallContext
    ) async throws -> TaskRecord {
        try await withFaults {
            TaskRecord(
                try await service.retry(
                    try taskID(id), once: once, idempotencyKey: idempotencyKey,
                    caller: context.header.caller ?? "", trace: context.header.trace ?? "",
                    waitMs: context.bounded(waitMs)))
        }
    }

    private func taskID(_ id: Int64) throws(ElvesError) -> ElvesID {
        guard let id = ElvesID(rawValue: id) else { throw ElvesError(.schedulerTaskUnknown, "no task \(id)") }
        return id
    }
}
