import ElvesCore

/// Which files there are, with their sizes and last uses.
struct BlobShelf: Sendable {
    struct Entry: Sendable, Hashable {
        var size: Int64
        /// UTC milliseconds.
        var usedAtMs: Int64
        /// Whether a worker returned it.
        var isReturned: Bool
        /// `usedAtMs` as the disk knows it.
        var notedAtMs: Int64
    }

    private(set) var entries: [BlobDigest: Entry] = [:]
    /// Of all files.
    private(set) var bytes: Int64 = 0

    subscript(digest: BlobDigest) -> Entry? { entries[digest] }

    mutating func add(_ digest: BlobDigest, _ entry: Entry) {
        bytes += entry.size - (entries[digest]?.size ?? 0)
        entries[digest] = entry
    }

    mutating func remove(_ digest: BlobDigest) {
        bytes -= entries.removeValue(forKey: digest)?.size ?? 0
    }

    mutating func use(_ digest: BlobDigest, atMs: Int64) {
        guard var entry = entries[digest] else { return }
        entry.usedAtMs = max(entry.usedAtMs, atMs)
        entries[digest] = entry
    }

    mutating func noted(_ digest: BlobDigest, atMs: Int64) { entries[digest]?.notedAtMs = atMs }

    mutating func becameReturned(_ digest: BlobDigest) { entries[digest]?.isReturned = true }

    /// Files whose time is over, and of the others the ones that were not used for longest, until there is room for
    /// `bytes` and `files` more.
    func surplus(
        _ options: BlobOptions, nowMs: Int64, bytes needed: Int64 = 0, files: Int = 0, keeping: Set<BlobDigest>
    ) -> [BlobDigest] {
        var gone: [BlobDigest] = []
        var bytesLeft = bytes
        let overBytes = { (left: Int64) in left + needed > options.bytes }
        let overCount = { (count: Int) in entries.count - count + files > options.count }
        let isFull = overBytes(bytes) || overCount(0)
        let old = entries.filter { digest, entry in
            let age = nowMs - entry.usedAtMs
            let life = entry.isReturned ? max(options.keepMs, options.keepReturnedMs) : options.keepMs
            return age > options.graceMs && (isFull || age > life) && !keeping.contains(digest)
        }
        for (digest, entry) in old.sorted(by: { $0.value.usedAtMs < $1.value.usedAtMs }) {
            let life = entry.isReturned ? max(options.keepMs, options.keepReturnedMs) : options.keepMs
            guard nowMs - entry.usedAtMs > life || overBytes(bytesLeft) || overCount(gone.count) else { continue }
            gone.append(digest)
            bytesLeft -= entry.size
        }
        return gone
    }
}
