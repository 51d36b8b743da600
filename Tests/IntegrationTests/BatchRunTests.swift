import ElvesClient
import Foundation
import Testing

/// Batches, locks and limits on the agents of a real center.
@Suite(.serialized, .timeLimit(.minutes(3))) struct BatchRunTests {
    private static let agents = 6

    @Test func batchesStopFoldAndKeepTheirBounds() async throws {
        let running = try await RunningCenter.start(agents: Self.agents, apps: [.deck, .otherDeck, .narrowDeck])
        try await failuresStopIt(running, "1", most: 1, atOnce: 2)
        try await failuresStopIt(running, "20%", most: 1, atOnce: 1)
        try await oneThatStopsKills(running)
        try await endsAreFolded(running)
        try await oneAtATimeOverTwoApps(running)
        try await fullIsRejected(running)
        try await anAppLeavesOthersRoomToWait(running)
        try await anAppHasItsLimitAtTheCenter(running)
    }

    // MARK: Scenes

    /// With `most` failures allowed and `atOnce` in flight, at most `most + atOnce` end badly; the rest never starts.
    private func failuresStopIt(_ running: RunningCenter, _ limit: String, most: Int, atOnce: Int) async throws {
        let exec = try await running.typed("exec hello fail --on * --max-failures \(limit) --concurrency \(atOnce)")
        #expect(exec.status == 1 && exec.output.contains("cancelled"), "\(exec)")
        let batch = try #require(try await running.client().batches(limit: 1).batches.first)
        let failed = batch.states["failed"] ?? 0
        #expect((most + 1...most + atOnce).contains(failed), "\(batch.states)")
        #expect(batch.states["cancelled"] == Self.agents - failed, "\(batch.states)")
        #expect(batch.stopReason == "\(most + 1) tasks ended badly; at most \(most) may")
        let ends = try await running.client().ends(ofBatch: batch.id)
        #expect(ends.done && Set(ends.tasks.map(\.agent.ip)).count == Self.agents)
        for end in ends.tasks where end.state == .cancelled {
            #expect(end.code == "scheduler.batch.failures" && end.startedAt == nil)
        }
        let shown = try await running.typed("batch show \(batch.id)")
        #expect(shown.output.contains("stops at  more than \(limit) failed"), "\(shown)")
    }

    /// What runs is killed with its children, what waits is cancelled, and the answer comes when that is on record.
    private func oneThatStopsKills(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let batch = try await running.typed(
            "exec deck family --on * --concurrency 4 --async --yes \(marks.option)"
        ).word
        try await running.until("four run") { running.workers(of: "family").count == 12 }
        let stopped = try await running.typed("batch stop \(batch) --kill --reason enough")
        #expect(stopped.status == 0, "\(stopped)")
        let record = try await running.client().batch(batch, wait: .seconds(20))
        #expect(record.states == ["killed": 4, "cancelled": 2], "\(record.states)")
        #expect(record.stopReason == "stopped by request: enough")
        #expect(running.workers(of: "family").isEmpty)
        let list = try await running.typed("batch list -n 1")
        #expect(list.output.contains("4 killed, 2 cancelled") && list.output.contains("stopped"), "\(list)")
    }

    private func endsAreFolded(_ running: RunningCenter) async throws {
        let marks = try (1...2).map { try Marks(running, "fold-\($0)") }
        try marks[0].leave("go")
        let first = try await running.typed("exec deck say --on * --exclude local-6 \(marks[0].option)")
        #expect(first.status == 0 && first.output.hasPrefix(#"5 ✓ "said""#), "\(first)")
        // They wait for a file that never comes, and run out of time.
        let request = BatchRequest(
            app: "deck", function: "say", targets: "local-5,local-6", param: marks[1].param, timeout: 2)
        let second = try await running.client().createBatch(request)
        let ended = try await running.client().batch(second.id, wait: .seconds(30))
        #expect(ended.states == ["timed_out": 2])
        let groups = try await running.typed("batch groups \(second.id)")
        #expect(groups.output.hasPrefix("2 timed_out (agent.worker.timeout): "), "\(groups)")
        #expect(groups.output.contains("\n  first\n"), "\(groups)")
    }

    /// Functions of two apps that name the same lock, on one machine.
    private func oneAtATimeOverTwoApps(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let center = try running.client()
        var ids: [String] = []
        for number in 0..<10 {
            let app = number % 2 == 0 ? "deck" : "other"
            let request = TaskRequest(app: app, function: "door", target: "local-1", param: marks.param)
            ids.append(try await center.createTask(request).id)
        }
        for id in ids { #expect(try await center.task(id, wait: .seconds(30)).state == .succeeded) }
        #expect(!marks.has("met"), "\(marks.lines("met"))")
        let visits = marks.lines("visits").map { $0.split(separator: " ") }
        try #require(visits.count == 20)
        #expect(Set(visits.map { $0[0] }) == ["deck", "other"])
        for (enter, leave) in zip(visits, visits.dropFirst()).enumerated().filter({ $0.offset % 2 == 0 }).map(\.element)
        {
            #expect(enter[1] == "in" && leave[1] == "out" && enter[0] == leave[0] && enter[2] < leave[2])
        }
    }

    /// An app that runs once at a time on a machine where one more may wait.
    private func fullIsRejected(_ running: RunningCenter) async throws {
        try await running.restart("agent-2.conf", adding: "max_waiting = 1\n")
        try await running.works(on: "127.0.0.2")
        let marks = try Marks(running)
        let center = try running.client()
        let request = TaskRequest(app: "narrow", function: "say", target: "local-2", param: marks.param)
        let first = try await center.createTask(request)
        try await running.until("it runs") { running.workers(of: "say").isEmpty == false }
        let second = try await center.createTask(request)
        try await running.until("the agent has both") {
            (try? await center.task(second.id).state) == .dispatched
        }
        let third = try await running.typed("exec narrow say --on local-2 \(marks.option)")
        #expect(third.status == 1 && third.errors.contains("rejected"), "\(third)")
        #expect(third.errors.contains("agent.app.full"), "\(third)")
        // Another app has its place.
        #expect(try await center.run("hello", "greet", on: "local-2").state == .succeeded)
        try marks.leave("go")
        for task in [first, second] {
            #expect(try await center.task(task.id, wait: .seconds(30)).state == .succeeded)
        }
    }

    /// On a machine with one place an app has as many waiting as it may; another still comes to wait.
    private func anAppLeavesOthersRoomToWait(_ running: RunningCenter) async throws {
        try await running.restart("agent-3.conf", adding: "max_running = 1\nmax_waiting = 8\n")
        try await running.works(on: "127.0.0.3")
        let marks = try Marks(running)
        let center = try running.client()
        let request = TaskRequest(app: "narrow", function: "say", target: "local-3", param: marks.param)
        async let first = center.createTask(request, wait: .seconds(60))
        async let second = center.createTask(request, wait: .seconds(60))
        async let third = center.createTask(request, wait: .seconds(60))
        try await running.until("one runs and two wait") {
            (try? running.agentStatus(3))?.contains("\n  narrow 1.0.0  1 running, 2 waiting\n") == true
        }
        let fourth = try await running.typed("exec narrow say --on local-3 \(marks.option)")
        #expect(fourth.status == 1 && fourth.errors.contains("agent.app.full"), "\(fourth)")
        #expect(fourth.errors.contains("limits.waiting"), "\(fourth)")
        async let other = center.run("hello", "greet", on: "local-3")
        try await running.until("the other app's waits, too") {
            (try? running.agentStatus(3))?.contains("\ntasks running: 1\ntasks waiting: 3\n") == true
        }
        try marks.leave("go")
        #expect(try await [first.state, second.state, third.state] == [.succeeded, .succeeded, .succeeded])
        #expect(try await other.state == .succeeded)
        #expect(try running.agentStatus(3).contains("\ntasks waiting: 0\n"))
    }

    /// `limits.apps` of the scheduler: a call that does not wait is refused, a durable one waits.
    private func anAppHasItsLimitAtTheCenter(_ running: RunningCenter) async throws {
        try await running.restart("scheduler.yaml", adding: "limits:\n  apps: deck=1\n")
        for number in 1...3 { try await running.works(on: "127.0.0.\(number)") }
        let marks = try Marks(running)
        let center = try running.client()
        func request(_ target: String) -> TaskRequest {
            TaskRequest(app: "deck", function: "say", target: target, param: marks.param)
        }
        let first = try await center.createTask(request("local-1"))
        try await running.until("it runs") { running.workers(of: "say").isEmpty == false }
        let second = try await center.createTask(request("local-3"))
        #expect(second.state == .created)
        await #expect {
            try await center.createTask(request("local-3"), wait: .seconds(5))
        } throws: {
            ($0 as? CenterError)?.code == "scheduler.app.full"
        }
        #expect(try await center.task(second.id).state == .created)
        try marks.leave("go")
        for task in [first, second] {
            #expect(try await center.task(task.id, wait: .seconds(30)).state == .succeeded)
        }
    }
}
