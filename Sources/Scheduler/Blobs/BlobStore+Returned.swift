import AgentLinks
package import ElvesCore
import Logging
import Synchronization

/// Files from workers.
extension BlobStore {
    /// Takes a piece of a file; answers how many bytes of it are here. A piece that comes twice, or too early, adds
    /// nothing. The content is checked when it is whole.
    package func put(
        _ file: TaskFile, of key: AttemptName, at offset: Int64, _ bytes: [UInt8],
        keeping: @Sendable () -> Set<BlobDigest>
    ) async throws(ElvesError) -> Int64 {
        try FileRules.check(file)
        let digest = try BlobDigest(checking: file.digest)
        guard bytes.count <= Self.returnedPieceBytes, offset >= 0, offset <= file.size - Int64(bytes.count) else {
            throw ElvesError(
                .schedulerRequestInvalid,
                "\(bytes.count) bytes at \(offset) of \(file.name), which has \(file.size)",
                hint: "A call brings at most \(Self.returnedPieceBytes) bytes.")
        }
        let now = time.micros()
        try note(file, of: key, now)
        let blob = StoredBlob(digest: digest, size: file.size)
        if state.withLock({ $0.shelf[digest] }) != nil {
            guard
                try await queue(digest).run({ () throws(ElvesError) in
                    try self.markUsed(blob, isReturned: true)
                })
            else { throw ElvesError(.schedulerBlobDigest, "\(file.name) has not \(file.size) bytes") }
            dropUpload(file.name, of: key)
            return file.size
        }
        let upload: BlobUpload
        if let open = state.withLock({ $0.returning[key]?.uploads[file.name] }) {
            upload = open
        } else {
            guard offset == 0, !bytes.isEmpty || file.size == 0 else { return 0 }
            upload = try await beginReturned(file, of: key, keeping: keeping)
        }
        upload.touch(now)
        return try await add(bytes, at: offset, to: upload, as: blob, name: file.name, of: key)
    }

    /// Forgets attempts that are over; their unfinished files are removed.
    func dropReturning(where isOver: (AttemptName, ReturnedFiles) -> Bool) {
        let dropped = state.withLock { state in
            let keys = state.returning.filter { isOver($0.key, $0.value) }.keys
            let uploads = keys.flatMap {
                state.returning.removeValue(forKey: $0).map { Array($0.uploads.values) } ?? []
            }
            state.reserved -= uploads.reduce(0) { $0 + $1.reserved }
            return uploads
        }
        for upload in dropped { upload.queue.start { upload.discard() } }
    }

    private static let returnedPieceBytes = 256 << 10

    private func note(_ file: TaskFile, of key: AttemptName, _ now: Int64) throws(ElvesError) {
        var stale: BlobUpload?
        let failure = state.withLock { state -> ElvesError? in
            var returned = state.returning[key] ?? ReturnedFiles(now: now)
            if let before = returned.files[file.name], before.digest != file.digest || before.size != file.size {
                // The worker's folder was read anew: what had come is of another file.
                stale = returned.uploads.removeValue(forKey: file.name)
                state.reserved -= stale?.reserved ?? 0
            }
            do throws(ElvesError) { try returned.note(file) } catch { return error }
            returned.used = now
            state.returning[key] = returned
            return nil
        }
        stale?.queue.start { [stale] in stale?.discard() }
        if let failure { throw failure }
    }

    private func beginReturned(
        _ file: TaskFile, of key: AttemptName, keeping: @Sendable () -> Set<BlobDigest>
    ) async throws(ElvesError) -> BlobUpload {
        try await makeRoom(for: file.size, keeping: keeping)
        let name = "\(key.task)-\(key.number)-\(Hex.encode(UInt64.random(in: .min ... .max)))"
        let queue = queue(name)
        let size = file.size
        let upload = try await holdingRoom(size) { () throws(ElvesError) in
            try BlobUpload(path: "\(self.folder)/uploads/\(name)", size: size, queue: queue, now: self.time.micros())
        } keep: { state, upload in
            guard state.returning[key]?.uploads[file.name] == nil else { return false }
            state.returning[key]?.uploads[file.name] = upload
            return state.returning[key] != nil
        }
        // Another call for the same piece was faster.
        guard let upload = upload ?? state.withLock({ $0.returning[key]?.uploads[file.name] }) else {
            throw BlobUpload.unknown()
        }
        return upload
    }

    private func add(
        _ bytes: [UInt8], at offset: Int64, to upload: BlobUpload, as blob: StoredBlob, name: String,
        of key: AttemptName
    ) async throws(ElvesError) -> Int64 {
        do throws(ElvesError) {
            let have = try await add(bytes, at: offset, to: upload)
            guard have == blob.size else { return have }
            _ = try await upload.queue.run { () throws(ElvesError) in
                try self.store(upload, isReturned: true, expecting: blob.digest)
            }
            dropUpload(name, of: key)
            return have
        } catch {
            // A call beside this one may have brought the last piece.
            if error.code == .schedulerBlobUpload, state.withLock({ $0.shelf[blob.digest] }) != nil { return blob.size }
            if error.code != .elvesOverloaded { dropUpload(name, of: key) }
            throw error
        }
    }

    private func dropUpload(_ name: String, of key: AttemptName) {
        let upload = state.withLock { state in
            let upload = state.returning[key]?.uploads.removeValue(forKey: name)
            state.reserved -= upload?.reserved ?? 0
            return upload
        }
        upload?.queue.start { upload?.discard() }
    }
}
