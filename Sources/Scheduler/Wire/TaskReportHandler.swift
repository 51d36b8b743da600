import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Serves `TaskReportService`: what agents say by themselves.
package struct TaskReportHandler: TaskReportServiceHandler {
    private let service: SchedulerService

    /// Creates a handler over a service.
    package init(_ service: SchedulerService) {
        self.service = service
    }

    package func report(results: [TaskResult], context: CallContext) async throws -> [AttemptRef] {
        try await withFaults {
            let agent = try AgentIdentity(context.peer)
            var nameless: [AttemptRef] = []
            let reports = results.compactMap { result -> TaskReport? in
                if let report = TaskReport(anyOf: result) { return report }
                // It names no task at all: nothing can be recorded of it, ever.
                nameless.append(AttemptRef(taskId: result.taskId, attempt: result.attempt))
                return nil
            }
            return try await service.take(reports, from: agent).map(AttemptRef.init) + nameless
        }
    }

    package func started(attempts: [AttemptRef], context: CallContext) async throws {
        service.started(attempts.compactMap(AttemptName.init), at: try AgentIdentity(context.peer))
    }

    package func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func fetchBlob(
        attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func putBlob(
        attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
    ) async throws -> Int64 {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }
}
