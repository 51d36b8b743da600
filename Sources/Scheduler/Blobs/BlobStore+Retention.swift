import AgentLinks
import ElvesCore
import Logging
import Synchronization

/// What goes: files whose time is over, and the ones that were not used for longest when there is no room.
extension BlobStore {
    /// Removes what is old or abandoned, and notes on disk what was used. Called now and then.
    ///
    /// - Parameter keeping: files that tasks in flight name.
    func maintain(keeping: @escaping @Sendable () -> Set<BlobDigest>) async {
        let idleSince = time.micros() - options.uploadIdleMs * 1_000
        let idle = state.withLock { state in state.uploads.filter { $0.value.lastUsed < idleSince }.keys }
        for name in idle { abort(name) }
        dropReturning { _, files in files.used < idleSince }
        try? await queue(folder).run { () throws(ElvesError) in
            self.noteUses()
            try self.drop { shelf, nowMs in shelf.surplus(self.options, nowMs: nowMs, keeping: keeping()) }
        }
    }

    /// Lets files go until there is room for one more; throws when there is none.
    func makeRoom(for bytes: Int64, keeping: @Sendable () -> Set<BlobDigest>) async throws(ElvesError) {
        let isFull = state.withLock { $0.isFull(options, bytes) }
        guard isFull else { return }
        let kept = keeping()
        let hasRoom = try await queue(folder).run { () throws(ElvesError) in
            let held = self.state.withLock { $0.reserved }
            try self.drop { shelf, nowMs in
                shelf.surplus(self.options, nowMs: nowMs, bytes: bytes + held, files: 1, keeping: kept)
            }
            return self.state.withLock { !$0.isFull(self.options, bytes) }
        }
        guard hasRoom else {
            throw Self.full("the files take \(options.bytes) bytes, or are \(options.count), and all are in use")
        }
    }

    private func drop(_ choose: (BlobShelf, Int64) -> [BlobDigest]) throws(ElvesError) {
        let nowMs = time.wallMs()
        try named { () throws(ElvesError) in
            let gone = state.withLock { state in
                let gone = choose(state.shelf, nowMs).map { ($0, state.shelf[$0]?.isReturned == true) }
                for (digest, _) in gone { state.shelf.remove(digest) }
                return gone
            }
            for (digest, isReturned) in gone { try DataFolder.remove(path(digest, isReturned: isReturned)) }
        }
    }

    /// Lets the disk know when files were used: not at each use.
    private func noteUses() {
        let used = state.withLock { state in
            state.shelf.entries.filter { $0.value.usedAtMs - $0.value.notedAtMs > Self.notedEveryMs }
        }
        for (digest, entry) in used {
            DataFolder.setChanged(path(digest, isReturned: entry.isReturned), atMs: entry.usedAtMs)
            state.withLock { $0.shelf.noted(digest, atMs: entry.usedAtMs) }
        }
    }

    private static let notedEveryMs: Int64 = 3_600_000
}

extension BlobStore.State {
    fileprivate func isFull(_ options: BlobOptions, _ bytes: Int64) -> Bool {
        shelf.bytes + reserved + bytes > options.bytes || shelf.entries.count + 1 > options.count
    }
}
