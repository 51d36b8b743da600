internal import ElvesContracts
internal import ElvesCore
internal import Glibc
internal import Runner

/// Contents of files that came with calls, so that the same file for many tasks is fetched once.
///
/// Files named by their SHA-256; what was used last stays longest.
actor BlobShelf {
    private typealias Outcome = Result<Void, ElvesError>

    /// A content on its way, and who waits for it.
    private struct Fetch {
        let number: Int
        let task: Task<Void, Never>
        var waiting: [AttemptKey: CheckedContinuation<Outcome, Never>] = [:]
    }

    private let folder: String
    private let limit: Int64
    private let thread: FileThread
    private let line: FileLine
    /// The one that was used last is the last.
    private var kept: [(digest: [UInt8], size: Int64)] = []
    private var size: Int64 = 0
    private var fetches: [[UInt8]: Fetch] = [:]
    private var fetchCount = 0
    /// Tasks whose files are being laid, and whether their end was asked for.
    private var calls: [AttemptKey: Bool] = [:]

    /// The shelf in a folder of its own, with what an earlier life of this process has left there.
    init(folder: String, limit: Int64, thread: FileThread, line: FileLine) {
        self.folder = folder
        self.limit = limit
        self.thread = thread
        self.line = line
        var found: [(digest: [UInt8], size: Int64, used: Int64)] = []
        for name in Disk.names(in: folder) {
            var status = stat()
            if let digest = Hex.decode(name), digest.count == 32, lstat(folder + "/" + name, &status) == 0 {
                found.append((digest, Int64(status.st_size), Int64(status.st_mtim.tv_sec)))
            } else {
                // A fetch that was cut short.
                Disk.remove(folder + "/" + name)
            }
        }
        for file in found.sorted(by: { $0.used < $1.used }) {
            kept.append((file.digest, file.size))
            size += file.size
        }
    }

    /// How many wait for a content.
    var waitingCount: Int { fetches.values.reduce(0) { $0 + $1.waiting.count } }

    /// Lays copies of a call's files into a folder; what is not here is fetched first.
    ///
    /// - Throws: `scheduler.task.cancelled` when the task is withdrawn meanwhile.
    func lay(
        _ files: [FileRef], in folder: String, for key: AttemptKey, until deadline: ContinuousClock.Instant
    ) async throws(ElvesError) {
        calls[key] = false
        defer { calls[key] = nil }
        for file in files {
            try await lay(file, at: folder + "/" + file.name, for: key, until: deadline)
            if calls[key] == true { throw .withdrawn }
        }
    }

    /// Ends the waiting of a task's attempts; a fetch that nobody waits for any more is stopped.
    func withdraw(taskId: Int64) {
        for key in calls.keys where key.taskId == taskId { calls[key] = true }
        for (digest, var fetch) in fetches {
            let leaving = fetch.waiting.keys.filter { $0.taskId == taskId }
            for key in leaving { fetch.waiting.removeValue(forKey: key)?.resume(returning: .failure(.withdrawn)) }
            if fetch.waiting.isEmpty {
                fetch.task.cancel()
                fetches[digest] = nil
            } else {
                fetches[digest] = fetch
            }
        }
    }

    private func lay(_ file: FileRef, at path: String, for key: AttemptKey, until deadline: ContinuousClock.Instant)
        async throws(ElvesError)
    {
        // Twice: what lies here may have gone bad, and what another task asked for may have failed for its own reasons.
        for isLast in [false, true] {
            if !kept.contains(where: { $0.digest == file.digest }) {
                let isJoined = fetches[file.digest] != nil
                do throws(ElvesError) { try await self.fetch(file, for: key, until: deadline) } catch {
                    guard isJoined, !isLast, calls[key] != true else { throw error }
                    continue
                }
            }
            let source = place(of: file.digest)
            let isWhole = try await thread.run { () throws(ElvesError) in
                try Self.copy(source, to: path, file)
            }
            if isWhole { return use(file.digest) }
            forget(file.digest)
        }
        throw ElvesError(
            .agentFileDigest, "\(FileNames.quoted(file.name)) did not arrive as it was announced",
            details: ["file": file.name])
    }

    private func place(of digest: [UInt8]) -> String { folder + "/" + Hex.encode(digest) }

    /// Fetches a content that is not here; whoever else wants it meanwhile waits for the same fetch.
    private func fetch(
        _ file: FileRef, for key: AttemptKey, until deadline: ContinuousClock.Instant
    ) async throws(ElvesError) {
        try await withCheckedContinuation { place in
            var fetch = fetches[file.digest] ?? begin(file, for: key, until: deadline)
            fetch.waiting[key] = place
            fetches[file.digest] = fetch
        }.get()
    }

    private func begin(_ file: FileRef, for key: AttemptKey, until deadline: ContinuousClock.Instant) -> Fetch {
        fetchCount += 1
        let number = fetchCount
        let task = Task {
            var outcome = Outcome.success(())
            do {
                try await download(file, number, for: key, until: deadline)
            } catch {
                outcome = .failure(Self.missing(file, error))
            }
            end(file.digest, number, outcome)
        }
        return Fetch(number: number, task: task)
    }

    private func end(_ digest: [UInt8], _ number: Int, _ outcome: Outcome) {
        // One that was stopped is no longer there; another may be.
        guard let fetch = fetches[digest], fetch.number == number else { return }
        fetches[digest] = nil
        for place in fetch.waiting.values { place.resume(returning: outcome) }
    }

    /// `number` keeps the parts of a fetch that was stopped apart from those of the next.
    private func download(
        _ file: FileRef, _ number: Int, for key: AttemptKey, until deadline: ContinuousClock.Instant
    ) async throws {
        try Disk.makeFolders(folder)
        chmod(folder, 0o700)
        let part = place(of: file.digest) + ".\(number).part"
        let open = try OpenFile(part, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        do {
            try await line.fetch(file, for: key, until: deadline) { [thread] bytes, offset in
                try await thread.run { () throws(ElvesError) in try open.write(bytes, at: offset) }
            }
            try Task.checkCancellation()
            try Disk.move(part, to: place(of: file.digest))
            keep(file)
        } catch {
            Disk.remove(part)
            throw error
        }
    }

    private func keep(_ file: FileRef) {
        kept.append((file.digest, file.size))
        size += file.size
        while size > limit, kept.count > 1, let oldest = kept.first { forget(oldest.digest) }
    }

    private func forget(_ digest: [UInt8]) {
        guard let index = kept.firstIndex(where: { $0.digest == digest }) else { return }
        size -= kept.remove(at: index).size
        Disk.remove(place(of: digest))
    }

    private func use(_ digest: [UInt8]) {
        guard let index = kept.firstIndex(where: { $0.digest == digest }) else { return }
        kept.append(kept.remove(at: index))
        // The next life of this process reads from it which was used last.
        utimensat(AT_FDCWD, place(of: digest), nil, AT_SYMLINK_NOFOLLOW)
    }

    /// Copies while it checks; false when the content is another, or gone.
    private static func copy(_ source: String, to path: String, _ file: FileRef) throws(ElvesError) -> Bool {
        guard Disk.exists(source) else { return false }
        let from = try OpenFile(source, O_RDONLY)
        unlink(path)
        let to = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        var hash = SHA256()
        var size: Int64 = 0
        while true {
            let piece = try from.read(limit: 1)
            if piece.isEmpty { break }
            hash.update(piece)
            size += Int64(piece.count)
            try to.write(piece)
        }
        guard size == file.size, hash.digest() == file.digest else {
            unlink(path)
            return false
        }
        try to.setMode(mode_t(file.mode ?? 0o644))
        return true
    }

    private static func missing(_ file: FileRef, _ error: any Error) -> ElvesError {
        if let known = error as? ElvesError { return known }
        return ElvesError(
            .agentFilesMissing, "\(FileNames.quoted(file.name)) did not come: \(CenterTrouble.text(error))",
            details: ["file": file.name], cause: error)
    }
}
