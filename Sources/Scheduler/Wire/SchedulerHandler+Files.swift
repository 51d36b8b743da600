import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Output and files.
extension SchedulerHandler {
    package func output(
        taskId: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> OutputPage {
        try await withFaults {
            guard let id = ElvesID(rawValue: taskId) else {
                throw ElvesError(.schedulerTaskUnknown, "no task \(taskId)")
            }
            return OutputPage(
                try await service.output(id, after: after, limit: Int(limit), waitMs: context.bounded(waitMs)))
        }
    }

    package func beginBlob(size: Int64, context: CallContext) async throws -> String {
        try await withFaults { try await service.beginBlob(size: size) }
    }

    package func blobChunk(upload: String, offset: Int64, bytes: [UInt8], context: CallContext) async throws {
        try await withFaults { try await service.blobStore().append(bytes, at: offset, to: upload) }
    }

    package func finishBlob(upload: String, context: CallContext) async throws -> BlobInfo {
        try await withFaults { BlobInfo(try await service.blobStore().finish(upload)) }
    }

    package func abortBlob(upload: String, context: CallContext) async throws {
        try await withFaults { try service.blobStore().abort(upload) }
    }

    package func blob(digest: [UInt8], context: CallContext) async throws -> BlobInfo {
        try await withFaults { BlobInfo(try service.blobStore().blob(BlobDigest(checking: digest))) }
    }

    package func readBlob(
        digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        try await withFaults {
            try await service.blobStore().read(BlobDigest(checking: digest), from: offset, count: Int(length))
        }
    }
}
