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
    package var isOpen: Bool { wire.isOpen }
    package func answers(within limit: Duration) async -> Bool { await wire.answers(within: limit) }
    package func close(reason: String) { wire.close() }

    package func run(_ attempt: TaskAttempt, ended: @escaping @Sendable (AttemptEnd) -> Void) {
        guard wire.isOpen else { return ended(.notSent("the connection of agent \(agent) has just ended")) }
        // Runs up to the send right here. The connection owns it: the call ends with the connection at last.
        Task.immediate(executorPreference: wire.executor) { ended(await send(attempt)) }
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
        do {
            let result = try await client.run(task: RunTask(attempt), options: options)
            guard let report = TaskReport(result) else {
                return .unreadable("task \(result.taskId) in state \(result.state)")
            }
            return .reported(report)
        } catch let fault as Fault {
            return .refused(code: fault.code, message: fault.message)
        } catch let error as ThriftError {
            return Self.end(of: error)
        } catch {
            return .lost("\(error)")
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
        case .connectionLost, .deadlineExceeded, .cancelled: .lost(error.message)
        default: .unreadable(error.message)
        }
    }
}
