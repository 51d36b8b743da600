package import AgentLinks
package import ElvesCore
package import Logging
import Synchronization

/// Files that go with calls or come back from them, each stored once, by the SHA-256 of its content.
///
/// A file is at DATA/blobs/ab/abcd…; `.returned` follows its name when a worker returned it. The time of its last
/// change says when it was used last. A file is whole from the moment on when it is there.
package final class BlobStore: Sendable {
    struct State {
        var shelf = BlobShelf()
        /// Uploads of callers, by the name that each was given.
        var uploads: [String: BlobUpload] = [:]
        /// Files that workers return, on their way in.
        var returning: [AttemptName: ReturnedFiles] = [:]
        /// Room that is held for both.
        var reserved: Int64 = 0
        var waitingBytes = 0
    }

    let folder: String
    let options: BlobOptions
    let time: Timekeeper
    let logger: Logger
    let state: Mutex<State>
    /// Held while a name is given to a file or taken from it.
    let names = Mutex(())
    private let queues = (1...4).map { DiskQueue("blobs-\($0)") }

    /// Opens the folder, which is made when it is not there. Uploads of an earlier life are removed.
    package init(
        folder: String, options: BlobOptions = BlobOptions(), time: Timekeeper = .system, logger: Logger
    ) throws(ElvesError) {
        self.folder = folder
        self.options = options
        self.time = time
        self.logger = logger
        try DataFolder.make(folder + "/uploads")
        for name in try DataFolder.names(in: folder + "/uploads") { try DataFolder.remove("\(folder)/uploads/\(name)") }
        var state = State()
        for name in try DataFolder.names(in: folder) where name.utf8.count == 2 {
            for file in try DataFolder.names(in: "\(folder)/\(name)") {
                guard let found = Self.read(file), let facts = DataFolder.facts(of: "\(folder)/\(name)/\(file)") else {
                    continue
                }
                let entry = BlobShelf.Entry(
                    size: facts.size, usedAtMs: facts.changedAtMs, isReturned: found.isReturned,
                    notedAtMs: facts.changedAtMs)
                state.shelf.add(found.digest, entry)
            }
        }
        self.state = Mutex(state)
    }

    // MARK: Names

    private static let returnedSuffix = ".returned"

    private static func read(_ name: String) -> (digest: BlobDigest, isReturned: Bool)? {
        let isReturned = name.hasSuffix(returnedSuffix)
        let digits = isReturned ? name.dropLast(returnedSuffix.count) : name[...]
        guard let bytes = Hex.decode(digits), let digest = BlobDigest(bytes) else { return nil }
        return (digest, isReturned)
    }

    func path(_ digest: BlobDigest, isReturned: Bool) -> String {
        let name = digest.description
        return "\(folder)/\(name.prefix(2))/\(name)\(isReturned ? Self.returnedSuffix : "")"
    }

    /// A thread; the same key always has the same.
    func queue(_ key: some Hashable) -> DiskQueue {
        queues[Int(UInt(bitPattern: key.hashValue) % UInt(queues.count))]
    }

    // MARK: Looking

    /// Checks that the files of a call may be and are here; they count as used now.
    package func require(_ files: [TaskFile]) throws(ElvesError) {
        guard !files.isEmpty else { return }
        try FileRules.check(files)
        let nowMs = time.wallMs()
        let missing = state.withLock { state in
            files.first { file in
                guard let digest = BlobDigest(file.digest), let entry = state.shelf[digest] else { return true }
                state.shelf.use(digest, atMs: nowMs)
                return entry.size != file.size
            }
        }
        guard let missing else { return }
        let digest = Hex.encode(missing.digest)
        let known = BlobDigest(missing.digest).flatMap { digest in state.withLock { $0.shelf[digest] } }
        if let known {
            throw ElvesError(
                .schedulerRequestInvalid,
                "\(missing.name) is said to have \(missing.size) bytes; file \(digest) has \(known.size)",
                details: ["file": missing.name, "digest": digest])
        }
        throw ElvesError(
            .schedulerBlobUnknown, "there is no file \(digest), which \(missing.name) is to be",
            details: ["file": missing.name, "digest": digest])
    }

    /// What is known of a file, which counts as used now.
    package func blob(_ digest: BlobDigest) throws(ElvesError) -> StoredBlob {
        let nowMs = time.wallMs()
        let entry = state.withLock { state in
            state.shelf.use(digest, atMs: nowMs)
            return state.shelf[digest]
        }
        guard let entry else { throw Self.unknown(digest) }
        return StoredBlob(digest: digest, size: entry.size)
    }

    /// Up to `count` bytes of a file, fewer only where it ends.
    package func read(_ digest: BlobDigest, from offset: Int64, count: Int) async throws(ElvesError) -> [UInt8] {
        let size = try blob(digest).size
        guard offset >= 0, offset <= size, count > 0, count <= Self.pieceBytes else {
            throw ElvesError(
                .schedulerRequestInvalid, "\(count) bytes at \(offset) of a file of \(size)",
                hint: "A call reads 1 to \(Self.pieceBytes) bytes, from a place in the file.")
        }
        return try await queue(digest).run { () throws(ElvesError) in
            guard let file = try self.open(digest) else {
                self.state.withLock { $0.shelf.remove(digest) }
                throw Self.unknown(digest)
            }
            return try file.read(at: offset, count: min(count, Int(size - offset)))
        }
    }

    /// The most that one call reads or writes.
    static let pieceBytes = 1 << 20

    private func open(_ digest: BlobDigest) throws(ElvesError) -> DataFile? {
        // It may get its other name meanwhile.
        for isReturned in [false, true, false] {
            let path = path(digest, isReturned: isReturned)
            if DataFolder.facts(of: path) != nil { return try DataFile(path, for: .read) }
        }
        return nil
    }

    static func unknown(_ digest: BlobDigest) -> ElvesError {
        ElvesError(.schedulerBlobUnknown, "there is no file \(digest)", details: ["digest": digest.description])
    }

    /// Counters and gauges by name.
    package var figures: [String: Int64] {
        state.withLock { state in
            [
                "blobs": Int64(state.shelf.entries.count), "blobs_bytes": state.shelf.bytes,
                "blob_uploads": Int64(state.uploads.count + state.returning.values.reduce(0) { $0 + $1.uploads.count }),
            ]
        }
    }
}
