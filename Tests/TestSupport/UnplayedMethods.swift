package import ElvesContracts
package import Thrift

// Methods that a played peer need not write down: calling one says so.

private func unplayed(_ method: String) -> ThriftError { ThriftError(.unknownMethod, "\(method) is not played") }

extension AgentServiceHandler {
    package func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult {
        throw unplayed("resume")
    }
    package func attempts(attempts: [AttemptRef], context: CallContext) async throws -> [AttemptWord] {
        throw unplayed("attempts")
    }
    package func recorded(attempts: [AttemptRef], context: CallContext) async throws {}
    package func follow(taskId: Int64, context: CallContext) async throws {}
}

extension RunnerServiceHandler {
    package func copyOutput(taskId: Int64, context: CallContext) async throws { throw unplayed("copyOutput") }
}

extension HeartbeatServiceHandler {
    package func events(
        epoch: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> FleetEvents { throw unplayed("events") }
}
