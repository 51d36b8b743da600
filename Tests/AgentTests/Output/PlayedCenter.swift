import ElvesContracts
import ElvesCore
import Glibc
import Logging
import Runner
import Synchronization
import TestSupport
import Thrift
import ThriftInProcess

@testable import Agent

/// Repeatable chance; the seed is the test's argument, so a failure prints it.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed = (mixed ^ (mixed >> 31)) &* 0x7FB5_D329_728E_A185
        mixed = (mixed ^ (mixed >> 27)) &* 0x81DA_DEF4_BC2D_D44D
        return mixed ^ (mixed >> 33)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// A scheduler's side of output and files, kept in memory, that checks what the contract says of each call.
final class PlayedCenter: TaskReportServiceHandler {
    /// What has arrived of an attempt.
    struct Arrived: Sendable {
        var bytes: [OutputStream: [UInt8]] = [:]
        var dropped: [OutputStream: Int64] = [:]
        var end: Int64 = 0
        var isDone = false
        var chunks = 0
        var longest = 0
        /// Chunks whose own bytes are no whole characters.
        var torn = 0
        /// The most that came without an answer.
        var underWay: Int64 = 0
        var mostUnderWay: Int64 = 0
    }

    struct State: Sendable {
        var output: [AttemptKey: Arrived] = [:]
        var credit: Int64 = 256 << 10
        var quota = Int64.max
        var refusal: Fault?
        var underWay: Int64 = 0
        var mostUnderWay: Int64 = 0
        var calls = 0
        var blobs: [[UInt8]: [UInt8]] = [:]
        var fetches = 0
        /// Fetches that were not answered yet.
        var openFetches = 0
        var uploads: [String: [UInt8]] = [:]
        var puts = 0
        /// Bytes of an upload that are forgotten, once.
        var forgets = false
    }

    let state = Mutex(State())
    /// Holds the answers to output.
    let outputGate = Gate()
    /// Holds the answers to fetches.
    let fetchGate = Gate()

    subscript(key: AttemptKey) -> Arrived { state.withLock { $0.output[key] ?? Arrived() } }

    func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit {
        let key = AttemptKey(taskId: chunk.taskId, attempt: chunk.attempt)
        let size = Int64(chunk.part.bytes.count)
        try state.withLock { state in
            state.calls += 1
            if let refusal = state.refusal { throw refusal }
            state.underWay += size
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            state.output[key, default: Arrived()].underWay += size
            let own = state.output[key, default: Arrived()]
            state.output[key]?.mostUnderWay = max(own.mostUnderWay, own.underWay)
        }
        try await outputGate.pass()
        return state.withLock { state in
            state.underWay -= size
            var arrived = state.output[key] ?? Arrived()
            arrived.underWay -= size
            arrived.chunks += 1
            arrived.longest = max(arrived.longest, chunk.part.bytes.count)
            let isFull = arrived.end >= state.quota
            if chunk.offset == arrived.end, !isFull, !arrived.isDone {
                if String(validating: chunk.part.bytes, as: UTF8.self) == nil { arrived.torn += 1 }
                arrived.bytes[chunk.part.stream, default: []] += chunk.part.bytes
                arrived.end += size
            }
            if chunk.part.dropped > 0, chunk.offset == arrived.end {
                arrived.dropped[chunk.part.stream] = chunk.part.dropped
            }
            if chunk.last, chunk.offset == arrived.end { arrived.isDone = true }
            state.output[key] = arrived
            return OutputCredit(
                wanted: arrived.end,
                credit: arrived.end >= state.quota ? 0 : min(state.credit, state.quota - arrived.end))
        }
    }

    func fetchBlob(
        attempt: AttemptRef, digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        state.withLock { state in
            state.fetches += 1
            state.openFetches += 1
        }
        defer { state.withLock { $0.openFetches -= 1 } }
        try await fetchGate.pass()
        return try state.withLock { state in
            guard let blob = state.blobs[digest], length <= 256 << 10 else {
                throw Fault(code: "scheduler.blob.unknown", message: "no such file", retryable: false)
            }
            return Array(blob.dropFirst(Int(offset)).prefix(Int(length)))
        }
    }

    func putBlob(
        attempt: AttemptRef, file: FileRef, offset: Int64, bytes: [UInt8], context: CallContext
    ) async throws -> Int64 {
        try state.withLock { state in
            state.puts += 1
            if let refusal = state.refusal { throw refusal }
            var upload = state.uploads[file.name] ?? []
            if state.forgets, upload.count > 300_000 {
                state.forgets = false
                upload.removeLast(100_000)
            } else if offset == upload.count, bytes.count <= 256 << 10 {
                upload += bytes
            }
            state.uploads[file.name] = upload
            return Int64(upload.count)
        }
    }

    func report(results: [TaskResult], context: CallContext) async throws -> [AttemptRef] { [] }
    func started(attempts: [AttemptRef], context: CallContext) async throws {}

    /// A way to it that never fails.
    var caller: InProcessCaller {
        InProcessCaller(
            ThriftRouter([TaskReportServiceProcessor(self)]),
            as: PeerIdentity(role: "agent", instance: "0000000000000001", ip: "127.0.0.1"))
    }
}

/// A connection that loses calls and answers, repeats calls, holds them up, and is gone for a while.
final class ShakyCaller: ThriftCaller {
    private enum Luck {
        case lost, answerLost, twice, late(Int), good
    }

    private let inner: any ThriftCaller
    private let state: Mutex<(dice: Dice, down: Int)>

    init(_ inner: any ThriftCaller, seed: UInt64) {
        self.inner = inner
        state = Mutex((Dice(seed), 0))
    }

    func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        let luck = state.withLock { state -> Luck in
            if state.down > 0 {
                state.down -= 1
                return .lost
            }
            switch state.dice.below(100) {
            case 0: state.down = 3
            case 1: return .lost
            case 2, 3: return .answerLost
            case 4...8: return .twice
            case 9...40: return .late(state.dice.below(5))
            default: return .good
            }
            return .lost
        }
        let gone = ThriftError(.connectionLost, "the connection ended")
        switch luck {
        case .lost: throw gone
        case .answerLost:
            _ = try await inner.call(method, options: options, arguments: arguments)
            throw gone
        case .twice: _ = try await inner.call(method, options: options, arguments: arguments)
        case .late(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
        case .good: break
        }
        return try await inner.call(method, options: options, arguments: arguments)
    }
}

/// A connection whose calls end with the tasks that make them, as when an agent stops.
struct StoppingCaller: ThriftCaller {
    func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        throw CancellationError()
    }
}

/// What a runner would write of a worker's outputs.
struct PlayedCopy {
    let key: AttemptKey
    let path: String
    private(set) var written: [OutputStream: [UInt8]] = [.stdout: [], .stderr: []]
    private(set) var file: [UInt8] = []

    init(_ folder: Folder, _ key: AttemptKey = AttemptKey(taskId: freshTask())) throws {
        self.key = key
        path = folder.path + "/run/output/" + key.marker + ".out"
        try Disk.makeFolders(folder.path + "/run/output")
    }

    var counts: OutputCounts {
        OutputCounts(stdout: Int64(written[.stdout]?.count ?? 0), stderr: Int64(written[.stderr]?.count ?? 0))
    }

    /// Bytes of a frame.
    static func frame(_ stream: OutputStream, _ bytes: [UInt8]) -> [UInt8] {
        let length = UInt32(bytes.count)
        return [UInt8(stream.rawValue)] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + bytes
    }

    mutating func write(_ stream: OutputStream, _ bytes: [UInt8]) throws {
        written[stream]? += bytes
        let frame = Self.frame(stream, bytes)
        file += frame
        try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600).append(frame)
    }

    mutating func write(_ stream: OutputStream, _ text: String) throws { try write(stream, Array(text.utf8)) }
}

extension OutputFeeder {
    convenience init(
        _ folder: Folder, open: [AttemptKey] = [], center: any ThriftCaller, stored: Int64 = 256 << 20
    ) {
        self.init(
            folder.agent, open: open, center: center, stored: stored,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs while the body does.
    func running<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run() }
            let value = try await body()
            group.cancelAll()
            return value
        }
    }
}
