import ElvesClient
import Foundation
import TestSupport
import Testing

/// Tasks that nobody waits for, on a real center: each ends, in the way that was asked for.
@Suite(.serialized, .timeLimit(.minutes(3))) struct AsyncTaskTests {
    private static let away = "127.0.0.77"

    @Test func tasksThatNobodyWaitsForEnd() async throws {
        let running = try await RunningCenter.start(agents: 2, apps: [.deck])
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        let agent = try RunningAgent(
            try authority.files("agent", "00a1b2c3d4e5f607", ip: Self.away),
            scheduler: running.address(of: "scheduler"), heartbeat: running.address(of: "heartbeat"))
        try await running.works(on: Self.away)
        agent.kill()
        try await unreachableAtOnce(running)
        let expired = try await startBy(running, "2s")
        try await listedByLabelAndCancelled(running)
        try await killedWithAllThatItStarted(running)
        try await retriedUntilItSucceeds(running)
        try await onceForAnIdempotencyKey(running)
        let end = try await ended(running, expired)
        #expect(end.state == .unreachable && end.code == "scheduler.agent.unreachable", "\(end.state) \(end.message)")

        let patient = try await startBy(running, "10m")
        #expect(try await running.client().task(patient).state == .created)
        try agent.start()
        #expect(try await ended(running, patient).state == .succeeded)
        try await allEndOnceWhenTheSchedulerIsKilled(running)
    }

    // MARK: Scenes

    /// An agent that is away and nobody asked to wait for.
    private func unreachableAtOnce(_ running: RunningCenter) async throws {
        let exec = try await running.typed("exec hello greet --on \(Self.away)")
        #expect(exec.status == 3 && exec.errors.contains("unreachable"), "\(exec)")
    }

    private func startBy(_ running: RunningCenter, _ time: String) async throws -> String {
        let exec = try await running.typed("exec hello greet --on \(Self.away) --async --start-by \(time)")
        #expect(exec.status == 0, "\(exec)")
        return exec.word
    }

    private func listedByLabelAndCancelled(_ running: RunningCenter) async throws {
        let labels = "--label ticket=OPS-12 --label env=prod"
        let waiting = try await running.typed(
            "exec deck note --on \(Self.away) --async --start-by 10m \(labels)"
        ).word
        let marks = try Marks(running)
        let other = try await running.typed(
            "exec deck note --on local-1 --async --label ticket=OPS-13 \(marks.option)"
        ).word
        let list = try await running.typed("task list --label ticket=OPS-12 --json").jsonLines
        #expect(list.map { $0["id"]?.string } == [waiting] && list.first?["state"] == "created")
        let shown = try await running.typed("task list --label ticket=OPS-12")
        #expect(shown.output.contains("\(waiting)  created  deck note  stray"), "\(shown)")

        let cancelled = try await running.typed("task cancel \(waiting) --reason enough")
        #expect(cancelled.status == 0 && cancelled.output == "\(waiting) cancelled\n", "\(cancelled)")
        let task = try await running.client().task(waiting)
        #expect(task.state == .cancelled && task.message.contains("enough"), "\(task.message)")
        #expect(try await ended(running, other).state == .succeeded)
        let late = try await running.typed("task cancel \(other)")
        #expect(late.status == 0 && late.output == "\(other) succeeded\n", "\(late)")
    }

    private func killedWithAllThatItStarted(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let task = try await running.typed("exec deck family --on local-1 --async \(marks.option)").word
        try await running.until("its family runs") { marks.has(task) && running.workers(of: "family").count == 3 }
        let refused = try await running.typed("task cancel \(task)")
        #expect(refused.status == 1 && refused.errors.contains("elves task kill"), "\(refused)")
        let killed = try await running.typed("task kill \(task)")
        #expect(killed.status == 0 && killed.output == "\(task) killed\n", "\(killed)")
        #expect(running.workers(of: "family").isEmpty, "they are dead when the command says so")
        #expect(try await running.client().task(task).survivors == 0)

        let again = try await running.typed("task retry \(task) --async").word
        try await running.until("it runs again") { marks.has(again) }
        let retried = try await running.client().task(again)
        #expect(retried.retryOf == task && again != task)
        #expect(try await running.typed("task kill \(again)").status == 0)
    }

    private func retriedUntilItSucceeds(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let exec = try await running.typed("exec deck flaky --on local-1 --retries 2 \(marks.option) --json")
        #expect(exec.status == 0 && marks.lines("tries").count == 3, "\(exec)")
        let task = try exec.json
        #expect(task["state"] == "succeeded" && task["attempt"] == 3 && task["result"] == "at last", "\(exec)")
        let explained = try await running.typed("task explain \(task["id"]?.string ?? "")").output
        #expect(explained.contains("attempt 1 failed") && explained.contains("attempt 2 failed"), "\(explained)")

        let worn = try Marks(running)
        let once = try await running.typed("exec deck flaky --on local-1 --retries 1 \(worn.option)")
        #expect(once.status == 1 && worn.lines("tries").count == 2, "\(once)")
        let refused = try await running.typed("exec deck say --on local-1 --retries 1 \(worn.option)")
        #expect(refused.status == 1 && refused.errors.contains("idempotent"), "\(refused)")
    }

    private func onceForAnIdempotencyKey(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let center = try running.client()
        let request = TaskRequest(app: "deck", function: "note", target: "local-1", param: marks.param)
        let first = try await center.createTask(request, idempotencyKey: "deploy-12")
        let second = try await center.createTask(request, wait: .seconds(20), idempotencyKey: "deploy-12")
        #expect(first.id == second.id && second.state == .succeeded)
        #expect(marks.lines("starts") == [first.id])
        let other = TaskRequest(app: "deck", function: "note", target: "local-2", param: marks.param)
        await #expect {
            try await center.createTask(other, idempotencyKey: "deploy-12")
        } throws: {
            ($0 as? CenterError)?.code == "scheduler.idempotency.conflict"
        }
    }

    /// Some run, some have not been sent: each is done once and says so.
    private func allEndOnceWhenTheSchedulerIsKilled(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let center = try running.client()
        var ids: [String] = []
        for number in 0..<30 {
            let target = ["127.0.0.1", "127.0.0.2", Self.away][number % 3]
            let request = TaskRequest(app: "deck", function: "note", target: target, param: marks.param, startBy: 60)
            ids.append(try await center.createTask(request).id)
        }
        try await running.until("some run") { marks.lines("starts").count > 5 }
        try await running.restart("scheduler.yaml")
        for id in ids {
            let task = try await ended(running, id)
            #expect(task.state == .succeeded, "\(id) \(task.state) \(task.message)")
        }
        #expect(marks.lines("starts").sorted() == ids.sorted(), "each was started once")
    }

    private func ended(_ running: RunningCenter, _ id: String) async throws -> TaskRecord {
        let center = try running.client()
        try await running.until("\(id) ends") { (try? await center.task(id, wait: .seconds(5)).state.isEnd) == true }
        return try await center.task(id)
    }
}
