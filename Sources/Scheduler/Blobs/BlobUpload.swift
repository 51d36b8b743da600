import Crypto
import ElvesCore
import Synchronization

/// A file on its way in. Its calls run one after the other on its own thread.
final class BlobUpload: Sendable {
    private struct State {
        var hash = SHA256()
        var have: Int64 = 0
        var isOver = false
    }

    let path: String
    /// Nil while nobody knows.
    let size: Int64?
    let queue: DiskQueue
    private let file: DataFile
    private let state = Mutex(State())
    /// On the monotonic clock, in microseconds.
    private let used: Atomic<Int64>

    init(path: String, size: Int64?, queue: DiskQueue, now: Int64) throws(ElvesError) {
        self.path = path
        self.size = size
        self.queue = queue
        file = try DataFile(path, for: .create)
        used = Atomic(now)
    }

    /// Room that is held for it.
    var reserved: Int64 { size ?? FileRules.bytes }

    var lastUsed: Int64 { used.load(ordering: .relaxed) }
    func touch(_ now: Int64) { used.store(now, ordering: .relaxed) }

    /// Bytes that are here.
    var have: Int64 { state.withLock { $0.have } }

    /// Adds what is new in the bytes; answers how many bytes are here then. A gap adds nothing. On its thread.
    func add(_ bytes: [UInt8], at offset: Int64) throws(ElvesError) -> Int64 {
        let (have, isOver) = state.withLock { ($0.have, $0.isOver) }
        guard !isOver else { throw BlobUpload.unknown() }
        let end = offset + Int64(bytes.count)
        guard offset <= have, end > have else { return have }
        guard end <= size ?? FileRules.bytes else {
            throw size.map {
                ElvesError(.schedulerBlobUpload, "the upload has more than the \($0) bytes that were announced")
            } ?? ElvesError(.schedulerBlobTooLong, "the file has more than \(FileRules.bytes) bytes")
        }
        let new = Array(bytes.suffix(Int(end - have)))
        try file.write(new, at: have)
        state.withLock { state in
            state.hash.update(data: new)
            state.have = end
        }
        return end
    }

    /// Makes the content safe from a power loss and answers with its digest. On its thread.
    func close() throws(ElvesError) -> StoredBlob {
        let (hash, have, wasOver) = state.withLock { state in
            defer { state.isOver = true }
            return (state.hash, state.have, state.isOver)
        }
        guard !wasOver else { throw BlobUpload.unknown() }
        try file.sync()
        return StoredBlob(digest: BlobDigest(hash.finalize()), size: have)
    }

    /// Removes what has come.
    func discard() {
        state.withLock { $0.isOver = true }
        try? DataFolder.remove(path)
    }

    static func unknown() -> ElvesError {
        ElvesError(.schedulerBlobUpload, "no such upload is open: it ended, or nothing was added to it for too long")
    }
}
