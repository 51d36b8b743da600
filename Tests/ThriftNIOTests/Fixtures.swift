import ElvesContracts
import NIOPosix
import Synchronization
import TestSupport
import Thrift
import ThriftNIO

/// An agent whose answers the task's function name decides.
final class ScriptedAgent: AgentServiceHandler {
    let cancelled = Mutex(0)
    let started = Mutex(0)
    let refreshed = Mutex<[Int64]>([])
    let holdsRefreshes = Mutex(false)
    private let held = Mutex<[CheckedContinuation<Void, Never>]>([])

    func run(task: RunTask, context: CallContext) async throws -> TaskResult {
        started.withLock { $0 += 1 }
        switch task.func {
        case "fail": throw Fault(code: "agent.full", message: "full", hint: "wait", retryable: true)
        case "crash": throw CancellationError()
        case "hang":
            do { try await Task.sleep(for: .seconds(60)) } catch {
                cancelled.withLock { $0 += 1 }
                throw error
            }
        case "hold": await hold()
        case "verbose": return TaskResult(taskId: task.taskId, message: String(repeating: "x", count: 2_000))
        case "callback":
            try await ChannelServiceClient(context.caller).ping()
        default: break
        }
        return TaskResult(taskId: task.taskId, state: .succeeded, message: task.param ?? "")
    }

    func kill(taskId: Int64, reason: String, context: CallContext) async throws {}

    func refresh(generation: Int64, context: CallContext) async throws {
        started.withLock { $0 += 1 }
        if holdsRefreshes.withLock({ $0 }) { await hold() }
        refreshed.withLock { $0.append(generation) }
    }

    private func hold() async {
        await withCheckedContinuation { waiter in held.withLock { $0.append(waiter) } }
    }

    func release() {
        let waiters = held.withLock { held in
            defer { held = [] }
            return held
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// A server and a connection to it, over TCP on loopback.
struct Pair {
    let agent = ScriptedAgent()
    let server: ThriftServer
    let address: ThriftAddress
    let connection: ThriftConnection
    let client: AgentServiceClient

    static let scheduler = PeerIdentity(role: "scheduler", instance: "scheduler-1")

    init(
        options: ConnectionOptions = Pair.options, serverOptions: ConnectionOptions? = nil,
        peer: PeerIdentity = Pair.scheduler
    ) async throws {
        server = ThriftServer(
            [AgentServiceProcessor(agent)], security: .plaintext(peer: peer), options: serverOptions ?? options,
            group: .singleton)
        address = try await server.listen(on: .tcp(host: "127.0.0.1", port: 0))
        connection = try await ThriftDialer(
            address, security: .plaintext(peer: .local), options: options, group: .singleton
        ).dial()
        client = AgentServiceClient(connection)
    }

    static var options: ConnectionOptions {
        var options = ConnectionOptions()
        options.hello = Hello(oldest: 1, newest: 1, features: [], instance: "test", epoch: 1, version: "test")
        return options
    }
}
