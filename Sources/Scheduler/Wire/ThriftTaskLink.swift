package import AgentLinks
import ElvesContracts
package import ElvesCore
import Thrift

/// An agent's connection over Thrift.
package final class ThriftTaskLink: TaskLink {
    private let wire: AgentWire
    private let client: AgentServiceClient

    /// Wraps a connection.
    package init(_ wire: AgentWire) {
        self.wire = wire
        client = AgentServiceClient(wire.caller)
    }

    package var agent: AgentIdentity { wire.agent }
    package var boot: String { wire.boot }
    package var maxRunning: Int? { wire.maxRunning }
    package var isOpen: Bool { wire.isOpen }
    package func answers(within limit: Duration) async -> Bool { await wire.answers(within: limit) }
    package func close(reason: String) { wire.close() }

    package func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        guard wire.isOpen else { return ended(.notSent("the connection of agent \(agent) has just ended")) }
        // Runs up to the send right here. The connection owns it: the call ends with the connection at last.
        Task.immediate(executorPreference: wire.executor) {
            ended(await send(attempt))
        }
    }

    package func resume(
        _ attempt: AttemptName, patienceMs: Int64, ended: @escaping @Sendable (AttemptEnd) -> Void
    ) {
        guard wire.isOpen else { return ended(.notSent("the connection of agent \(agent) has just ended")) }
        Task.immediate(executorPreference: wire.executor) {
            ended(
                await Self.end {
                    try await client.resume(
                        attempt: AttemptRef(attempt), options: CallOptions(timeout: .milliseconds(patienceMs)))
                })
        }
    }

    package func recorded(_ attempts: [AttemptName]) {
        // Nobody waits: what is not said is said again, because the agent reports the results again.
        Task.immediate { [client] in
            try? await client.recorded(attempts: attempts.map(AttemptRef.init))
        }
    }

    package func kill(_ task: ElvesID, reason: String) {
        Task.immediate { [client] in
            try? await client.kill(taskId: task.rawValue, reason: reason)
        }
    }

    package func follow(_ task: ElvesID) {
        Task.immediate { [client] in
            try? await client.follow(taskId: task.rawValue)
        }
    }

    private func send(_ attempt: TaskAttempt) async -> AttemptEnd {
        let options = CallOptions(
            timeout: .milliseconds(attempt.patienceMs), trace: attempt.trace.isEmpty ? nil : attempt.trace,
            caller: attempt.caller.isEmpty ? nil : attempt.caller)
        return await Self.end { try await client.run(task: RunTask(attempt), options: options) }
    }

    /// What a call says of its attempt.
    private static func end(_ call: () async throws -> TaskResult) async -> AttemptEnd {
        do {
            let result = try await call()
            guard let report = TaskReport(result) else {
                return .unreadable("task \(result.taskId) in state \(result.state)")
            }
            return .reported(report)
        } catch let fault as Fault {
            return .refused(code: fault.code, message: fault.message)
        } catch let error as ThriftError {
            return end(of: error)
        } catch {
            return .unreadable("\(error)")
        }
    }

    /// What a failed call says of the attempt: whether it may have started decides.
    private static func end(of error: ThriftError) -> AttemptEnd {
        switch error.code {
        case .notConnected: .notSent(error.message)
        case .overloaded: .refused(code: ErrorCode.channelOverloaded.code, message: error.message)
        case .tooLarge: .refused(code: ErrorCode.channelFrameTooLong.code, message: error.message)
        case .denied: .refused(code: ErrorCode.channelRoleDenied.code, message: error.message)
        case .unknownMethod: .refused(code: ErrorCode.channelMethodUnknown.code, message: error.message)
        case .refused: .refused(code: ErrorCode.channelRefused.code, message: error.message)
        case .connectionLost: .lost(error.message)
        case .deadlineExceeded, .cancelled: .silent(error.message)
        default: .unreadable(error.message)
        }
    }
}
