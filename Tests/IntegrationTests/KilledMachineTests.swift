import ElvesClient
import Foundation
import Testing

/// An agent, or the runner beside it, killed in the middle of a task of a real center.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KilledMachineTests {
    private let request = TaskRequest(app: "hello", function: "sleep", target: "127.0.0.1")

    @Test func anAgentThatIsKilledLosesNoTask() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        async let answer = center.createTask(request, wait: .seconds(60))
        try await running.until("the worker runs") { running.workers(of: "sleep").count == 2 }
        let workers = running.workers(of: "sleep")
        let agent = try #require(running.pid(of: "agent-1.conf"))
        kill(agent, SIGKILL)

        // The agent is back and works on; the worker never stopped, and the new agent knows of it.
        try await running.until("the agent runs again") { running.pid(of: "agent-1.conf").map { $0 != agent } ?? false }
        try await running.until("the next call succeeds") {
            await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
        }
        #expect(running.workers(of: "sleep") == workers)
        #expect(try running.agentStatus().contains("tasks running: 1"))

        // How the worker really ends is what the caller hears, who has waited all the while.
        for pid in running.workers(of: "sleep") where running.words(of: pid).first == "sleep" { kill(pid, SIGTERM) }
        let task = try await answer
        #expect(task.state == .failed, "\(task.state) \(task.code) \(task.message)")
        let explanation = try await running.elves("task", "explain", task.id)
        #expect(explanation.status == 0, "\(explanation)")
        let said = explanation.output
        #expect(said.contains("connection lost") && said.contains("agent back"), "\(explanation)")
        try await stops(running)
    }

    @Test func aRunnerThatIsKilledTakesItsTreeWithItAndTheTaskIsUnknown() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        async let answer = center.createTask(request, wait: .seconds(30))
        try await running.until("the worker runs") { running.workers(of: "sleep").count == 2 }
        let runner = try #require(running.pid(of: "elves-agent runner --root"))
        kill(runner, SIGKILL)

        let task = try await answer
        #expect(task.state == .unknown && task.code == "agent.runner.lost", "\(task.message)")
        #expect(task.message.contains("its processes were killed"))
        #expect(running.workers(of: "sleep").isEmpty)
        // The agent lives, and has another runner.
        #expect(try await center.run("hello", "greet", on: "127.0.0.1").state == .succeeded)
        let next = running.pid(of: "elves-agent runner --root")
        #expect(next != nil && next != runner)
        try await stops(running)
    }

    @Test func anAgentThatIsReplacedKillsNothing() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let center = try running.client()
        async let answer = center.createTask(request, wait: .seconds(60))
        try await running.until("the worker runs") { running.workers(of: "sleep").count == 2 }
        let workers = running.workers(of: "sleep")
        let runner = try #require(running.pid(of: "elves-agent runner --root"))
        let agent = try #require(running.pid(of: "agent-1.conf"))
        kill(agent, SIGTERM)

        try await running.until("the next agent runs") { running.pid(of: "agent-1.conf").map { $0 != agent } ?? false }
        try await running.until("the next call succeeds") {
            await (try? center.run("hello", "greet", on: "127.0.0.1").state) == .succeeded
        }
        #expect(running.workers(of: "sleep") == workers)
        #expect(running.pid(of: "elves-agent runner --root") == runner)
        #expect(try running.agentStatus().contains("tasks running: 1"))
        for pid in workers where running.words(of: pid).first == "sleep" { kill(pid, SIGTERM) }
        let task = try await answer
        try await running.until("the end is on record") {
            (try? running.journalledEnd(of: task.id)?.contains("\"failed\"")) == true
        }
        // What really ends an agent and all of its own.
        let stop = try Typed(
            running: RunningCenter.program("elves-agent"),
            ["stop", "--kill", "--root", running.dataPath + "/agents/1"], [:])
        #expect(stop.status == 0 && stop.output.contains("ended"), "\(stop)")
        try await stops(running)
    }

    private func stops(_ running: RunningCenter) async throws {
        kill(running.process.processIdentifier, SIGTERM)
        try await running.until("stopped", within: .seconds(10)) { !running.process.isRunning }
        #expect(running.processes.isEmpty)
    }
}
