import AgentLinks
import ElvesCore
import Logging

@testable import Scheduler

/// What a played worker wrote, and its agent's way of sending it.
struct WorkerOutput: Sendable {
    struct Frame: Sendable {
        let stream: WorkerStream
        let bytes: [UInt8]
    }

    var frames: [Frame]

    /// Both outputs as they were written.
    var runs: [OutputRun] {
        frames.reduce(into: []) { $0.add(OutputRun(stream: $1.stream, bytes: $1.bytes)) }
    }

    var total: Int64 { frames.reduce(0) { $0 + Int64($1.bytes.count) } }

    func written(_ stream: WorkerStream) -> Int64 {
        frames.reduce(0) { $0 + ($1.stream == stream ? Int64($1.bytes.count) : 0) }
    }

    init(_ frames: [Frame]) { self.frames = frames }

    init(_ text: String, _ stream: WorkerStream = .stdout) { frames = [Frame(stream: stream, bytes: Array(text.utf8))] }

    /// Frames of random streams and lengths.
    init(frames count: Int, longest: Int, using random: inout SeededRandom) {
        frames = (0..<count).map { _ in
            Frame(
                stream: Bool.random(using: &random) ? .stdout : .stderr,
                bytes: random.bytes(Int.random(in: 1...longest, using: &random)))
        }
    }

    /// The piece from an offset on, of at most `limit` bytes of one stream; nil at the end.
    func piece(at offset: Int64, limit: Int) -> OutputPiece? {
        var start: Int64 = 0
        for frame in frames {
            let end = start + Int64(frame.bytes.count)
            if offset < end {
                let skipped = Int(offset - start)
                return OutputPiece(
                    offset: offset, stream: frame.stream, bytes: Array(frame.bytes[skipped...].prefix(limit)))
            }
            start = end
        }
        return nil
    }

    /// Sends all of it, in order, and the end.
    func send(_ key: AttemptName, from agent: ElvesID, to store: OutputStore, limit: Int = 1_000) async throws {
        var offset: Int64 = 0
        while let piece = piece(at: offset, limit: limit) {
            offset = try await store.take(piece, of: key, from: agent).wanted
        }
        _ = try await store.take(OutputPiece(offset: offset, isLast: true), of: key, from: agent)
    }
}

extension AttemptName {
    static func test(_ task: Int64, attempt: Int32 = 1) -> AttemptName {
        AttemptName(task: .test(task), number: attempt)
    }
}

extension OutputStore {
    static func test(
        _ scratch: Scratch, time: Timekeeper = .system, _ configure: (inout OutputOptions) -> Void = { _ in }
    ) throws -> OutputStore {
        var options = OutputOptions()
        configure(&options)
        return try OutputStore(folder: scratch.folder, options: options, time: time, logger: .silent)
    }

    /// All that is kept of an attempt, in runs.
    func everything(_ key: AttemptName, limit: Int = 1 << 20) async throws -> [OutputRun] {
        var runs: [OutputRun] = []
        var end: Int64 = 0
        while true {
            let reading = try await read(key, from: end, limit: limit)
            if reading.runs.isEmpty { return runs }
            for run in reading.runs { runs.add(run) }
            end = reading.end
        }
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
