import ElvesCore
import TestSupport
import Testing

@testable import Scheduler

@Suite(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
struct FullDiskTests {
    @Test func callsGoOnAndRecordsFollowWhenThereIsRoomAgain() async throws {
        let disk = try SmallDisk(mebibytes: 2)
        let store = try SQLiteSchedulerStore(path: disk.path + "/scheduler.sqlite")
        let service = try await SchedulerService.serving(store)
        let agent = FakeTaskLink(7) { attempt, ended in
            ended(.reported(.success(attempt, String(repeating: "x", count: 10_000))))
        }
        _ = try await service.connect(agent)
        try disk.fill()
        var records: [Execution] = []
        while service.writer.status.failure == nil, records.count < 2_000 {
            records.append(try await service.execute(.test(7), waitMs: 5_000))
            _ = await service.writer.writeSome()
        }
        #expect(service.notReadyReason?.contains("no room left") == true)
        #expect(try await service.execute(.test(7), waitMs: 5_000).state == .succeeded)

        let sent = agent.attempts.count
        let error = await #expect(throws: ElvesError.self) {
            // A full disk may still have room in pages that SQLite holds already.
            for number in 0..<2_000 {
                _ = try await service.execute(
                    .test(7, key: "k\(number)", param: String(repeating: "y", count: 10_000)), waitMs: 0)
            }
        }
        #expect(error?.code == .elvesStoreFull)
        #expect(error?.isRetryable == true)
        #expect(agent.attempts.count - sent < 2_000)

        try disk.empty()
        while await service.writer.writeSome() {}
        #expect(service.notReadyReason == nil)
        #expect(service.figures["records_dropped"] == 0)
        for record in records { #expect(try await store.execution(record.id) == record) }
        try store.close()
    }
}
