internal import ElvesContracts
internal import Foundation
internal import NIOPosix
internal import ServiceKit
internal import Thrift
internal import ThriftNIO

/// Our Thrift server against libthrift's, under the same load from the same client.
struct ThriftBench: Sendable {
    private let duration: Duration
    private let root: String

    /// Creates the benchmark.
    ///
    /// - Parameters:
    ///   - duration: how long each measurement runs.
    ///   - root: the project's folder, for the peer's source.
    init(duration: Duration, root: String) {
        self.duration = duration
        self.root = root
    }

    /// Runs everything; answers with the figures.
    func run() async throws -> [Figure] {
        let program = try LibthriftPeer.build(into: NSTemporaryDirectory() + "elves-bench-peer", root: root)
        var best = (wide: 0.0, deep: 0.0)
        for (kind, threads) in [("nonblocking", 1), ("nonblocking", 2), ("threaded", 1)] {
            let peer = try await LibthriftPeer(program: program, kind: kind, threads: threads)
            defer { peer.stop() }
            let wide = try await load(peer.address, connections: 64, depth: 1)
            let deep = try await load(peer.address, connections: 1, depth: 64)
            print("libthrift \(kind) \(threads): 64 connections \(Int(wide))/s, one with 64 in flight \(Int(deep))/s")
            best = (max(best.wide, wide), max(best.deep, deep))
        }
        // Our server in its own process, as libthrift's is.
        let server = try ChildProcess.own(["thrift-server"])
        defer { server.stop() }
        let address = try await server.port()
        let wide = try await load(address, connections: 64, depth: 1)
        let deep = try await load(address, connections: 1, depth: 64)
        return [
            Figure("thrift, 64 connections", wide, "calls/s", beside: best.wide, of: "libthrift's best", target: 1.1),
            Figure(
                "thrift, one connection, 64 in flight", deep, "calls/s", beside: best.deep, of: "libthrift's best",
                target: 2),
            Figure("our client on one connection", deep, "calls/s", beside: 100_000, of: "wanted", target: 1),
        ]
    }

    private func load(_ address: ThriftAddress, connections: Int, depth: Int) async throws -> Double {
        var options = ConnectionOptions()
        options.requiresHello = false
        let dialer = ThriftDialer(address, security: .plaintext(peer: .local), options: options, group: .singleton)
        var open: [ThriftConnection] = []
        for _ in 0..<connections { open.append(try await dialer.dial()) }
        defer { for connection in open { connection.close() } }
        let clients = open.map { AgentServiceClient($0) }
        let task = RunTask(
            taskId: 1 << 60, attempt: 1, app: "hello", func: "greet", param: String(repeating: "x", count: 200),
            timeoutMs: 90_000)
        let recorder = Recorder()
        _ = await ClosedLoop.run(callers: connections * depth, for: .milliseconds(500), recorder: Recorder()) {
            caller, _ in _ = try await clients[caller % connections].run(task: task)
        }
        let rate = await ClosedLoop.run(callers: connections * depth, for: duration, recorder: recorder) {
            caller, _ in
            let result = try await clients[caller % connections].run(task: task)
            guard result.taskId == task.taskId else { throw ThriftError(.invalidData, "a wrong answer") }
        }
        for (kind, count) in recorder.failures { print("  \(count) × \(kind)") }
        return rate
    }
}

/// Our server with limits and interceptors on, as components run it.
enum ThriftBenchServer {
    /// Serves until standard input ends.
    static func run() async throws {
        var options = ConnectionOptions()
        options.requiresHello = false
        let server = ThriftServer(
            [AgentServiceProcessor(Echo())], interceptors: [CallMetrics(MetricsRegistry())],
            security: .plaintext(peer: PeerIdentity(role: "scheduler", instance: "bench")), options: options,
            group: MultiThreadedEventLoopGroup.singleton)
        if case .tcp(_, let port) = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0)) {
            StandardInput.answer("\(port)")
        }
        await StandardInput.ended()
    }

    struct Echo: AgentServiceHandler {
        func run(task: RunTask, context: CallContext) async throws -> TaskResult {
            TaskResult(
                taskId: task.taskId, attempt: task.attempt, state: .succeeded, flag: 1, message: task.param ?? "",
                costMs: 3)
        }

        func kill(taskId: Int64, reason: String, context: CallContext) async throws {}
        func refresh(generation: Int64, context: CallContext) async throws {}
    }
}
