internal import ElvesContracts
internal import Foundation
internal import Logging
internal import NIOPosix
internal import ServiceCore
internal import ServiceKit
internal import Synchronization
internal import Thrift
internal import ThriftNIO

/// Our Thrift server against libthrift's under the same raw load, and our client against our server.
struct ThriftBench: Sendable {
    private let duration: Duration
    private let root: String
    private static let rounds = 5

    /// Creates the benchmark.
    ///
    /// - Parameters:
    ///   - duration: how long each measurement runs.
    ///   - root: the project's folder, for the peer's source.
    init(duration: Duration, root: String) {
        self.duration = duration
        self.root = root
    }

    /// Calls a second: over many connections with one call each, over one with many in flight.
    private struct Rates {
        var wide = 0.0
        var deep = 0.0

        mutating func keepBest(_ other: Rates) {
            wide = max(wide, other.wide)
            deep = max(deep, other.deep)
        }
    }

    /// Runs everything; answers with the figures. Servers take turns, and the best of each counts.
    func run() async throws -> [Figure] {
        let program = try LibthriftPeer.build(into: NSTemporaryDirectory() + "elves-bench-peer", root: root)
        let call = try await Self.preparedCall()
        var theirs = Rates()
        var ours = Rates()
        for _ in 0..<Self.rounds {
            for (kind, threads) in [("nonblocking", 1), ("nonblocking", 2), ("threaded", 1)] {
                let peer = try await LibthriftPeer(program: program, kind: kind, threads: threads)
                defer { peer.stop() }
                theirs.keepBest(try await load("libthrift \(kind) \(threads)", peer.address, call))
            }
            // In its own process, as libthrift's are.
            let server = try ChildProcess.own(["thrift-server"])
            defer { server.stop() }
            ours.keepBest(try await load("ours", try await server.port(), call))
        }
        let client = try await measureClient()
        return [
            Figure(
                "thrift, 64 connections", ours.wide, "calls/s", beside: theirs.wide, of: "libthrift's best", target: 1.1
            ),
            Figure(
                "thrift, one connection, 64 in flight", ours.deep, "calls/s", beside: theirs.deep,
                of: "libthrift's best", target: 2),
            Figure("our client on one connection", client, "calls/s", beside: 100_000, of: "wanted", target: 1),
        ]
    }

    private func load(_ name: String, _ address: ThriftAddress, _ call: [UInt8]) async throws -> Rates {
        let wide = try await RawLoad(address: address, connections: 64, depth: 1).run(call, for: duration)
        let deep = try await RawLoad(address: address, connections: 1, depth: 64).run(call, for: duration)
        for (what, outcome) in [("64 connections", wide), ("64 in flight on one", deep)] {
            let percentiles = String(format: "p50 %.2f ms, p99 %.2f ms", outcome.percentile(50), outcome.percentile(99))
            print("  \(name), \(what): \(Int(outcome.rate))/s, \(percentiles)")
            if outcome.failures > 0 { print("  \(outcome.failures) answers were no results") }
        }
        return Rates(wide: wide.rate, deep: deep.rate)
    }

    /// The call that every server answers.
    static func preparedCall() async throws -> [UInt8] { try await PreparedCall.bytes(of: task) }

    /// Calls a second of our client's callers, as components run them: on the connection's loop.
    func measureClient() async throws -> Double {
        let server = try ChildProcess.own(["thrift-server"])
        defer { server.stop() }
        var options = ConnectionOptions()
        options.requiresHello = false
        let connection = try await ThriftDialer(
            try await server.port(), security: .plaintext(peer: .local), options: options, group: .singleton
        ).dial()
        defer { connection.close() }
        let client = AgentServiceClient(connection)
        var best = 0.0
        for _ in 0..<Self.rounds {
            let recorder = Recorder()
            let rate = await withTaskExecutorPreference(connection.executor) {
                await ClosedLoop.run(callers: 64, for: duration, recorder: recorder) { _, _ in
                    let result = try await client.run(task: Self.task)
                    guard result.taskId == Self.task.taskId else { throw ThriftError(.invalidData, "a wrong answer") }
                }
            }
            for (kind, count) in recorder.failures { print("  \(count) × \(kind)") }
            best = max(best, rate)
        }
        return best
    }

    private static let task = RunTask(
        taskId: 1 << 60, attempt: 1, app: "hello", func: "greet", param: String(repeating: "x", count: 200),
        timeoutMs: 90_000)
}

/// Catches the bytes of a call instead of sending them.
private final class PreparedCall: ThriftCaller {
    private let message = Mutex<[UInt8]>([])

    static func bytes(of task: RunTask) async throws -> [UInt8] {
        let caller = PreparedCall()
        _ = try? await AgentServiceClient(caller).run(task: task)
        return caller.message.withLock { $0 }
    }

    func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        var writer = ThriftWriter(.binary)
        writer.writeCall(method, sequence: 0, header: options.header(timeout: .seconds(30)), arguments: arguments)
        message.withLock { $0 = Array(writer.bytes().dropFirst(4)) }
        throw ThriftError(.cancelled, "not sent")
    }
}

/// Our server with limits and interceptors on, as components run it.
enum ThriftBenchServer {
    /// Serves until standard input ends.
    static func run() async throws {
        var options = ConnectionOptions()
        options.requiresHello = false
        let server = ThriftServer(
            [AgentServiceProcessor(Echo())],
            interceptors: [CallMetrics(MetricsRegistry()), CallLog(Logger(label: "bench"))],
            security: .plaintext(peer: PeerIdentity(role: "scheduler", instance: "bench")), options: options,
            group: MultiThreadedEventLoopGroup(numberOfThreads: Component.usualThreads))
        if case .tcp(_, let port) = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0)) {
            StandardInput.answer("\(port)")
        }
        await StandardInput.ended()
    }

    struct Echo: AgentServiceHandler {
        func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult { TaskResult() }
        func attempts(attempts: [AttemptRef], context: CallContext) async throws -> [AttemptWord] { [] }
        func recorded(attempts: [AttemptRef], context: CallContext) async throws {}
        func follow(taskId: Int64, context: CallContext) async throws {}
        func run(task: RunTask, context: CallContext) async throws -> TaskResult {
            TaskResult(
                taskId: task.taskId, attempt: task.attempt, state: .succeeded, flag: 1, message: task.param ?? "",
                costMs: 3)
        }

        func kill(taskId: Int64, reason: String, context: CallContext) async throws {}
        func refresh(generation: Int64, context: CallContext) async throws {}
    }
}
