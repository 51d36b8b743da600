import AgentLinks
package import ElvesCore
import Logging
import Synchronization

/// Files from callers.
extension BlobStore {
    /// Opens an upload and answers with its name.
    ///
    /// - Parameters:
    ///   - size: below 1 when nobody knows it yet: then there must be room for the longest file.
    ///   - keeping: files that must not go to make room.
    package func begin(
        size: Int64, keeping: @Sendable () -> Set<BlobDigest>
    ) async throws(ElvesError) -> String {
        guard size <= FileRules.bytes else {
            throw ElvesError(.schedulerBlobTooLong, "\(size) bytes; a file has at most \(FileRules.bytes)")
        }
        let size = size > 0 ? size : nil
        try await makeRoom(for: size ?? FileRules.bytes, keeping: keeping)
        let name = Hex.encode(UInt64.random(in: .min ... .max)) + Hex.encode(UInt64.random(in: .min ... .max))
        let queue = queue(name)
        let upload = try await holdingRoom(size ?? FileRules.bytes) { () throws(ElvesError) in
            try BlobUpload(path: "\(self.folder)/uploads/\(name)", size: size, queue: queue, now: self.time.micros())
        } keep: { state, upload in
            guard state.uploads.count < self.options.uploads else { return false }
            state.uploads[name] = upload
            return true
        }
        guard upload != nil else {
            throw ElvesError(.elvesOverloaded, "\(options.uploads) uploads are open already")
        }
        return name
    }

    /// Adds bytes to an upload, in order. Bytes that are there already add nothing.
    package func append(_ bytes: [UInt8], at offset: Int64, to name: String) async throws(ElvesError) {
        let upload = try upload(name)
        guard bytes.count <= Self.pieceBytes else {
            throw ElvesError(
                .schedulerRequestInvalid, "\(bytes.count) bytes; a call adds at most \(Self.pieceBytes)")
        }
        guard (0...FileRules.bytes).contains(offset) else {
            throw ElvesError(.schedulerBlobUpload, "no file has a byte \(offset); it has at most \(FileRules.bytes)")
        }
        let have: Int64
        do throws(ElvesError) {
            have = try await add(bytes, at: offset, to: upload)
        } catch {
            if error.code != .elvesOverloaded { drop(name) }
            throw error
        }
        guard have >= offset + Int64(bytes.count) else {
            throw ElvesError(.schedulerBlobUpload, "the upload goes on at byte \(have), not at \(offset)")
        }
    }

    /// Ends an upload; the file is safe from a power loss and can be named in calls.
    package func finish(_ name: String) async throws(ElvesError) -> StoredBlob {
        let upload = try upload(name)
        defer { drop(name) }
        return try await upload.queue.run { () throws(ElvesError) in
            if let size = upload.size, upload.have != size {
                throw ElvesError(
                    .schedulerBlobUpload, "the upload has \(upload.have) of the \(size) bytes that were announced")
            }
            return try self.store(upload, isReturned: false, expecting: nil)
        }
    }

    /// Gives an upload up; one that is not open is none.
    package func abort(_ name: String) { drop(name) }

    private func upload(_ name: String) throws(ElvesError) -> BlobUpload {
        guard let upload = state.withLock({ $0.uploads[name] }) else { throw BlobUpload.unknown() }
        upload.touch(time.micros())
        return upload
    }

    private func drop(_ name: String) {
        let upload = state.withLock { state in
            let upload = state.uploads.removeValue(forKey: name)
            state.reserved -= upload?.reserved ?? 0
            return upload
        }
        upload?.queue.start { upload?.discard() }
    }

    // MARK: What both ways in share

    /// Adds bytes on the upload's thread; a full disk is said in the words of files.
    func add(_ bytes: [UInt8], at offset: Int64, to upload: BlobUpload) async throws(ElvesError) -> Int64 {
        let hasRoom = state.withLock { state in
            guard state.waitingBytes + bytes.count <= options.waitingBytes else { return false }
            state.waitingBytes += bytes.count
            return true
        }
        guard hasRoom else {
            throw ElvesError(.elvesOverloaded, "\(options.waitingBytes) bytes of files wait to be written already")
        }
        defer { state.withLock { $0.waitingBytes -= bytes.count } }
        do throws(ElvesError) {
            return try await upload.queue.run { () throws(ElvesError) in try upload.add(bytes, at: offset) }
        } catch {
            throw error.code == .elvesStoreFull ? Self.full(error.message) : error
        }
    }

    /// Makes an upload's file, with room held for it. Nil, and nothing is left, when `keep` does not want it.
    func holdingRoom(
        _ bytes: Int64, make: @escaping @Sendable () throws(ElvesError) -> BlobUpload,
        keep: (inout State, BlobUpload) -> Bool
    ) async throws(ElvesError) -> BlobUpload? {
        state.withLock { $0.reserved += bytes }
        do throws(ElvesError) {
            let upload = try await queue(bytes).run(make)
            if state.withLock({ keep(&$0, upload) }) { return upload }
            upload.queue.start { upload.discard() }
            state.withLock { $0.reserved -= bytes }
            return nil
        } catch {
            state.withLock { $0.reserved -= bytes }
            throw error.code == .elvesStoreFull ? Self.full(error.message) : error
        }
    }

    /// Gives a whole upload its place among the files. On the upload's thread.
    ///
    /// - Parameter expecting: what its content must be.
    func store(
        _ upload: BlobUpload, isReturned: Bool, expecting: BlobDigest?
    ) throws(ElvesError) -> StoredBlob {
        do throws(ElvesError) {
            let blob = try upload.close()
            guard expecting == nil || expecting == blob.digest else {
                throw ElvesError(
                    .schedulerBlobDigest, "the content is \(blob.digest), not \(expecting?.description ?? "")")
            }
            try place(upload.path, blob, isReturned: isReturned)
            return blob
        } catch {
            upload.discard()
            throw error.code == .elvesStoreFull ? Self.full(error.message) : error
        }
    }

    private func place(_ path: String, _ blob: StoredBlob, isReturned: Bool) throws(ElvesError) {
        if try markUsed(blob, isReturned: isReturned) { return try DataFolder.remove(path) }
        let target = self.path(blob.digest, isReturned: isReturned)
        let shelf = String(target.prefix(folder.utf8.count + 3))
        try DataFolder.make(shelf)
        let nowMs = time.wallMs()
        DataFolder.setChanged(path, atMs: nowMs)
        try named { () throws(ElvesError) in
            try DataFolder.move(path, to: target)
            state.withLock { state in
                state.shelf.add(
                    blob.digest,
                    BlobShelf.Entry(size: blob.size, usedAtMs: nowMs, isReturned: isReturned, notedAtMs: nowMs))
            }
        }
        try DataFolder.sync(shelf)
        try DataFolder.sync(folder)
    }

    /// Notes the use of a file that may be here already; false when it is not.
    func markUsed(_ blob: StoredBlob, isReturned: Bool) throws(ElvesError) -> Bool {
        let nowMs = time.wallMs()
        return try named { () throws(ElvesError) in
            guard let entry = state.withLock({ $0.shelf[blob.digest] }), entry.size == blob.size else { return false }
            if isReturned, !entry.isReturned {
                let named = path(blob.digest, isReturned: false)
                try DataFolder.move(named, to: path(blob.digest, isReturned: true))
            }
            state.withLock { state in
                state.shelf.use(blob.digest, atMs: nowMs)
                if isReturned { state.shelf.becameReturned(blob.digest) }
            }
            return true
        }
    }

    /// Runs `body` while no other file gets or loses its name.
    func named<T>(_ body: () throws(ElvesError) -> T) throws(ElvesError) -> T {
        var result: Result<T, ElvesError>?
        names.withLock { _ in
            do throws(ElvesError) { result = .success(try body()) } catch { result = .failure(error) }
        }
        guard let result else { throw ElvesError(.elvesInternal, "nothing was run") }
        return try result.get()
    }

    static func full(_ why: String) -> ElvesError { ElvesError(.schedulerBlobFull, why) }
}
