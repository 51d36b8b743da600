internal import ElvesContracts
internal import ElvesCore
internal import Runner
internal import Thrift

/// Files between the agent and the center, in pieces, whatever the connection does meanwhile.
struct FileLine: Sendable {
    /// Bytes of a piece.
    static let pieceLength: Int64 = 256 << 10
    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(2)
    private static let answerPatience = Duration.seconds(20)

    private let center: TaskReportServiceClient
    private let gate = PieceGate(4)

    init(_ center: any ThriftCaller) { self.center = TaskReportServiceClient(center) }

    /// Fetches a file, a few pieces at a time, each given to `write` with its place.
    func fetch(
        _ file: FileRef, for key: AttemptKey, until deadline: ContinuousClock.Instant,
        write: @escaping @Sendable (_ bytes: [UInt8], _ offset: Int64) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var underWay = 0
            for offset in stride(from: 0, to: file.size, by: Int(Self.pieceLength)) {
                if underWay >= 4 { try await group.next() }
                underWay += 1
                let end = min(offset + Self.pieceLength, file.size)
                group.addTask { try await self.fetch(file, offset..<end, for: key, until: deadline, write: write) }
            }
            try await group.waitForAll()
        }
    }

    private func fetch(
        _ file: FileRef, _ range: Range<Int64>, for key: AttemptKey, until deadline: ContinuousClock.Instant,
        write: @Sendable (_ bytes: [UInt8], _ offset: Int64) async throws -> Void
    ) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let left = range.upperBound - offset
            let bytes = try await gate.pass {
                // It may have been stopped while it waited for its turn.
                try Task.checkCancellation()
                let bytes = try await patiently(until: deadline) { options in
                    try await center.fetchBlob(
                        attempt: Self.name(key), digest: file.digest, offset: offset, length: Int32(left),
                        options: options)
                }
                guard !bytes.isEmpty, bytes.count <= left else {
                    throw ElvesError(
                        .agentFileDigest,
                        "\(FileNames.quoted(file.name)) has \(file.size) bytes; \(bytes.count) came for \(offset)"
                    )
                }
                try await write(bytes, offset)
                return bytes
            }
            offset += Int64(bytes.count)
        }
    }

    /// Sends a file; goes on where the center says.
    func put(
        _ file: FileRef, of key: AttemptKey, until deadline: ContinuousClock.Instant,
        read: @escaping @Sendable (_ offset: Int64, _ length: Int) async throws -> [UInt8]
    ) async throws {
        var offset: Int64 = 0
        var wait = Self.firstPause
        while true {
            let start = offset
            offset = try await gate.pass {
                let bytes = try await read(start, Int(min(Self.pieceLength, file.size - start)))
                return try await patiently(until: deadline) { options in
                    try await center.putBlob(
                        attempt: Self.name(key), file: file, offset: start, bytes: bytes, options: options)
                }
            }
            if offset == file.size { return }
            guard offset >= 0, offset < file.size else {
                throw ElvesError(
                    .agentFilesReturned,
                    "the center has \(offset) bytes of \(FileNames.quoted(file.name)), which has \(file.size)")
            }
            if offset > start {
                wait = Self.firstPause
            } else {
                // It did not take the piece, or has lost what it had.
                guard ContinuousClock.now + wait < deadline else { throw ThriftError(.deadlineExceeded, "no progress") }
                try await Task.sleep(for: wait)
                wait = min(wait * 2, Self.longestPause)
            }
        }
    }

    /// Calls, and calls again as long as another try may help and there is time.
    private func patiently<Value>(
        until deadline: ContinuousClock.Instant, _ call: (CallOptions) async throws -> Value
    ) async throws -> Value {
        var wait = Self.firstPause
        while true {
            let left = deadline - .now
            do {
                return try await call(CallOptions(timeout: max(.milliseconds(1), min(left, Self.answerPatience))))
            } catch {
                let left = deadline - .now
                guard CenterTrouble.isPassing(error), left > .zero else { throw error }
                try await Task.sleep(for: min(wait, left))
                wait = min(wait * 2, Self.longestPause)
            }
        }
    }

    /// What the center calls an attempt.
    private static func name(_ key: AttemptKey) -> AttemptRef { AttemptRef(taskId: key.taskId, attempt: key.attempt) }
}
