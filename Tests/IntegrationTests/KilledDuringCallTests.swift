import ElvesClient
import Foundation
import TestSupport
import Testing

/// Each program of a center is killed while a call is on its way through it: the caller hears something definite
/// before its deadline, and the next call works once the program is back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KilledDuringCallTests {
    /// How long the callers wait; more than the function takes.
    private static let wait = Duration.seconds(20)
    /// What an answer may take beyond `wait`, as docs/reference/rest.md promises, and what this machine may add.
    private static let slack = Duration.seconds(2) + .seconds(3)

    @Test func theCallerHearsSomethingDefiniteAndTheNextCallWorks() async throws {
        let running = try await RunningCenter.start(agents: 2)
        try await running.works()
        try await aTaskAtItsScheduler(running)
        try await aV2TaskAtItsScheduler(running)
        try await aTaskBesideIt(running, "heartbeat")
        try await aTaskBesideIt(running, "supervisor")
        try await aQuestion(running, to: "heartbeat", ["api", "v3", "agents"])
        try await aQuestion(running, to: "supervisor", ["api", "v3", "keys"])
        try await aTaskAtItsRunner(running)
        try await aTaskAtItsAgent(running)
        try await aV2TaskAtItsAgent(running)
        try await aTaskAtOpenapi(running)
    }

    @Test func aPausedProgramCostsNoCallerMoreThanItsWait() async throws {
        let running = try await RunningCenter.start(agents: 2)
        try await running.works()
        // More than a second, so that its worker runs before it ends; less than the worker takes.
        let napping = try await startNap(running, wait: .seconds(3))
        let scheduler = try #require(running.pid(of: "scheduler.yaml"))
        kill(scheduler, SIGSTOP)
        defer { kill(scheduler, SIGCONT) }
        let again = try nap(running, wait: .seconds(1)).call
        async let second = timed(running, again)
        let batch = Call(.get, ["api", "v3", "batches", "0123456789abcdef"], query: [("wait", "1")])
        async let third = timed(running, batch)
        for (heard, wait) in [(try await napping.value, 3), (try await second, 1), (try await third, 1)] {
            #expect(heard.reply.status == 504)
            #expect(try problem(heard.reply).code == "elves.deadline")
            #expect(heard.after < .seconds(wait) + Self.slack)
        }
        kill(scheduler, SIGCONT)
        try await running.works()

        let heartbeat = try #require(running.pid(of: "heartbeat.yaml"))
        kill(heartbeat, SIGSTOP)
        defer { kill(heartbeat, SIGCONT) }
        // Only heartbeat knows a name; the scheduler knows ips.
        let byName = TaskRequest(app: "hello", function: "greet", target: "local-2")
        let unnamed = try await timed(running, try ElvesCenter.creating(byName, wait: .seconds(1)))
        #expect(unnamed.reply.status == 504)
        #expect(try problem(unnamed.reply).code == "elves.deadline")
        #expect(unnamed.after < .seconds(1) + Self.slack)
        let byIp = TaskRequest(app: "hello", function: "greet", target: "127.0.0.2")
        let reached = try await timed(running, try ElvesCenter.creating(byIp, wait: Self.wait))
        #expect(reached.reply.status == 200, "\(String(decoding: reached.reply.body, as: UTF8.self))")
        #expect(reached.after < Self.wait + Self.slack)
    }

    // MARK: Scenes

    /// The scheduler dies: openapi says that the connection broke. The task goes on, and its record has its end later.
    private func aTaskAtItsScheduler(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: Self.wait)
        try await running.restart("scheduler.yaml")
        let reply = try await inTime(napping)
        #expect(reply.status == 502)
        let problem = try problem(reply)
        #expect(problem.code == "channel.closed" && problem.retryable)
        try await running.works()
    }

    /// The same for a client of ELVES 2.0: the text that it compares, and why beside it.
    private func aV2TaskAtItsScheduler(_ running: RunningCenter) async throws {
        let (asking, start) = try await startV2Nap(running)
        try await running.restart("scheduler.yaml")
        let answer = try await asking.value
        #expect(ContinuousClock.now - start < .seconds(Self.v2Timeout + 22) + Self.slack)
        #expect(answer.isError("[410.4]Job End Is Unknown"), "\(answer)")
        #expect(answer.reason?.isEmpty == false)
        try await running.works()
    }

    /// Heartbeat and supervisor are not on a task's way once it runs: it ends as if nothing had been.
    private func aTaskBesideIt(_ running: RunningCenter, _ role: String) async throws {
        let napping = try await startNap(running, wait: Self.wait)
        try await running.restart("\(role).yaml")
        let reply = try await inTime(napping)
        #expect(reply.status == 200)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))["result"] == "rested")
        try await running.works()
    }

    /// A call is held at the component by stopping it, so that it dies with the call in it.
    private func aQuestion(_ running: RunningCenter, to role: String, _ path: [String]) async throws {
        let pid = try #require(running.pid(of: "\(role).yaml"), "\(role) does not run")
        kill(pid, SIGSTOP)
        let asking = Task { try await timed(running, Call(.get, path, patience: .seconds(60))) }
        try await running.until("the call is under way") { await requestsNow(running) >= 2 }
        try await running.restart("\(role).yaml")
        let heard = try await asking.value
        #expect(heard.reply.status == 502)
        #expect(try problem(heard.reply).code == "channel.closed")
        #expect(heard.after < .seconds(10) + Self.slack, "what a call without wait may take")
        try await running.until("\(role) answers again") {
            await (try? exchange(running, Call(.get, path)).status) == 200
        }
    }

    /// The runner dies: the agent ends what is left of the worker and says that nobody knows its end.
    private func aTaskAtItsRunner(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: Self.wait)
        let runner = try #require(running.pid(of: "runner --root \(running.dataPath)/agents/1"), "no runner")
        kill(runner, SIGKILL)
        let reply = try await inTime(napping)
        #expect(reply.status == 200)
        let task = try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        #expect(task["state"] == "unknown" && task["code"] == "agent.runner.lost")
        try await running.works()
    }

    /// The agent dies: its worker goes on, and the caller hears how it ends when the agent is back.
    private func aTaskAtItsAgent(_ running: RunningCenter) async throws {
        let napping = try await startNap(running, wait: Self.wait)
        try await running.restart("agent-1.conf")
        let reply = try await inTime(napping)
        #expect(reply.status == 200)
        let task = try JSONDecoder().decode(JSONValue.self, from: Data(reply.body))
        #expect(task["state"] == "succeeded" && task["result"] == "rested", "\(task.text)")
        try await running.works()
    }

    private func aV2TaskAtItsAgent(_ running: RunningCenter) async throws {
        let (asking, start) = try await startV2Nap(running)
        try await running.restart("agent-1.conf")
        let answer = try await asking.value
        #expect(ContinuousClock.now - start < .seconds(Self.v2Timeout + 22) + Self.slack)
        #expect(answer.json["flag"] == "true", "\(answer)")
        try await running.works()
    }

    /// openapi dies: the connection ends, and the task goes on without it.
    private func aTaskAtOpenapi(_ running: RunningCenter) async throws {
        let (call, mark) = try nap(running, wait: Self.wait)
        let napping = Task { try await timed(running, call) }
        try await runs(running, mark)
        try await running.restart("openapi.yaml")
        let error = await #expect(throws: CenterError.self) { _ = try await napping.value }
        let words = error?.detail ?? ""
        #expect(words.contains("closed") || words.contains("reset"), "\(words)")
        try await running.until("the task came to its end") {
            FileManager.default.fileExists(atPath: mark.path(percentEncoded: false) + ".done")
        }
        try await running.works()
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

    /// An answer, and when it came after its call was sent.
    private struct Heard: Sendable {
        var reply: HTTPReply
        var after: Duration
    }

    /// Begins that call and returns when its worker runs.
    private func startNap(_ running: RunningCenter, wait: Duration) async throws -> Task<Heard, any Error> {
        let (call, mark) = try nap(running, wait: wait)
        let napping = Task { try await timed(running, call) }
        try await runs(running, mark)
        return napping
    }

    /// Seconds that a worker called through `/api/v2` has.
    private static let v2Timeout = 10

    /// The same through `/api/v2`.
    private func startV2Nap(
        _ running: RunningCenter
    ) async throws -> (Task<V2Answer, any Error>, start: ContinuousClock.Instant) {
        let mark = running.folder.appending(path: "nap-\(UUID().uuidString)")
        let param = JSONValue.object(["mark": .string(mark.path(percentEncoded: false))]).text
        let caller = try running.v2()
        let start = ContinuousClock.now
        let parameters = [
            "app": "hello", "func": "nap", "ip": "127.0.0.1", "param": param, "timeout": String(Self.v2Timeout),
        ]
        let asking = Task { try await caller.ask("/api/v2/rt/exec", parameters) }
        try await runs(running, mark)
        return (asking, start)
    }

    private func runs(_ running: RunningCenter, _ mark: URL) async throws {
        try await running.until("the worker runs") {
            FileManager.default.fileExists(atPath: mark.path(percentEncoded: false))
        }
    }

    private func inTime(_ napping: Task<Heard, any Error>) async throws -> HTTPReply {
        let heard = try await napping.value
        #expect(heard.after < Self.wait + Self.slack)
        return heard.reply
    }

    @Sendable private func timed(_ running: RunningCenter, _ call: Call) async throws -> Heard {
        let start = ContinuousClock.now
        let reply = try await exchange(running, call)
        return Heard(reply: reply, after: ContinuousClock.now - start)
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
}
