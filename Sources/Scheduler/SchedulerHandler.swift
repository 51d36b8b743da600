import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// Serves `SchedulerService`: wire structs in, the service's words, wire structs out.
package struct SchedulerHandler: SchedulerServiceHandler {
    let service: SchedulerService

    /// Creates a handler over a service.
    package init(_ service: SchedulerService) {
        self.service = service
    }

    package func execute(
        request: ExecuteRequest, waitMs: Int64, context: CallContext
    ) async throws -> TaskRecord {
        try await withFaults {
            TaskRecord(
                try await service.execute(ExecutionOrder(request, context.header), waitMs: context.bounded(waitMs)),
                hops: false)
        }
    }

    package func task(id: Int64, waitMs: Int64, context: CallContext) async throws -> TaskRecord {
        try await withFaults {
            guard let id = ElvesID(rawValue: id) else { throw ElvesError(.schedulerTaskUnknown, "no task \(id)") }
            return TaskRecord(try await service.execution(id, waitMs: context.bounded(waitMs)))
        }
    }

    package func createBatch(request: BatchRequest, context: CallContext) async throws -> BatchRecord {
        try await withFaults {
            BatchRecord(try await service.createBatch(BatchOrder(request, context.header)))
        }
    }

    package func batch(id: Int64, waitMs: Int64, context: CallContext) async throws -> BatchRecord {
        try await withFaults {
            BatchRecord(try await service.batch(try batchID(id), waitMs: context.bounded(waitMs)))
        }
    }

    package func batchEnds(
        id: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> BatchEnds {
        try await withFaults {
            let page = try await service.batchEnds(
                try batchID(id), after: after, limit: Int(limit), waitMs: context.bounded(waitMs))
            return BatchEnds(page)
        }
    }

    package func connectedAgents(context: CallContext) async throws -> [Int64] {
        service.connectedAgents.map(\.rawValue)
    }

    func batchID(_ id: Int64) throws(ElvesError) -> ElvesID {
        guard let id = ElvesID(rawValue: id) else { throw ElvesError(.schedulerBatchUnknown, "no batch \(id)") }
        return id
    }
}

extension CallContext {
    /// A wait that leaves time to answer before the caller's deadline.
    func bounded(_ waitMs: Int64) -> Int64 {
        guard let deadlineMs = header.deadlineMs.map({ max(0, $0) }) else { return waitMs }
        return min(waitMs, max(0, deadlineMs - max(20, deadlineMs / 20)))
    }
}
