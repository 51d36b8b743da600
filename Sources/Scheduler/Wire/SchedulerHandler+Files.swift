import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Output and files.
extension SchedulerHandler {
    package func output(
        taskId: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> OutputPage {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func beginBlob(size: Int64, context: CallContext) async throws -> String {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func blobChunk(upload: String, offset: Int64, bytes: [UInt8], context: CallContext) async throws {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func finishBlob(upload: String, context: CallContext) async throws -> BlobInfo {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func abortBlob(upload: String, context: CallContext) async throws {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func blob(digest: [UInt8], context: CallContext) async throws -> BlobInfo {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }

    package func readBlob(
        digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        try await withFaults { throw ElvesError(.elvesNotReady, "not served yet") }
    }
}
