import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// History, ends by request, and results for other components.
extension SchedulerHandler {
    package func tasks(query: TaskQuery, context: CallContext) async throws -> TaskPage {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func results(
        owner: String, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> ResultPage {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }
}
