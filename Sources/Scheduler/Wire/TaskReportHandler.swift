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
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func started(attempts: [AttemptRef], context: CallContext) async throws {}
}
