import ElvesClient
import Foundation
import Testing

/// An agent, or the runner beside it, killed in the middle of a task of a real center.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KilledMachineTests {
    private let request = TaskRequest(app: "hello", function: "sleep", target: "127.0.0.1")

    @Test func anAgentThatIsKilledLeavesItsTaskUnknownAndItsWorkerAdopted() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        async let answer = center.createTask(request, wait: .seconds(30))
        try await running.until("the worker runs") { sleepers(of: running).count == 2 }
        let workers = sleepers(of: running)
        let agent = try #require(running.pid(of: "agent-1.conf"))
        let killed = ContinuousClock.now
        kill(agent, SIGKILL)

        // The caller is told long before its own patience ends, and why.
        let task = try await answer
        #expect(ContinuousClock.now - killed < .seconds(15))
        #expect(task.state == .unknown && task.code == "scheduler.agent.lost", "\(task.message)")
        let explanation = try await running.elves("task", "explain", task.id)
        #expect(explanation.status == 0, "\(explanation)")
        let said = explanation.output
        #expect(said.contains("unknown") && said.contains("channel.lost"), "\(explanation)")

        // The agent is back and works on; the worker never stopped, and the new agent knows of it.
        try await running.until("the agent runs again") { running.pid(of: "agent-1.conf").map { $0 != agent } ?? false }
        try await running.until("the next call succeeds") {
            await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
        }
        #expect(sleepers(of: running) == workers)
        #expect(try agentStatus(running).contains("tasks running: 1"))

        // How it ends is on the machine: in the status and the journal.
        for pid in sleepers(of: running) where words(of: pid).first == "sleep" { kill(pid, SIGTERM) }
        try await running.until("the end is on record") {
            let line = try? agentStatus(running).split(separator: "\n").first { $0.contains(task.id) }
            return line.map { $0.contains("FAILED") && $0.contains("adopted after a restart") } ?? false
        }
        let id = try #require(Int64(task.id, radix: 16))
        let journal = try String(contentsOfFile: running.dataPath + "/agents/1/journal/attempts.jsonl", encoding: .utf8)
        let end = journal.split(separator: "\n").last { $0.contains("\"end\":\(id)") }
        #expect(end?.contains("FAILED") == true, "\(journal)")
        try await stops(running)
    }

    @Test func aRunnerThatIsKilledTakesItsTreeWithItAndTheTaskIsUnknown() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        async let answer = center.createTask(request, wait: .seconds(30))
        try await running.until("the worker runs") { sleepers(of: running).count == 2 }
        let runner = try #require(running.pid(of: "elves-agent runner --root"))
        kill(runner, SIGKILL)

        let task = try await answer
        #expect(task.state == .unknown && task.code == "agent.runner.lost", "\(task.message)")
        #expect(task.message.contains("its processes were killed"))
        #expect(sleepers(of: running).isEmpty)
        // The agent lives, and has another runner.
        #expect(try await center.run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        let next = running.pid(of: "elves-agent runner --root")
        #expect(next != nil && next != runner)
        try await stops(running)
    }

    /// Processes of the center's workers that run `sleep`, lowest first.
    private func sleepers(of running: RunningCenter) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).sorted().filter { pid in
            let variables = strings("/proc/\(pid)/environ")
            return variables.contains("ELVES_FUNCTION=sleep")
                && variables.contains { $0.hasPrefix("ELVES_STATE_DIR=" + running.dataPath) }
        }
    }

    private func words(of pid: Int32) -> [String] { strings("/proc/\(pid)/cmdline") }

    private func strings(_ path: String) -> [String] {
        (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What `elves-agent status` prints.
    private func agentStatus(_ running: RunningCenter) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = RunningCenter.program("elves-agent")
        process.arguments = ["status", "--root", running.dataPath + "/agents/1"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    private func stops(_ running: RunningCenter) async throws {
        kill(running.process.processIdentifier, SIGTERM)
        try await running.until("stopped", within: .seconds(10)) { !running.process.isRunning }
        #expect(running.processes.isEmpty)
    }
}
