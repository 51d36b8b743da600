import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Output and files of running tasks.
extension TaskReportHandler {
    package func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            let grant = try await service.takeOutput(
                try OutputPiece(chunk), of: try key(chunk.taskId, chunk.attempt), from: agent)
            return OutputCredit(wanted: grant.wanted, credit: grant.credit)
        }
    }

    package func fetchBlob(
        attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            try await service.readFile(
                BlobDigest(checking: digest), of: try key(attempt.taskId, attempt.attempt), from: offset,
                count: Int(length), for: agent)
        }
    }

    package func putBlob(
        attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
    ) async throws -> Int64 {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            let file = TaskFile(
                name: file.name, digest: file.digest, size: file.size, mode: file.mode ?? TaskFile.standardMode)
            return try await service.takeFile(
                file, of: try key(attempt.taskId, attempt.attempt), at: offset, bytes, from: agent)
        }
    }

    private func key(_ task: Int64, _ attempt: Int32) throws(ElvesError) -> OutputKey {
        guard let key = OutputKey(task, attempt) else {
            throw ElvesError(.schedulerAttemptUnknown, "no task \(task)")
        }
        return key
    }
}
