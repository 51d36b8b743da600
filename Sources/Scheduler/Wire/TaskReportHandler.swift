import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Serves `TaskReportService`: what agents say by themselves.
package struct TaskReportHandler: TaskReportServiceHandler {
    let service: SchedulerService

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
}
