import AgentLinks
import ElvesCore
import Testing

@testable import Heartbeat

@Suite struct FetchFileTests {
    private let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    private let name = digest("big")

    private func service(_ supervisor: FakeSupervisor, cache: Int = 8 << 20) async throws -> HeartbeatService {
        supervisor.store(content, as: name)
        let file = PackageFile(digest: name, size: Int64(content.count))
        let service = try await HeartbeatService.loaded(
            InMemoryHeartbeatStore(), supervisor, catalog: [.test("a", on: "role=web", files: [file])]
        ) { $0.cachedFileBytes = cache }
        for number: Int64 in 1...20 { _ = try service.beat(.test(number), .test("web-\(number)")) }
        _ = try service.beat(.test(50), .test("db-1", ["role": "db"]))
        return service
    }

    @Test func handsOutAFileInParts() async throws {
        let service = try await service(FakeSupervisor())
        var got: [UInt8] = []
        while true {
            let part = try await service.fetchFile(.test(1), digest: name, offset: Int64(got.count), length: 100_000)
            if part.isEmpty { break }
            got += part
        }
        #expect(got == content)
    }

    @Test(arguments: [(0, 262_144), (262_143, 2), (200_000, 262_144), (599_999, 10), (600_000, 1)])
    func answersExactlyWhatWasAskedFor(_ offset: Int, _ length: Int) async throws {
        let service = try await service(FakeSupervisor())
        let part = try await service.fetchFile(.test(1), digest: name, offset: Int64(offset), length: length)
        #expect(part == Array(content.dropFirst(offset).prefix(length)))
    }

    @Test func manyAgentsCostTheSupervisorOneRead() async throws {
        let supervisor = FakeSupervisor()
        let service = try await service(supervisor)
        supervisor.slowDown(.milliseconds(50))
        try await withThrowingTaskGroup { group in
            for number: Int64 in 1...20 {
                group.addTask { [name] in
                    _ = try await service.fetchFile(.test(number), digest: name, offset: 0, length: 262_144)
                }
            }
            try await group.waitForAll()
        }
        #expect(supervisor.reads == 1)
    }

    @Test func keepsNoMoreThanItMay() async throws {
        let supervisor = FakeSupervisor()
        let service = try await service(supervisor, cache: 300_000)
        for offset: Int64 in [0, 262_144, 524_288, 0] {
            _ = try await service.fetchFile(.test(1), digest: name, offset: offset, length: 1_000)
            #expect((service.figures["files_cached_bytes"] ?? 0) <= 300_000)
        }
        #expect(supervisor.reads == 4)
    }

    @Test func servesCachedPartsWhileTheSupervisorIsAway() async throws {
        let supervisor = FakeSupervisor()
        let service = try await service(supervisor)
        _ = try await service.fetchFile(.test(1), digest: name, offset: 0, length: 10)
        supervisor.goAway()
        #expect(try await service.fetchFile(.test(2), digest: name, offset: 5, length: 10).count == 10)
        await #expect(throws: ElvesError.self) {
            try await service.fetchFile(.test(1), digest: name, offset: 300_000, length: 10)
        }
        supervisor.goAway(false)
        #expect(try await service.fetchFile(.test(1), digest: name, offset: 300_000, length: 10).count == 10)
    }

    @Test func refusesWhatIsNotTheAgents() async throws {
        let service = try await service(FakeSupervisor())
        let denied = await #expect(throws: ElvesError.self) {
            try await service.fetchFile(.test(50), digest: name, offset: 0, length: 10)
        }
        #expect(denied?.code == .heartbeatFileDenied)
        let unknown = await #expect(throws: ElvesError.self) {
            try await service.fetchFile(.test(1), digest: digest("other"), offset: 0, length: 10)
        }
        #expect(unknown?.code == .heartbeatFileUnknown)
        let stranger = await #expect(throws: ElvesError.self) {
            try await service.fetchFile(.test(77), digest: name, offset: 0, length: 10)
        }
        #expect(stranger?.code == .heartbeatAgentUnknown)
    }

    @Test(arguments: [(-1, 10), (0, 0), (0, -1), (0, 262_145), (600_001, 1)])
    func refusesWhatIsNoPartOfAFile(_ offset: Int64, _ length: Int) async throws {
        let service = try await service(FakeSupervisor())
        let error = await #expect(throws: ElvesError.self) {
            try await service.fetchFile(.test(1), digest: name, offset: offset, length: length)
        }
        #expect(error?.code == .heartbeatFileRange)
    }
}
