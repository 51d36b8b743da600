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
                try OutputPiece(chunk), of: try name(AttemptRef(taskId: chunk.taskId, attempt: chunk.attempt)),
                from: agent)
            return OutputCredit(wanted: grant.wanted, credit: grant.credit)
        }
    }

    package func fetchBlob(
        attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            try await service.readFile(
                BlobDigest(checking: digest), of: try name(attempt), from: offset,
                count: Int(length), for: agent)
        }
    }

    package func putBlob(
        attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
    ) async throws -> Int64 {
        let agent = try AgentIdentity(context.peer)
        return try await withFaults {
            try await service.takeFile(
                TaskFile(file), of: try name(attempt), at: offset, bytes, from: agent)
        }
    }

    private func name(_ attempt: AttemptRef) throws(ElvesError) -> AttemptName {
        guard let name = AttemptName(attempt) else {
            throw ElvesError(.schedulerAttemptUnknown, "no task \(attempt.taskId)")
        }
        return name
    }
}
