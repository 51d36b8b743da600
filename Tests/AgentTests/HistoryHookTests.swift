import ElvesContracts
import ElvesCore
import Testing

@testable import Agent

@Suite struct HistoryHookTests {
    private let history = HistoryHook(now: { 77 })

    /// Lets the task of that number end; `code` makes it an error.
    private func end(_ number: Int64, code: String = "", message: String = "", adopted: Bool = false) async {
        var run = TaskRun(
            RunTask(taskId: number, attempt: 1, app: "app", func: "f\(number)"), at: .now, ms: number * 1000)
        run.isAdopted = adopted
        run.result.state = code.isEmpty ? .succeeded : .failed
        run.result.costMs = number + 5
        run.result.code = code
        run.result.message = message
        await history.settle(&run)
    }

    @Test func nothingHasHappenedAtFirst() {
        #expect(history.tasks.isEmpty && history.errors.isEmpty)
    }

    @Test func aTaskIsRememberedAsItEnded() async {
        await end(1)
        await end(2, code: "agent.worker.exit", message: "exit status 3", adopted: true)
        #expect(
            history.tasks == [
                LocalTask(
                    taskId: 2, app: "app", func: "f2", state: .failed, startedAt: 2000, costMs: 7, adopted: true),
                LocalTask(taskId: 1, app: "app", func: "f1", state: .succeeded, startedAt: 1000, costMs: 6),
            ])
        #expect(
            history.errors == [LocalError(at: 77, code: "agent.worker.exit", message: "app f2: exit status 3")])
    }

    @Test func theLast40TasksAreKeptNewestFirst() async {
        for number in 1...40 as ClosedRange<Int64> { await end(number) }
        #expect(history.tasks.map(\.taskId) == (1...40).reversed())
        await end(41)
        #expect(history.tasks.map(\.taskId) == (2...41).reversed())
        #expect(history.errors.isEmpty)
    }

    @Test func theLast20ErrorsAreKeptNewestFirst() async {
        for number in 1...20 as ClosedRange<Int64> { await end(number, code: "agent.full", message: "no room") }
        #expect(history.errors.map(\.message) == (1...20).reversed().map { "app f\($0): no room" })
        history.note(ElvesError(.agentDiskFull, "no space for app 2"))
        #expect(history.errors.count == 20)
        #expect(history.errors.first == LocalError(at: 77, code: "agent.diskFull", message: "no space for app 2"))
        #expect(history.errors.last?.message == "app f2: no room")
        #expect(history.tasks.count == 20)
    }

    @Test func aLongMessageIsCut() async {
        await end(1, code: "agent.worker.exit", message: String(repeating: "x", count: 10_000))
        #expect(history.errors.first?.message.count == "app f1: ".count + 300)
    }

    @Test func tasksThatNeverStartedAreThereToo() async throws {
        let bench = try await Bench([])
        let refused = try await bench.run("greet", app: "none")
        #expect(bench.parts.history.tasks.map(\.taskId) == [refused.taskId])
        #expect(bench.parts.history.errors.map(\.code) == ["agent.app.notInstalled"])
        await bench.stop()
    }
}
