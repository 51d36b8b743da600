import AgentLinks
package import ElvesContracts
import ElvesCore
package import Thrift

/// History, ends by request, and results for other components.
extension SchedulerHandler {
    package func tasks(query: TaskQuery, context: CallContext) async throws -> TaskPage {
        try await withFaults {
            let page = try await service.tasks(try HistoryQuery(query))
            return TaskPage(tasks: page.executions.map { TaskRecord($0) }, nextBefore: page.nextBefore ?? 0)
        }
    }

    package func results(
        owner: String, after: Int64, limit: Int32, waitMs: Int64, context: CallContext
    ) async throws -> ResultPage {
        try await withFaults {
            let page = try await service.results(
                of: owner, after: after, limit: Int(limit), waitMs: context.bounded(waitMs))
            return ResultPage(
                tasks: page.executions.map { TaskRecord($0) }, nextAfter: page.nextAfter,
                lost: page.lost ? true : nil)
        }
    }
}
