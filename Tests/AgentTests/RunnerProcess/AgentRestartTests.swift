import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing

@testable import Agent

/// An agent that comes back finds its runner process, and how its tasks ended.
@Suite struct AgentRestartTests {
    @Test func aRestartedAgentLearnsHowItsTasksEnded() async throws {
        let bench = try await Bench([Package(entry: ["sh", "w.sh"], ["w.sh": "echo late; exit 5"])])
        await bench.stop()
        let first = RunnerLink(bench.folder)
        try await first.start()
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "sleep 0.2; exit 5"], timeout: .seconds(30)
        )
        let lost = AttemptKey(taskId: freshTask())
        #expect(try await bench.parts.journal.begin(taken(order.key.taskId)))
        #expect(try await bench.parts.journal.begin(taken(lost.taskId)))
        let waiting = Task { try await first.run(order) }
        #expect(try await eventually { await first.adopt(order.key) != nil })
        _ = await waiting.result
        // The agent after the restart: the same folder, the same runner.
        let second = RunnerLink(bench.folder)
        let journal = try AttemptJournal(folder: bench.folder.agent.journal)
        let parts = bench.parts
        let tasks = TaskHost(
            history: parts.history, admission: parts.admission,
            hooks: [JournalHook(journal, history: parts.history) { 0 }], workers: second, journal: journal
        ) { 0 }
        await tasks.adopt()
        // Whoever asks while it is adopted hears the end.
        let answer = try await tasks.resume(order.key)
        #expect(answer.state == .failed && answer.exitCode == 5 && answer.app == "app")
        #expect(try await eventually { await tasks.count == 0 })
        let states = Dictionary(uniqueKeysWithValues: parts.history.tasks.map { ($0.taskId, $0.state) })
        #expect(states == [order.key.taskId: .failed, lost.taskId: .unknown])
        #expect(try AttemptJournal(folder: bench.folder.agent.journal).open.isEmpty)
        let due = journal.due(all: false, patience: .seconds(20))
        #expect(due == [order.key, lost], "both are for the center to hear")
        await second.stop()
    }

    @Test func anAgentThatGoesLeavesItsWorkersToTheNext() async throws {
        let before = try await LeavingAgent()
        await before.leave()
        #expect(await before.tasks.count == 1)
        try before.letGo()
        let next = try AttemptJournal(folder: before.folder.agent.journal)
        #expect(next.open.map(\.key) == [before.key])
        let second = RunnerLink(before.folder)
        let successor = TaskHost(scriptsOn: second, next)
        await successor.adopt()
        #expect(try await successor.resume(before.key).exitCode == 6)
        #expect(next.standing(before.key.taskId) == .kept)
        await second.stop()
    }

    @Test func aRunnerThatStandsStillWhileItsAgentRestartsKeepsItsWorkers() async throws {
        let before = try await LeavingAgent()
        let runner = try #require(await before.link.pid)
        await before.leave()
        kill(runner, SIGSTOP)
        let next = try AttemptJournal(folder: before.folder.agent.journal)
        let second = RunnerLink(before.folder, patience: .milliseconds(100))
        let successor = TaskHost(scriptsOn: second, next)
        await successor.adopt()
        #expect(try await eventually { await second.silences > 2 })
        #expect(await successor.count == 1 && living(before.key.marker) > 0)
        kill(runner, SIGCONT)
        try before.letGo()
        let answer = try await successor.resume(before.key)
        #expect(answer.exitCode == 6 && answer.state == .failed, "\(answer.state) \(answer.message)")
        #expect(await second.pid == runner)
        await second.stop()
    }
}

/// An agent that goes while its task waits for a file; the runner stays.
private final class LeavingAgent: Sendable {
    let folder: Folder
    let link: RunnerLink
    let tasks: TaskHost
    let key: AttemptKey
    private let journal: AttemptJournal
    private let running: Task<Void, Never>

    /// Returns when the worker runs.
    init() async throws {
        folder = try Folder()
        try folder.agent.prepare()
        link = RunnerLink(folder)
        journal = try AttemptJournal(folder: folder.agent.journal)
        let tasks = TaskHost(scriptsOn: link, journal)
        self.tasks = tasks
        key = AttemptKey(taskId: freshTask())
        let go = folder.path + "/go"
        let task = RunTask(
            taskId: key.taskId, attempt: key.attempt, app: "app",
            func: ": > \(go).up; while [ ! -e \(go) ]; do sleep 0.02; done; exit 6")
        running = Task { _ = try? await tasks.run(task) }
        #expect(try await eventually { Disk.exists(go + ".up") })
    }

    deinit { running.cancel() }

    func leave() async {
        await tasks.rest(patience: .zero)
        await link.leave()
        journal.close()
    }

    /// The worker may end.
    func letGo() throws { try folder.write("go", "") }
}
