import Synchronization

/// Parts of package files in memory, least recently used out first; each part is fetched once, however many
/// agents ask for it at the same time.
final class FileCache: Sendable {
    /// Bytes of a part; also the most that one call answers.
    static let partBytes: Int64 = 256 << 10

    fileprivate struct Key: Hashable {
        let digest: [UInt8]
        let part: Int64
    }

    fileprivate struct Part {
        let bytes: [UInt8]
        var usedAt: UInt64
    }

    fileprivate struct State {
        var parts: [Key: Part] = [:]
        var loading: [Key: [CheckedContinuation<[UInt8]?, any Error>]] = [:]
        var bytes = 0
        var clock: UInt64 = 0
    }

    private let source: any FileSource
    private let capacity: Int
    private let state = Mutex(State())

    /// `capacity`: bytes kept, at most.
    init(_ source: any FileSource, capacity: Int) {
        self.source = source
        self.capacity = capacity
    }

    /// Bytes kept now.
    var bytes: Int { state.withLock { $0.bytes } }

    /// Bytes from `offset`, which is within the file; fewer than `length` only at its end.
    func read(_ file: PackageFile, offset: Int64, length: Int) async throws -> [UInt8] {
        let end = min(file.size, offset + Int64(length))
        var answer: [UInt8] = []
        var place = offset
        while place < end {
            let part = place / Self.partBytes
            let bytes = try await self.part(Key(digest: file.digest, part: part))
            let from = Int(place - part * Self.partBytes)
            let to = min(bytes.count, Int(end - part * Self.partBytes))
            guard from < to else { break }
            answer += bytes[from..<to]
            place += Int64(to - from)
        }
        return answer
    }

    private func part(_ key: Key) async throws -> [UInt8] {
        if let bytes = state.withLock({ $0.use(key) }) { return bytes }
        guard state.withLock({ $0.beginLoading(key) }) else { return try await another(key) }
        // A task of its own: others wait for the part too, so one agent's leaving must not end the fetch.
        let fetch = Task { [source] in
            try await source.read(key.digest, offset: key.part * Self.partBytes, length: Int(Self.partBytes))
        }
        let result = await fetch.result
        let waiting = state.withLock { state in
            if case .success(let bytes) = result { state.keep(key, bytes, capacity: capacity) }
            return state.loading.removeValue(forKey: key) ?? []
        }
        for continuation in waiting { continuation.resume(with: result.map { $0 }) }
        return try result.get()
    }

    /// Waits for the part that another call fetches, and shares its fate.
    private func another(_ key: Key) async throws -> [UInt8] {
        let bytes: [UInt8]? = try await withCheckedThrowingContinuation { continuation in
            let bytes = state.withLock { state -> [UInt8]?? in
                guard state.loading[key] != nil else { return .some(state.use(key)) }
                state.loading[key]?.append(continuation)
                return .none
            }
            if let bytes { continuation.resume(returning: bytes) }
        }
        if let bytes { return bytes }
        return try await part(key)
    }
}

extension FileCache.State {
    fileprivate mutating func use(_ key: FileCache.Key) -> [UInt8]? {
        clock += 1
        parts[key]?.usedAt = clock
        return parts[key]?.bytes
    }

    /// Whether the caller is the one to fetch the part.
    fileprivate mutating func beginLoading(_ key: FileCache.Key) -> Bool {
        guard loading[key] == nil else { return false }
        loading[key] = []
        return true
    }

    fileprivate mutating func keep(_ key: FileCache.Key, _ new: [UInt8], capacity: Int) {
        guard new.count <= capacity else { return }
        clock += 1
        bytes += new.count - (parts[key]?.bytes.count ?? 0)
        parts[key] = FileCache.Part(bytes: new, usedAt: clock)
        while bytes > capacity, let oldest = parts.min(by: { $0.value.usedAt < $1.value.usedAt })?.key {
            bytes -= parts.removeValue(forKey: oldest)?.bytes.count ?? 0
        }
    }
}
