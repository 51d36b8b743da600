import ElvesClient
import Foundation
import Testing

/// Real processes over mutual TLS, started as a user starts them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WholeCenterTests {
    @Test func everyKindOfCallReachesTheAgents() async throws {
        let running = try await RunningCenter.start(agents: 3)
        let center = try running.client()

        let task = try await center.run("hello", "greet", on: "127.0.0.1")
        #expect(task.state == .succeeded, "\(task.message)\n\(running.logs)")
        #expect(task.result == "hello from greet")

        let failed = try await center.run("hello", "fail", on: "127.0.0.2")
        #expect(failed.state == .failed)
        #expect(failed.message == "as asked")

        let batch = try await center.createBatch(BatchRequest(app: "hello", function: "greet", targets: "*"))
        let ended = try await center.batch(batch.id, wait: .seconds(20))
        #expect(ended.states == ["succeeded": 3])
        #expect(Set(try await center.ends(ofBatch: batch.id).tasks.map(\.agent.ip)).count == 3)

        let exec = ["app": "hello", "func": "greet", "ip": "127.0.0.3"]
        let answer = try await running.v2().ask("/api/v2/rt/exec", exec)
        #expect(answer.json["flag"] == "true")
        #expect(answer.result?["worker_flag"] == 1)

        let greeting = try await running.elves("exec", "hello", "greet", "--on", "127.0.0.1")
        #expect(greeting.status == 0, "\(greeting)")
        #expect(greeting.output == "hello from greet\n")
        let folded = try await running.elves("exec", "hello", "greet", "--on", "*")
        #expect(folded.status == 0)
        #expect(folded.output.hasPrefix(#"3 ✓ "hello from greet""#))
        let unknown = try await running.elves("exec", "nope", "greet", "--on", "127.0.0.1")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains(#"no app "nope""#))

        try machinesSay(running, failed: failed.id)
        try await stops(running, by: SIGINT)
    }

    @Test func aSecondOneOnTheSameFolderIsRefused() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let second = try await running.elves("up", "--data", running.dataPath, "--port", "0")
        #expect(second.status == 2)
        #expect(second.errors.contains("error: cli.up.running: another elves up (pid "))
        #expect(try await running.client().run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        try await stops(running, by: SIGTERM)
    }

    @Test func theNextCallWorksAfterAnyProcessWasKilled() async throws {
        let running = try await RunningCenter.start(agents: 2)
        let center = try running.client()
        let parts = ["scheduler.yaml", "heartbeat.yaml", "supervisor.yaml", "openapi.yaml", "agent-1.conf"]
        for part in parts {
            let pid = try #require(running.pid(of: part), "\(part) does not run")
            kill(pid, SIGKILL)
            try await running.until("\(part) runs again") { running.pid(of: part).map { $0 != pid } ?? false }
            try await running.until("a call succeeds after the end of \(part)") {
                await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
            }
        }
        try await stops(running, by: SIGTERM)
    }

    @Test(arguments: ["the one in front", "the keeper"]) func nothingIsLeftWhenElvesUpIsKilled(which: String)
        async throws
    {
        let running = try await RunningCenter.start(agents: 2)
        let center = try running.client()
        _ = try await center.createTask(TaskRequest(app: "hello", function: "sleep", target: "127.0.0.1"))
        let keeper = try #require(running.pid(of: "--keeper"))
        kill(which == "the keeper" ? keeper : running.process.processIdentifier, SIGKILL)
        try await running.until("every process is gone", within: .seconds(20)) { running.processes.isEmpty }
    }

    /// A worker that ignores TERM, and what it left in a session of its own, end by KILL; its agent sees that and
    /// notes it before it ends by itself.
    @Test func itStopsInTimeWhileAWorkerIgnoresTERM() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        let task = try await center.createTask(TaskRequest(app: "hello", function: "stubborn", target: "127.0.0.1"))
        try await running.until("both sleepers run") {
            running.workers(of: "stubborn").count { running.words(of: $0).first == "sleep" } == 2
        }
        kill(running.process.processIdentifier, SIGINT)
        try await running.until("stopped", within: .seconds(12)) { !running.process.isRunning }
        #expect(running.process.terminationStatus == 0, "\(running.said)")
        #expect(running.workers(of: "stubborn").isEmpty)
        #expect(running.processes.isEmpty)
        #expect(try running.journalledEnd(of: task.id)?.contains("\"killed\"") == true, "\(running.logs)")
    }

    /// It ends by itself within ten seconds and leaves no process behind.
    private func stops(_ running: RunningCenter, by signal: Int32) async throws {
        kill(running.process.processIdentifier, signal)
        try await running.until("stopped", within: .seconds(10)) { !running.process.isRunning }
        #expect(running.process.terminationStatus == 0)
        #expect(running.processes.isEmpty)
    }

    /// `elves-agent status` on two machines, one of which has had a task that failed.
    private func machinesSay(_ running: RunningCenter, failed: String) throws {
        let lines = try running.agentStatus(2).split(separator: "\n").map(String.init)
        #expect(lines.first?.contains("127.0.0.2") == true, "\(lines)")
        for peer in ["scheduler", "heartbeat"] {
            #expect(lines.contains { $0.hasPrefix("\(peer): last contact ") }, "\(lines)")
        }
        #expect(lines.contains("tasks running: 0") && lines.contains("  hello 1.0.0"), "\(lines)")
        let tasks = lines.drop { $0 != "last tasks" }.dropFirst().prefix { $0.hasPrefix("  ") }
        #expect(tasks.last?.contains("\(failed)  hello fail  FAILED") == true, "the first task is the last: \(lines)")
        #expect(tasks.first?.contains("hello greet  SUCCEEDED") == true, "\(lines)")
        let errors = lines.drop { $0 != "last errors" }.dropFirst()
        #expect(errors.count == 1 && errors.first?.hasSuffix("hello fail: as asked") == true, "\(lines)")
        #expect(try running.agentStatus(3).contains("\nno errors\n"))
    }
}
