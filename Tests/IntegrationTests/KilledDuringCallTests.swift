import ElvesClient
import Foundation
import TestSupport
import Testing

/// Each program of a center is killed while a call is on its way through it: the caller hears something definite
/// before its deadline, and the next call works once the program is back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KilledDuringCallTests {
    /// What openapi adds to a caller's `wait` before it gives a component up.
    private static let patience = Duration.seconds(10)

    @Test func theCallerHearsSomethingDefiniteAndTheNextCallWorks() async throws {
        let running = try await RunningCenter.start(agents: 2)
        try await works(running)
        try await aTaskAtItsScheduler(running)
        try await aTaskBesideIt(running, "heartbeat")
        try await aTaskBesideIt(running, "supervisor")
        try await aQuestion(running, to: "heartbeat", ["api", "v3", "agents"])
        try await aQuestion(running, to: "supervisor", ["api", "v3", "keys"])
        try await aTaskAtItsRunner(running)
        try await aTaskAtItsAgent(running)
        try await aTaskAtOpenapi(running)
    }

    @Test func aPausedSchedulerCostsNoCallerMoreThanItsPatience() async throws {
        let running = try await RunningCenter.start(agents: 1)
        try await works(running)
        let napping = try await startNap(running, wait: .seconds(1))
        let scheduler = try #require(running.pid(of: "scheduler.yaml"))
        kill(scheduler, SIGSTOP)
        defer { kill(scheduler, SIGCONT) }
        let start = ContinuousClock.now
        let again = try nap(running, wait: .seconds(1)).call
        async let second = exchange(running, again)
        async let third = exchange(running, Call(.get, ["api", "v3", "batches", "0123456789abcdef"]))
        let replies = try await [napping.value, second, third]
        #expect(ContinuousClock.now - start < .seconds(1) + Self.patience + .seconds(5))
        for reply in replies {
            #expect(reply.status == 504)
            #expect(try problem(reply).code == "elves.deadline")
        }
        kill(scheduler, SIGCONT)
        try await works(running)
    }

    // MARK: Scenes

    /// The scheduler dies: nobody knows how the task ends, and openapi says that the connection broke.
    private func aTaskAtItsScheduler(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: .seconds(60))
        try await restart(running, "scheduler.yaml")
        let reply = try await napping.value
        #expect(reply.status == 502)
        let problem = try problem(reply)
        #expect(problem.code == "channel.closed" && problem.retryable)
        try await works(running)
    }

    /// Heartbeat and supervisor are not on a task's way once it runs: it ends as if nothing had been.
    private func aTaskBesideIt(_ running: RunningCenter, _ role: String) async throws {
        let napping = try await startNap(running, wait: .seconds(60))
        try await restart(running, "\(role).yaml")
        let reply = try await napping.value
        #expect(reply.status == 200)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))["result"] == "rested")
        try await works(running)
    }

    /// A call is held at the component by stopping it, so that it dies with the call in it.
    private func aQuestion(_ running: RunningCenter, to role: String, _ path: [String]) async throws {
        let pid = try #require(running.pid(of: "\(role).yaml"), "\(role) does not run")
        kill(pid, SIGSTOP)
        let asking = Task { try await exchange(running, Call(.get, path, patience: .seconds(60))) }
        try await running.until("the call is under way") { await requestsNow(running) >= 2 }
        try await restart(running, "\(role).yaml")
        let reply = try await asking.value
        #expect(reply.status == 502)
        #expect(try problem(reply).code == "channel.closed")
        try await running.until("\(role) answers again") {
            await (try? exchange(running, Call(.get, path)).status) == 200
        }
    }

    /// The runner dies: the agent ends what is left of the worker and says that nobody knows its end.
    private func aTaskAtItsRunner(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: .seconds(60))
        let runner = try #require(running.pid(of: "runner --root \(running.dataPath)/agents/1"), "no runner")
        kill(runner, SIGKILL)
        let reply = try await napping.value
        #expect(reply.status == 200)
        let task = try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        #expect(task["state"] == "unknown" && task["code"] == "agent.runner.lost")
        try await works(running)
    }

    /// The agent dies: its task's end is unknown to the center.
    private func aTaskAtItsAgent(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: .seconds(60))
        try await restart(running, "agent-1.conf")
        let reply = try await napping.value
        #expect(reply.status == 200)
        let task = try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        #expect(task["state"] == "unknown" && task["code"] == "scheduler.agent.lost")
        try await works(running)
    }

    /// openapi dies: the connection ends, and the task goes on without it.
    private func aTaskAtOpenapi(_ running: RunningCenter) async throws {
        let (call, mark) = try nap(running, wait: .seconds(60))
        let napping = try await start(running, call, mark)
        try await restart(running, "openapi.yaml")
        let error = await #expect(throws: CenterError.self) { _ = try await napping.value }
        let words = error?.detail ?? ""
        #expect(words.contains("closed") || words.contains("reset"), "\(words)")
        try await running.until("the task came to its end") {
            FileManager.default.fileExists(atPath: mark.path(percentEncoded: false) + ".done")
        }
        try await works(running)
    }

    // MARK: Calls

    /// A call of a function that takes four seconds, and the file that it makes when it has begun.
    private func nap(_ running: RunningCenter, wait: Duration) throws -> (call: Call, mark: URL) {
        let mark = running.folder.appending(path: "nap-\(UUID().uuidString)")
        let request = TaskRequest(
            app: "hello", function: "nap", target: "127.0.0.1",
            param: ["mark": .string(mark.path(percentEncoded: false))])
        return (try ElvesCenter.creating(request, wait: wait), mark)
    }

    /// Begins such a call and returns when its worker runs.
    private func startNap(_ running: RunningCenter, wait: Duration) async throws -> Task<HTTPReply, any Error> {
        let (call, mark) = try nap(running, wait: wait)
        return try await start(running, call, mark)
    }

    private func start(_ running: RunningCenter, _ call: Call, _ mark: URL) async throws -> Task<HTTPReply, any Error> {
        let napping = Task { try await exchange(running, call) }
        try await running.until("the worker runs") {
            FileManager.default.fileExists(atPath: mark.path(percentEncoded: false))
        }
        return napping
    }

    @Sendable private func exchange(_ running: RunningCenter, _ call: Call) async throws -> HTTPReply {
        try await running.client().exchange(call)
    }

    private func problem(_ reply: HTTPReply) throws -> Problem {
        #expect(reply.header("Content-Type") == "application/problem+json")
        return try JSONDecoder().decode(Problem.self, from: Data(reply.body))
    }

    /// Requests that openapi is serving, the one that asks among them.
    private func requestsNow(_ running: RunningCenter) async -> Int {
        guard let reply = try? await exchange(running, Call(.get, ["metrics"])) else { return 0 }
        let text = String(decoding: reply.body, as: UTF8.self)
        return text.firstMatch(of: #/(?m)^elves_http_requests_now (\d+)/#).flatMap { Int($0.1) } ?? 0
    }

    /// Kills it and returns when its successor runs.
    private func restart(_ running: RunningCenter, _ part: String) async throws {
        let pid = try #require(running.pid(of: part), "\(part) does not run")
        kill(pid, SIGKILL)
        try await running.until("\(part) runs again") { running.pid(of: part).map { $0 != pid } ?? false }
    }

    private func works(_ running: RunningCenter) async throws {
        let center = try running.client()
        try await running.until("the next call works") {
            await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
        }
    }
}
