import ElvesClient
import Foundation
import Testing

/// One trace from the HTTP request over every program on the way to the agent and back into the record.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test func aTraceIsFollowedFromTheRequestToTheAgent() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        try await logEveryCall(running)
        try await running.until("a call succeeds again") {
            await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
        }
        for log in ["openapi", "scheduler", "agent-1"] { #expect(!running.logs(of: log).contains(Self.trace)) }

        var call = try ElvesCenter.creating(
            TaskRequest(app: "hello", function: "greet", target: "127.0.0.1"), wait: .seconds(20))
        call.headers.append(("traceparent", "00-\(Self.trace)-\(Self.span)-01"))
        let reply = try await center.exchange(call)
        #expect(reply.status == 200)

        // The answer continues the trace with a span of openapi's own.
        let answered = try #require(reply.header("Elves-Trace"))
        let parts = answered.split(separator: "-")
        try #require(parts.count == 4)
        #expect(parts[0] == "00" && parts[1] == Self.trace && parts[2] != Self.span && parts[3] == "01")
        let task = try RESTCoding.decoder().decode(TaskRecord.self, from: Data(reply.body))
        #expect(task.state == .succeeded)
        #expect(task.trace?.contains(Self.trace) == true)
        #expect(try await center.task(task.id).trace == task.trace, "the record keeps it")

        // Each program on the way says what it served for it.
        let path: [(log: String, key: String, value: String)] = [
            ("openapi", "http.path", "/api/v3/tasks"), ("scheduler", "thrift.method", "SchedulerService:execute"),
            ("agent-1", "thrift.method", "AgentService:run"),
        ]
        for hop in path {
            try await running.until("the log of \(hop.log) has \(hop.value)", within: .seconds(10)) {
                lines(running.logs(of: hop.log)).contains {
                    $0[hop.key] == hop.value && $0["trace"]?.contains(Self.trace) == true
                }
            }
        }

        // A failure names its trace, too.
        var wrong = try ElvesCenter.creating(
            TaskRequest(app: "nope", function: "greet", target: "127.0.0.1"), wait: .zero)
        let other = String(Self.trace.reversed())
        wrong.headers.append(("traceparent", "00-\(other)-\(Self.span)-00"))
        let problem = try await center.exchange(wrong)
        #expect(problem.status == 404)
        #expect(problem.header("Elves-Trace")?.hasPrefix("00-\(other)-") == true)
        #expect(try JSONDecoder().decode(Problem.self, from: Data(problem.body)).trace == other)
    }

    /// Has the programs on a task's way log JSON at `debug`, by their own settings, and starts them again.
    private func logEveryCall(_ running: RunningCenter) async throws {
        for role in ["scheduler", "openapi"] {
            try change(running, "\(role).yaml") { text in
                text.replacing("format: \"text\"", with: "format: \"json\"\n  level: \"debug\"")
            }
        }
        try change(running, "agent-1.conf") { $0 + "log_level = debug\nlog_format = json\n" }
        for part in ["scheduler.yaml", "openapi.yaml", "agent-1.conf"] {
            let pid = try #require(running.pid(of: part), "\(part) does not run")
            kill(pid, SIGKILL)
            try await running.until("\(part) runs again") { running.pid(of: part).map { $0 != pid } ?? false }
        }
    }

    private func change(_ running: RunningCenter, _ name: String, _ edit: (String) -> String) throws {
        let path = "\(running.dataPath)/config/\(name)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let changed = edit(text)
        try #require(changed != text, "\(text)")
        try Data(changed.utf8).write(to: URL(filePath: path))
    }

    /// The lines of a log that are JSON.
    private func lines(_ log: String) -> [[String: String]] {
        log.split(separator: "\n").compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
    }
}
