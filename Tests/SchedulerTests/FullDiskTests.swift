import ElvesCore
import Foundation
import Testing

@testable import Scheduler

/// A small file system of its own, gone when this is.
private final class SmallDisk {
    let path: String

    /// Nil where mounting is not allowed.
    init?(megabytes: Int) {
        path = FileManager.default.temporaryDirectory.appending(path: "elves-disk-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path) else { return nil }
    }

    deinit {
        _ = Self.run("umount", "-l", path)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Whether this process may mount.
    static let isPossible = SmallDisk(megabytes: 1) != nil

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Takes all the room that is left.
    func fill() throws {
        _ = FileManager.default.createFile(atPath: path + "/filler", contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path + "/filler"))
        for size in [65_536, 4_096, 1] {
            while (try? file.write(contentsOf: Data(count: size))) != nil {}
        }
        try file.close()
    }

    func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }
}

@Suite(.enabled(if: SmallDisk.isPossible, "mounting a small tmpfs needs root"))
struct FullDiskTests {
    @Test func callsGoOnAndRecordsFollowWhenThereIsRoomAgain() async throws {
        let disk = try #require(SmallDisk(megabytes: 2))
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
