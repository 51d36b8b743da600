import ElvesContracts
import ElvesCore
import Runner
import Testing

@testable import Agent

/// What a next agent says of processes that outlived an end that it adopted.
@Suite struct AdoptedSurvivorTests {
    /// Knows an end, or none and how many processes it could not kill.
    private struct Left: WorkerRunning {
        var end: WorkerEnd?
        var strays = 0

        func run(_ order: WorkerOrder) async throws -> WorkerEnd { throw ElvesError(.agentStopping) }
        func kill(taskId: Int64) async throws {}
        func adopt(_ key: AttemptKey) async -> WorkerEnd? { end }
        func endStrays(of key: AttemptKey) async -> Int { strays }
    }

    private func adopted(_ left: Left, _ key: AttemptKey) async throws -> TaskResult {
        let folder = try Folder()
        let journal = try AttemptJournal(folder: folder.path)
        #expect(try await journal.begin(taken(key.taskId, isDurable: true)))
        journal.close()
        let tasks = TaskHost(scriptsOn: left, try AttemptJournal(folder: folder.path))
        await tasks.adopt()
        return try await tasks.resume(key)
    }

    @Test func anUnknownEndSaysHowManyAreLeft() async throws {
        let key = AttemptKey(taskId: freshTask())
        let result = try await adopted(Left(strays: 3), key)
        #expect(result.state == .unknown && result.survivors == 3 && result.code == "agent.restarted")
        #expect(result.message.contains("3 of its processes outlived KILL"))
        let none = try await adopted(Left(), key)
        #expect(none.state == .unknown && none.survivors == 0 && !none.message.contains("outlived"))
    }

    @Test func aKnownEndKeepsItsCount() async throws {
        let key = AttemptKey(taskId: freshTask())
        var end = WorkerEnd(key: key, status: .exited(0))
        end.survivors = 2
        let result = try await adopted(Left(end: end), key)
        #expect(result.state == .succeeded && result.survivors == 2 && result.code == "runner.survivors")
        #expect(result.message.contains("2 of its processes outlived KILL"))
    }
}
