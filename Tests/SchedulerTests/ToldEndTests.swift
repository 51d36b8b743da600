import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// What the caller of a synchronous task is told is known to somebody else, too.
@Suite struct ToldEndTests {
    private let store = InMemorySchedulerStore()

    /// A writer that a test would notice if it were waited for by chance.
    private func serving() async throws -> SchedulerService {
        try await .serving(store) { $0.writeInterval = .milliseconds(300) }
    }

    private func told(
        _ service: SchedulerService, _ order: ExecutionOrder = .test(7), waitMs: Int64 = 10_000
    ) async throws -> (told: Execution, stored: Execution?) {
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let told = try await service.execute(order, waitMs: waitMs)
            return (told, try await store.execution(told.id))
        }
    }

    @Test func anEndWithoutAnAgentIsWrittenBefore() async throws {
        let (told, stored) = try await told(try await serving())
        #expect(told.state == .unreachable && stored?.state == .unreachable)
    }

    @Test func aRefusalBeforeTheAgentsJournalIsWrittenBefore() async throws {
        let service = try await serving()
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                ended(.reported(TaskReport(task: attempt.name.task, attempt: 1, state: .rejected, outcome: .init())))
            })
        let (told, stored) = try await told(service)
        #expect(told.state == .rejected && stored?.state == .rejected)
    }

    @Test func aTaskThatGoesOnIsWrittenBefore() async throws {
        let service = try await serving()
        _ = try await service.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        let (told, stored) = try await told(service, waitMs: 5)
        #expect(told.state == .dispatched && stored?.state == .dispatched)
    }

    /// Its agent would say it again.
    @Test func whatTheAgentKeepsIsToldAtOnce() async throws {
        let service = try await serving()
        _ = try await service.connect(
            FakeTaskLink(7) { attempt, ended in
                var report = TaskReport.success(attempt)
                report.hops = [TaskHop(place: "agent", event: "starting", atMicros: 1)]
                ended(.reported(report))
            })
        let (told, stored) = try await told(service)
        #expect(told.state == .succeeded && stored == nil)
    }

    @Test func aStoreThatTakesNothingHoldsNobody() async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing)
        failing.fails = true
        let told = try await service.whileRunning { try await service.execute(.test(7), waitMs: 10_000) }
        #expect(told.state == .unreachable)
    }
}
