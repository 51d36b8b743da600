import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Batches as a whole.
extension SchedulerHandler {
    package func batches(app: String, before: Int64, limit: Int32, context: CallContext) async throws -> BatchPage {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func stopBatch(id: Int64, kill: Bool, reason: String, context: CallContext) async throws -> BatchRecord {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func batchGroups(id: Int64, limit: Int32, context: CallContext) async throws -> [OutputGroup] {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }
}
