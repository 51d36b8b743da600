import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// What becomes of workers and tasks when the runner process is killed.
@Suite struct RunnerDeathTests {
    @Test func aDeadRunnersWorkersAreKilled() async throws {
        let live = try await LiveRunner()
        let argument = "7\(freshTask())"
        let order = live.order("(setsid sleep \(argument) &) ; sleep \(argument)")
        let waiting = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { running(argument) == 2 })
        kill(live.pid, SIGKILL)
        await #expect(throws: (any Error).self) { try await waiting.value }
        #expect(running(argument) == 2)
        #expect(await StrayWorkers.end(AttemptKey(taskId: order.taskId)) == 0)
        #expect(running(argument) == 0)
    }

    /// Without cgroups, with no environment and another session: found by its mark.
    @Test func whatHidesFromADeadRunnerIsKilled() async throws {
        let live = try await LiveRunner(cgroup: "off")
        let argument = "7\(freshTask())"
        let order = hidden(argument, live)
        let waiting = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { live.folder.text("on") != nil && running(argument) == 2 })
        kill(live.pid, SIGKILL)
        await #expect(throws: (any Error).self) { try await waiting.value }
        #expect(running(argument) == 2)
        #expect(await StrayWorkers.end(AttemptKey(taskId: order.taskId)) == 0)
        #expect(running(argument) == 0)
    }

    /// A worker whose hidden process has another session, no parent and no environment.
    private func hidden(_ argument: String, _ live: LiveRunner) -> Spawn {
        live.order(
            "(env -i setsid sh -c '(sleep \(argument) &) ; : > \(live.folder.path)/on; sleep \(argument)' &) ; "
                + "sleep 1000")
    }

    @Test func theNextRunnerEndsWhatADeadOneLeft() async throws {
        let live = try await LiveRunner()
        guard live.hasGroups else { return }
        let argument = "7\(freshTask())"
        let order = hidden(argument, live)
        let waiting = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { live.folder.text("on") != nil && running(argument) == 2 })
        kill(live.pid, SIGKILL)
        await #expect(throws: (any Error).self) { try await waiting.value }
        let next = try await LiveRunner(live.folder)
        #expect(running(argument) == 0)
        #expect(try await next.client.run(spawn: next.order("exit 6")).exitCode == 6)
    }

    @Test func theAgentEndsWhatHidesFromItWhenItsRunnerDies() async throws {
        let bench = try await Bench([])
        await bench.stop()
        let link = RunnerLink(bench.folder)
        try await link.start()
        guard bench.folder.text("run/cgroup") != nil else { return await link.stop() }
        let argument = "9\(freshTask())"
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()),
            command: [
                "/bin/sh", "-c",
                "(env -i setsid sh -c '(sleep \(argument) &) ; sleep \(argument)' &) ; sleep \(argument)",
            ], environment: ["PATH": "/usr/bin:/bin"])
        let waiting = Task { try await link.run(order) }
        #expect(try await eventually { running(argument) == 3 })
        let pid = try #require(await link.pid)
        kill(pid, SIGKILL)
        let error = await #expect(throws: ElvesError.self) { try await waiting.value }
        #expect(error?.code == .agentRunnerLost)
        #expect(running(argument) == 0)
        await link.stop()
    }

    @Test func aRunnerThatDiesTakesItsTasksToUnknown() async throws {
        let bench = try await Bench([])
        await bench.stop()
        let link = RunnerLink(bench.folder)
        try await link.start()
        let argument = "9\(freshTask())"
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "sleep \(argument) & sleep \(argument)"],
            environment: ["PATH": "/usr/bin:/bin"])
        let waiting = Task { try await link.run(order) }
        #expect(try await eventually { running(argument) == 2 })
        let connection = try await LiveRunner.dial(bench.folder)
        let pid = try #require(Int32(connection.hello.instance.dropFirst("runner-".count)))
        kill(pid, SIGKILL)
        let error = await #expect(throws: ElvesError.self) { try await waiting.value }
        #expect(error?.code == .agentRunnerLost)
        #expect(running(argument) == 0)
        // The next task gets a new runner.
        let next = WorkerOrder(key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "exit 3"])
        #expect(try await link.run(next).status == .exited(3))
        await link.stop()
    }

    /// The one that stands still is killed: then nobody will ever know.
    @Test func aRunnerThatStandsStillAndDiesTakesItsTasksToUnknown() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let first = RunnerLink(folder)
        try await first.start()
        let runner = try #require(await first.pid)
        let argument = "9\(freshTask())"
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "sleep \(argument) & sleep \(argument)"],
            environment: ["PATH": "/usr/bin:/bin"])
        let waiting = Task { try? await first.run(order) }
        defer { waiting.cancel() }
        #expect(try await eventually { running(argument) == 2 })
        await first.leave()
        kill(runner, SIGSTOP)
        let journal = try AttemptJournal(folder: folder.agent.journal)
        #expect(try await journal.begin(taken(order.key.taskId)))
        journal.close()
        let next = try AttemptJournal(folder: folder.agent.journal)
        let second = RunnerLink(folder, patience: .milliseconds(100))
        let successor = TaskHost(scriptsOn: second, next)
        await successor.adopt()
        #expect(try await eventually { await second.silences > 0 })
        kill(runner, SIGKILL)
        #expect(try await successor.resume(order.key).state == .unknown)
        #expect(running(argument) == 0)
        // The next task gets a new runner.
        let after = WorkerOrder(key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "exit 3"])
        #expect(try await second.run(after).status == .exited(3))
        await second.stop()
    }
}
