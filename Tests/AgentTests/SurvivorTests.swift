import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing
import Thrift

@testable import Agent

/// Processes that KILL does not end are counted in the result, whoever tried it.
@Suite(.enabled(if: Tracer.isPermitted, "tracing a process is not permitted here"), .timeLimit(.minutes(3)))
struct SurvivorTests {
    private static func pids(_ argument: String) -> [Int32] {
        Disk.names(in: "/proc").filter { name in
            let words = (try? Disk.read("/proc/\(name)/cmdline"))?.split(separator: 0) ?? []
            return words.contains { Array($0) == Array(argument.utf8) }
        }.compactMap { Int32($0) }
    }

    /// The one process with that argument, once it runs.
    private static func pid(_ argument: String) async throws -> Int32 {
        #expect(try await eventually { pids(argument).count == 1 })
        return try #require(pids(argument).first)
    }

    private func ask(_ script: String, timeoutMs: Int64? = nil) -> RunTask {
        RunTask(taskId: freshTask(), attempt: 1, app: "app", func: script, timeoutMs: timeoutMs)
    }

    /// Both ways in which the runner finds what belongs to a worker.
    @Test(arguments: [[], ["--cgroup", "off"]]) func aWorkerThatOutlivesKILLIsCounted(flags: [String]) async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let link = RunnerLink(folder, flags: flags)
        let tasks = TaskHost(scriptsOn: link, grace: .milliseconds(100))
        let argument = "5\(freshTask())"
        let task = ask("exec sleep \(argument)")
        async let running = tasks.run(task)
        let pid = try await Self.pid(argument)
        let tracer = try Tracer(pid)
        try await tasks.kill(taskId: task.taskId)
        let result = try await running
        #expect(result.survivors == 1 && result.code == "runner.survivors" && result.state == .killed)
        #expect(result.message.contains("1 of its processes outlived KILL"), "\(result.message)")
        #expect(result.exitCode == nil && result.signal == nil)
        #expect(Self.pids(argument).isEmpty == false || Disk.exists("/proc/\(pid)"))
        // The runner works on, and takes it away once it can end.
        #expect(try await tasks.run(ask("exit 4")).exitCode == 4)
        #expect(Disk.exists("/proc/\(pid)"))
        tracer.letGo()
        #expect(try await eventually { !Disk.exists("/proc/\(pid)") })
        await link.stop()
    }

    @Test func whatAWorkerLeftAndOutlivesKILLIsCounted() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let link = RunnerLink(folder)
        let tasks = TaskHost(scriptsOn: link, grace: .milliseconds(100))
        let argument = "5\(freshTask())"
        let go = folder.path + "/go"
        async let running = tasks.run(
            ask("env -i setsid sleep \(argument) & while [ ! -e \(go) ]; do sleep 0.02; done; printf 7 >&3"))
        let pid = try await Self.pid(argument)
        let tracer = try Tracer(pid)
        try folder.write("go", "")
        let result = try await running
        #expect(result.survivors == 1 && result.code == "runner.survivors")
        #expect(result.state == .succeeded && result.result == "7" && result.exitCode == 0)
        tracer.letGo()
        #expect(try await eventually { !Disk.exists("/proc/\(pid)") })
        await link.stop()
    }

    /// Runner and agent die; the next agent kills what is left, in vain.
    @Test func whatOutlivesTheNextAgentIsCounted() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let first = RunnerLink(folder, flags: ["--cgroup", "off"])
        let journal = try AttemptJournal(folder: folder.agent.journal)
        let tasks = TaskHost(scriptsOn: first, journal)
        let argument = "5\(freshTask())"
        let task = ask("exec sleep \(argument)")
        let asking = Task { try? await tasks.run(task) }
        defer { asking.cancel() }
        let pid = try await Self.pid(argument)
        let tracer = try Tracer(pid)
        let runner = try #require(await first.pid)
        await tasks.rest(patience: .zero)
        await first.leave()
        journal.close()
        kill(runner, SIGKILL)
        #expect(try await eventually { !RunnerProcess.isAlive(root: folder.path) })
        let second = RunnerLink(folder)
        let successor = TaskHost(scriptsOn: second, try AttemptJournal(folder: folder.agent.journal))
        await successor.adopt()
        let result = try await successor.resume(AttemptKey(taskId: task.taskId))
        #expect(result.state == .unknown && result.code == "agent.restarted" && result.survivors == 1)
        #expect(result.message.contains("1 of its processes outlived KILL"), "\(result.message)")
        tracer.letGo()
        #expect(try await eventually { running(argument) == 0 })
        await second.stop()
    }
}
