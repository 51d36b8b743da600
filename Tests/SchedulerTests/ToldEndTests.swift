import AgentLinks
import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

/// What a caller is told is known to somebody else, too.
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
                ended(.reported(.success(attempt)))
            })
        let (told, stored) = try await told(service)
        #expect(told.state == .succeeded && stored == nil)
    }

    @Test func theEndOfADurableTaskIsWrittenBefore() async throws {
        let (told, stored) = try await told(try await serving(), .test(7, durable: true))
        #expect(told.state == .unreachable && stored?.state == .unreachable)
    }

    @Test func theEndsInAListAreWrittenBefore() async throws {
        let service = try await serving()
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let waiting = try await service.execute(.test(7, startByMs: 60_000), waitMs: 0)
            async let cancelled = service.cancel(waiting.id, kill: false, reason: "no", waitMs: 10_000)
            try await eventually("it has ended") { service.live[waiting.id]?.hasEnded != false }
            let listed = try await service.tasks(HistoryQuery())
            let stored = try await store.execution(waiting.id)
            #expect(listed.executions.map(\.state) == [.cancelled] && stored?.state == .cancelled)
            _ = try await cancelled
        }
    }

    @Test(arguments: [false, true]) func whatIsCancelledIsWrittenBefore(isDurable: Bool) async throws {
        let service = try await serving()
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let order = ExecutionOrder.test(7, startByMs: 60_000, durable: isDurable)
            let waiting = try await service.execute(order, waitMs: 0)
            let told = try await service.cancel(waiting.id, kill: false, reason: "no", waitMs: 10_000)
            let stored = try await store.execution(waiting.id)
            #expect(told.state == .cancelled && stored?.state == .cancelled)
        }
    }

    @Test func theEndsOfABatchAreWrittenBefore() async throws {
        let service = try await serving()
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let batch = try await service.createBatch(.test(1...3))
            let page = try await service.batchEnds(batch.id, after: 0, limit: 10, waitMs: 10_000)
            #expect(!page.executions.isEmpty)
            for told in page.executions {
                let stored = try await store.execution(told.id)
                #expect(told.state == .unreachable && stored?.state == .unreachable)
            }
        }
    }

    @Test(arguments: [false, true]) func whatCannotBeWrittenIsNotToldAsAnEnd(isDurable: Bool) async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing)
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let order = ExecutionOrder.test(7, startByMs: 60_000, durable: isDurable)
            let waiting = try await service.execute(order, waitMs: 0)
            failing.fails = true
            let error = await #expect(throws: ElvesError.self) {
                try await service.cancel(waiting.id, kill: false, reason: "no", waitMs: 10_000)
            }
            #expect(error?.code == .elvesStoreUnavailable)
            #expect(error?.details["state"] == "cancelled" && error?.details["task"] == waiting.id.description)
            failing.fails = false
            try await eventually("it is written") {
                let told = try? await service.execution(waiting.id, waitMs: 10_000)
                return told?.state == .cancelled
            }
        }
    }

    /// Who waits for a store that takes nothing would wait for long: it is said at once, with the end.
    @Test func aStoreThatTakesNothingHoldsNobody() async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing)
        failing.fails = true
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let error = await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 10_000) }
            #expect(error?.code == .elvesStoreUnavailable && error?.details["state"] == "unreachable")
            #expect(error?.message.contains("is unreachable, but that cannot be recorded yet") == true)
        }
    }

    @Test func whatTheAgentKeepsIsToldAlsoThen() async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing)
        _ = try await service.connect(FakeTaskLink(7))
        failing.fails = true
        try await service.whileRunning {
            for _ in 1...3 {
                let told = try await service.execute(.test(7), waitMs: 10_000)
                #expect(told.state == .succeeded)
            }
            try await eventually("the store was tried") { service.writer.status.failure != nil }
            let told = try await service.execute(.test(7), waitMs: 10_000)
            #expect(told.state == .succeeded)
        }
    }

    @Test func aTaskThatGoesOnIsNotToldWhileItCannotBeWritten() async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing)
        _ = try await service.connect(FakeTaskLink(7, FakeTaskLink.keepsQuiet))
        failing.fails = true
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            let error = await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 5) }
            #expect(error?.code == .elvesStoreUnavailable && error?.details["state"] == "dispatched")
        }
    }

    /// Nobody could tell it any more.
    @Test func anEndWhoseRecordWasDroppedIsNotTold() async throws {
        let failing = FaultyStore(store)
        let service = try await SchedulerService.serving(failing) { $0.unwrittenRecords = 2 }
        failing.fails = true
        try await service.whileRunning {
            try await eventually("records are written") { service.writer.isWriting }
            for _ in 1...5 {
                await #expect(throws: ElvesError.self) { try await service.execute(.test(7), waitMs: 10_000) }
            }
        }
        #expect(service.writer.status.dropped == 3)
    }
}
