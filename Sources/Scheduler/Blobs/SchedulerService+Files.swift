import AgentLinks
package import ElvesCore

/// Files that go with calls and come back from them.
extension SchedulerService {
    /// The files, or why there are none.
    func blobStore() throws(ElvesError) -> BlobStore {
        guard let blobs else { throw ElvesError(.elvesNotReady, "this scheduler has no folder for files") }
        return blobs
    }

    /// Opens an upload and answers with its name. `size` is below 1 when nobody knows it yet.
    package func beginBlob(size: Int64) async throws(ElvesError) -> String {
        try await blobStore().begin(size: size) { self.filesInFlight() }
    }

    /// Checks that the files of a call may be and are here.
    func checkFiles(of call: FunctionCall) throws(ElvesError) {
        guard !call.files.isEmpty else { return }
        try blobStore().require(call.files)
    }

    /// A piece of a file for the agent that runs a task with it.
    func readFile(
        _ digest: BlobDigest, of key: AttemptName, from offset: Int64, count: Int, for agent: AgentIdentity
    ) async throws(ElvesError) -> [UInt8] {
        let record = try running(key, on: agent)
        guard record.call.files.contains(where: { BlobDigest($0.digest) == digest }) else {
            throw ElvesError(
                .schedulerBlobUnknown, "task \(key.task) names no file \(digest)",
                details: ["task": key.task.description, "digest": digest.description])
        }
        guard count <= Self.agentPieceBytes else {
            throw ElvesError(
                .schedulerRequestInvalid, "\(count) bytes; a call reads at most \(Self.agentPieceBytes)")
        }
        return try await blobStore().read(digest, from: offset, count: count)
    }

    /// Takes a piece of a file that the worker of a task returns; answers how many bytes of it are here.
    func takeFile(
        _ file: TaskFile, of key: AttemptName, at offset: Int64, _ bytes: [UInt8], from agent: AgentIdentity
    ) async throws(ElvesError) -> Int64 {
        _ = try running(key, on: agent)
        return try await blobStore().put(file, of: key, at: offset, bytes) { self.filesInFlight() }
    }

    /// Files that tasks in memory name, and tasks of batches that have not started.
    func filesInFlight() -> Set<BlobDigest> {
        var digests: Set<BlobDigest> = []
        for task in live.filter({ _ in true }) {
            let record = task.record
            for file in record.call.files + record.outcome.returned {
                digests.formUnion(BlobDigest(file.digest).map { [$0] } ?? [])
            }
        }
        for batch in batches.all {
            for file in batch.call.files { digests.formUnion(BlobDigest(file.digest).map { [$0] } ?? []) }
        }
        return digests
    }

    /// One round of retention of output and files.
    func retainFiles() async {
        await output?.maintain()
        guard let blobs else { return }
        blobs.dropReturning { key, _ in self.live[key.task] == nil }
        await blobs.maintain { self.filesInFlight() }
    }

    /// Counters and gauges of both.
    var fileFigures: [String: Int64] {
        (output?.figures ?? [:]).merging(blobs?.figures ?? [:]) { own, _ in own }
    }

    private static let agentPieceBytes = 256 << 10

    /// The record of a task that runs on the agent now.
    private func running(_ key: AttemptName, on agent: AgentIdentity) throws(ElvesError) -> Execution {
        guard let record = live[key.task]?.record, !record.state.isEnd, record.attempt == key.number,
            record.isFor(agent)
        else {
            throw ElvesError(
                .schedulerAttemptUnknown,
                "no attempt \(key.number) of task \(key.task) is in flight on agent \(agent)",
                details: ["task": key.task.description])
        }
        return record
    }
}
