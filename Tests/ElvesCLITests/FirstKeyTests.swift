import ElvesClient
import Foundation
import Synchronization
import Testing

@testable import ElvesCLI

@Suite struct FirstKeyTests {
    private let scratch: ScratchFolder
    private let folder: DataFolder

    init() throws {
        scratch = try ScratchFolder()
        folder = DataFolder(path: "\(scratch.path)/data")
        try folder.make("data", "supervisor")
    }

    /// The credentials of a start, and what was said.
    private func start(port: Int = 1) async throws -> (SettingsFile, [String]) {
        let notes = Lines()
        let key = FirstKey(options: UpOptions(folder: folder, port: port, agents: 1)) { notes.add($0) }
        let file = try await key.credentials(now: Date(timeIntervalSince1970: 1_700_000_000))
        return (file, notes.all)
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func aSecondStartKeepsTheKeyUnderTodaysAddress() async throws {
        let (first, _) = try await start(port: 1)
        let (second, notes) = try await start(port: 2)
        #expect(first.token != nil && second.token == first.token && second.authID == first.authID)
        #expect(second.url == "http://127.0.0.1:2")
        #expect(notes.isEmpty)
    }

    @Test func aKeyThatTheSupervisorDoesNotKnowIsReplaced() async throws {
        let (first, _) = try await start()
        try FileManager.default.removeItem(atPath: folder.path("data", "supervisor"))
        let (second, notes) = try await start()
        #expect(second.token != nil && second.token != first.token)
        #expect(notes.count == 1 && notes.first?.contains("credentials.json") == true)
        let (third, silent) = try await start()
        #expect(third == second && silent.isEmpty)
    }

    @Test func aMasterKeyThatIsGoneIsNotReplaced() async throws {
        _ = try await start()
        try FileManager.default.removeItem(atPath: folder.path("data", "supervisor", "master.key"))
        await #expect(throws: (any Error).self) { try await start() }
    }
}

@Suite struct CenterReadinessTests {
    private func component(_ role: String, _ numbers: [String: Int]) throws -> ComponentRecord {
        let fields: [String: Any] = [
            "role": role, "instance": "\(role)-1", "version": "1", "uptime_ms": 1, "ready": true, "reason": "",
            "numbers": numbers,
        ]
        return try JSONDecoder().decode(
            ComponentRecord.self, from: try JSONSerialization.data(withJSONObject: fields))
    }

    @Test func agentsCountOnlyWhenASchedulerSaysSo() throws {
        let silent = try component("scheduler", [:])
        #expect(CenterReadiness.missing(of: 2, in: [silent]) == "0 of 2 agents are connected to the scheduler")
        #expect(CenterReadiness.missing(of: 2, in: []) != nil)
        let one = try component("scheduler", ["elves_scheduler_agents_connected": 1])
        #expect(CenterReadiness.missing(of: 2, in: [one]) == "1 of 2 agents are connected to the scheduler")
        #expect(CenterReadiness.missing(of: 2, in: [one, one]) == nil)
        #expect(CenterReadiness.missing(of: 0, in: [silent]) == nil)
        let heartbeat = try component("heartbeat", ["elves_scheduler_agents_connected": 9])
        #expect(CenterReadiness.missing(of: 2, in: [heartbeat]) != nil)
    }
}
