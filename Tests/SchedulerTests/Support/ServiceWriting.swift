import AgentLinks
import ElvesCore
import Synchronization

@testable import Scheduler

extension SchedulerService {
    /// Writes all that waits to be written.
    func writeAll() async {
        while await writer.writeSome() {}
        await writeOpen()
    }

    /// Has the agent report what it keeps, with the writer at work beside it.
    func reported(_ reports: [TaskReport], by agent: AgentIdentity) async throws -> [AttemptName] {
        let writing = Writing()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !writing.isOver {
                    _ = await self.writer.writeSome()
                    await Task.yield()
                }
            }
            defer { writing.end() }
            return try await take(reports, from: agent)
        }
    }

    func reported(_ reports: [TaskReport], by agent: FakeTaskLink) async throws -> [AttemptName] {
        try await reported(reports, by: agent.agent)
    }
}

/// Whether a writer beside a test is to stop.
private final class Writing: Sendable {
    private let over = Atomic(false)

    var isOver: Bool { over.load(ordering: .relaxed) }
    func end() { over.store(true, ordering: .relaxed) }
}
