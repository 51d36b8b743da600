package import ElvesContracts
internal import ElvesCore
internal import Runner
package import Thrift

/// Serves `AgentService` by the task host.
package struct AgentHandler: AgentServiceHandler {
    private let tasks: TaskHost
    private let followed: @Sendable (Int64) async -> Void
    private let refreshed: @Sendable (Int64) -> Void

    /// `followed` gets a task whose output someone reads now; `refreshed` the generation of a desired state that the
    /// agent should fetch now.
    package init(
        _ tasks: TaskHost, followed: @escaping @Sendable (Int64) async -> Void = { _ in },
        refreshed: @escaping @Sendable (Int64) -> Void
    ) {
        self.tasks = tasks
        self.followed = followed
        self.refreshed = refreshed
    }

    package func run(task: RunTask, context: CallContext) async throws -> TaskResult {
        if let recorded = task.recorded, !recorded.isEmpty { tasks.journal?.record(recorded) }
        do { return try await tasks.run(task) } catch { throw error.fault }
    }

    package func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult {
        do { return try await tasks.resume(AttemptKey(attempt)) } catch { throw error.fault }
    }

    package func attempts(attempts: [AttemptRef], context: CallContext) async throws -> [AttemptWord] {
        await tasks.words(on: attempts.map { AttemptKey($0) })
    }

    package func recorded(attempts: [AttemptRef], context: CallContext) async throws {
        tasks.journal?.record(attempts)
    }

    package func kill(taskId: Int64, reason: String, context: CallContext) async throws {
        do { try await tasks.kill(taskId: taskId) } catch { throw error.fault }
    }

    package func follow(taskId: Int64, context: CallContext) async throws { await followed(taskId) }

    package func refresh(generation: Int64, context: CallContext) async throws { refreshed(generation) }
}
