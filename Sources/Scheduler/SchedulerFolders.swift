package import ElvesCore
package import Logging

/// What the scheduler keeps beside its records: copies of output, and files.
package struct SchedulerFolders: Sendable {
    package let output: OutputStore
    package let blobs: BlobStore

    /// Opens both below the scheduler's folder.
    ///
    /// - Parameters:
    ///   - outputBytes: of all copies of output.
    ///   - blobBytes: of all files.
    ///   - blobDays: how long a file is kept after its last use.
    ///   - recordsMs: how long records are kept, and with them copies of output and files that workers returned.
    package init(
        _ data: String, outputBytes: Int, blobBytes: Int, blobDays: Int, recordsMs: Int64, logger: Logger
    ) throws(ElvesError) {
        var outputs = OutputOptions()
        outputs.bytes = Int64(outputBytes)
        outputs.keepMs = recordsMs
        // Some thousand segments at most, however much is kept for however long.
        outputs.segmentBytes = min(max(outputs.segmentBytes, outputs.bytes / 1_000), 1 << 30)
        outputs.segmentMs = max(outputs.segmentMs, recordsMs / 1_000)
        var files = BlobOptions()
        files.bytes = Int64(blobBytes)
        files.keepMs = Int64(blobDays) * 86_400_000
        files.keepReturnedMs = recordsMs
        output = try OutputStore(folder: data + "/output", options: outputs, logger: logger)
        blobs = try BlobStore(folder: data + "/blobs", options: files, logger: logger)
    }
}
