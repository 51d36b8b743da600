internal import ElvesContracts
internal import Foundation
internal import Identity
internal import NIOPosix
internal import ServiceCore
internal import Thrift
internal import ThriftNIO

/// Agents that answer at once, and keep nothing: `elves-bench async-agents`.
struct AsyncAgents {
    let count: Int
    let folder: String
    let center: CenterFolder

    /// Connects them all, prints `up`, and answers until standard input ends.
    func run() async throws {
        let authority = try center.authority
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var connections: [ThriftConnection] = []
        for number in 0..<count {
            let seat = try FleetSeat(number: number, in: folder, center: center, authority: authority)
            let identity = try TLSIdentity(
                certificate: seat.files.certificate, key: seat.files.key, authority: seat.files.authority)
            var options = ConnectionOptions()
            options.encoding = .compact
            options.hello.instance = seat.name
            options.hello.boot = "bench"
            connections.append(
                try await ThriftDialer(
                    try CenterFolder.address(seat.scheduler), security: try identity.client(),
                    expecting: "scheduler", options: options, services: [AgentServiceProcessor(InstantAgent())],
                    group: group
                ).dial())
        }
        StandardInput.answer("up")
        await StandardInput.ended()
        for connection in connections { connection.close() }
    }
}

extension CenterFolder {
    /// An address of a component, as its file has it.
    static func address(_ text: String) throws -> ThriftAddress {
        guard let address = ThriftAddress(parsing: text) else { throw BenchFailure("\(text) is not host:port") }
        return address
    }
}

/// Says yes to everything.
private struct InstantAgent: AgentServiceHandler {
    func run(task: RunTask, context: CallContext) async throws -> TaskResult {
        TaskResult(
            taskId: task.taskId, attempt: task.attempt, state: .succeeded, flag: 1, message: "",
            result: #"{"text":"hello"}"#, costMs: 1, version: "1.0.0")
    }

    func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult {
        TaskResult(taskId: attempt.taskId, attempt: attempt.attempt, state: .succeeded, flag: 1)
    }

    func attempts(attempts: [AttemptRef], context: CallContext) async throws -> [AttemptWord] { [] }
    func recorded(attempts: [AttemptRef], context: CallContext) async throws {}
    func follow(taskId: Int64, context: CallContext) async throws {}
    func kill(taskId: Int64, reason: String, context: CallContext) async throws {}
    func refresh(generation: Int64, context: CallContext) async throws {}
}
