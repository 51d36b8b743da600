import CElvesProcess
import ElvesContracts
import ElvesCore
import Glibc
import Logging
import NIOPosix
import Runner
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// The real runner process, killed and adopted.
@Suite struct RunnerProcessTests {
    /// A folder with a runner process of its own.
    final class Live: Sendable {
        let folder: Folder
        let pid: Int32
        let connection: ThriftConnection
        let client: RunnerServiceClient

        /// `cgroup`: the agent's setting; `around`: a command that becomes the runner's.
        init(_ folder: Folder? = nil, cgroup: String? = nil, around: [String] = []) async throws {
            self.folder = try folder ?? Folder()
            let folder = self.folder
            try folder.agent.prepare()
            let null = try OpenFile("/dev/null", O_RDWR)
            let program = Disk.parent(of: Disk.linkTarget("/proc/self/exe") ?? "") + "/elves-agent"
            let command =
                around + [program, "runner", "--root", folder.path] + (cgroup.map { ["--cgroup", $0] } ?? [])
            pid = ProcessStart.detached(command, input: null.descriptor, output: null.descriptor)
            try #require(pid > 0, "elves-agent is not built beside the tests: \(program)")
            connection = try await Self.dial(folder)
            client = RunnerServiceClient(connection)
        }

        deinit {
            kill(pid, SIGTERM)
            let pid = pid
            for _ in 0..<1000 {
                if elves_reap(pid) != 0 { break }
                usleep(10_000)
            }
            // What a killed one leaves empty for the next: there is none.
            guard let groups = folder.text("run/cgroup")?.split(separator: "\n").first else { return }
            for name in Disk.names(in: String(groups)) where name.hasPrefix("w") { rmdir("\(groups)/\(name)") }
            rmdir(String(groups))
        }

        static func dial(_ folder: Folder) async throws -> ThriftConnection {
            let dialer = ThriftDialer(
                .unix(path: folder.path + "/" + RunnerProcess.socket), security: .plaintext(peer: .local),
                group: MultiThreadedEventLoopGroup.singleton)
            var connection: ThriftConnection?
            _ = try await eventually {
                connection = try? await dialer.dial()
                return connection != nil
            }
            return try #require(connection, "the runner takes no connection")
        }

        func order(_ script: String, timeout: Duration? = .seconds(30)) -> Spawn {
            Spawn(
                WorkerOrder(
                    key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", script],
                    environment: ["PATH": "/usr/bin:/bin"], timeout: timeout, grace: .milliseconds(200)))
        }
    }

    /// Whether runners can make cgroups here.
    private static func hasGroups(_ live: Live) -> Bool { live.folder.text("run/cgroup") != nil }

    @Test(arguments: [nil, "off"]) func aClearedEnvironmentHidesNoProcess(cgroup: String?) async throws {
        let live = try await Live(cgroup: cgroup)
        #expect(cgroup == nil || !Self.hasGroups(live))
        let argument = "6\(freshTask())"
        // The worker goes on when the hidden ones are there.
        let hiding = { (mark: String) in
            let file = live.folder.path + "/" + mark
            return "(env -i setsid sh -c '(sleep \(argument) &) ; : > \(file); sleep \(argument)' &) ; "
                + "while [ ! -e \(file) ]; do sleep 0.02; done"
        }
        let exit = try await live.client.run(spawn: live.order(hiding("first")))
        #expect(exit.exitCode == 0 && exit.survivors == 0)
        #expect(running(argument) == 0)
        let timedOut = try await live.client.run(
            spawn: live.order(hiding("second") + "; sleep \(argument)", timeout: .seconds(1)))
        #expect(timedOut.timedOut && running(argument) == 0)
        #expect(live.folder.text("second") != nil, "ended before it could hide")
    }

    @Test func aSecondConnectionTakesOverWhatTheFirstLeft() async throws {
        let live = try await Live()
        let go = live.folder.path + "/go"
        let order = live.order("while [ ! -e \(go) ]; do sleep 0.02; done; echo done; exit 4")
        let first = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { (try? await live.client.running().count) == 1 })
        live.connection.close()
        await #expect(throws: (any Error).self) { try await first.value }
        let next = RunnerServiceClient(try await Live.dial(live.folder))
        let left = try await next.running()
        try live.folder.write("go", "")
        #expect(left.map(\.taskId) == [order.taskId])
        let exit = try await next.awaitEnd(taskId: order.taskId, attempt: 1)
        #expect(exit.exitCode == 4 && exit.output.head == Array("done\n".utf8))
        await #expect(throws: Fault.self) { try await next.run(spawn: order) }
    }

    @Test func thereIsOneRunnerAFolder() async throws {
        let live = try await Live()
        let null = try OpenFile("/dev/null", O_RDWR)
        let program = Disk.parent(of: Disk.linkTarget("/proc/self/exe") ?? "") + "/elves-agent"
        let second = ProcessStart.detached(
            [program, "runner", "--root", live.folder.path], input: null.descriptor, output: null.descriptor)
        var code: Int32 = -1
        var signal: Int32 = -1
        #expect(try await eventually { elves_peek(second, &code, &signal) == 1 })
        #expect(code == 1 && elves_reap(second) == 1)
        #expect(try await live.client.running().isEmpty)
    }

    @Test func aDeadRunnersWorkersAreKilled() async throws {
        let live = try await Live()
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
        let live = try await Live(cgroup: "off")
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

    /// What has even lost its mark may be either worker's: it lives while one of them does, and no longer.
    @Test func whatMayBeOfSeveralWorkersEndsWithTheLast() async throws {
        let live = try await Live(cgroup: "off")
        let argument = "6\(freshTask())"
        let go = live.folder.path + "/go"
        let other = live.order("while [ ! -e \(go) ]; do sleep 0.02; done; exit 5")
        let hiding = live.order(
            "(env -i setsid prlimit --locks=unlimited:unlimited sh -c "
                + "'(sleep \(argument) &) ; : > \(live.folder.path)/on' >/dev/null 2>&1 &) ; sleep 1000")
        async let otherEnd = live.client.run(spawn: other)
        async let hidingEnd = live.client.run(spawn: hiding)
        #expect(try await eventually { live.folder.text("on") != nil && running(argument) == 1 })
        try await live.client.kill(taskId: hiding.taskId, reason: "")
        #expect(try await hidingEnd.killed && running(argument) == 1)
        try live.folder.write("go", "")
        #expect(try await otherEnd.exitCode == 5)
        #expect(running(argument) == 0)
    }

    /// A worker whose hidden process has another session, no parent and no environment.
    private func hidden(_ argument: String, _ live: Live) -> Spawn {
        live.order(
            "(env -i setsid sh -c '(sleep \(argument) &) ; : > \(live.folder.path)/on; sleep \(argument)' &) ; "
                + "sleep 1000")
    }

    @Test func theNextRunnerEndsWhatADeadOneLeft() async throws {
        let live = try await Live()
        guard Self.hasGroups(live) else { return }
        let argument = "7\(freshTask())"
        let order = hidden(argument, live)
        let waiting = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { live.folder.text("on") != nil && running(argument) == 2 })
        kill(live.pid, SIGKILL)
        await #expect(throws: (any Error).self) { try await waiting.value }
        let next = try await Live(live.folder)
        #expect(running(argument) == 0)
        #expect(try await next.client.run(spawn: next.order("exit 6")).exitCode == 6)
    }

    @Test func theAgentEndsWhatHidesFromItWhenItsRunnerDies() async throws {
        let bench = try await Bench([])
        await bench.stop()
        let link = link(bench.folder)
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

    @Test func aRunnerThatIsStoppedForAWhileLosesNothing() async throws {
        let live = try await Live()
        let go = live.folder.path + "/go"
        let orders = (0..<20).map { number in
            live.order("while [ ! -e \(go) ]; do sleep 0.02; done; echo \(number); exit \(number)")
        }
        let exits = try await withThrowingTaskGroup(of: Exit.self) { group in
            for order in orders { group.addTask { try await live.client.run(spawn: order) } }
            #expect(try await eventually { (try? await live.client.running().count) == 20 })
            kill(live.pid, SIGSTOP)
            try live.folder.write("go", "")
            // They end while nobody looks.
            for running in orders {
                let marker = AttemptKey(taskId: running.taskId).marker
                #expect(try await eventually { Self.living(marker) == 0 })
            }
            kill(live.pid, SIGCONT)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(exits.map(\.exitCode)) == Set((0..<20).map { Int32($0) }))
        #expect(exits.allSatisfy { $0.output.head == Array("\($0.exitCode ?? -1)\n".utf8) && $0.survivors == 0 })
    }

    /// Living processes of an attempt, by their marker; a zombie has no environment.
    private static func living(_ marker: String) -> Int {
        Disk.names(in: "/proc").count { name in
            let variables = (try? Disk.read("/proc/\(name)/environ"))?.split(separator: 0) ?? []
            return variables.contains { Array($0) == Array("ELVES_TASK=\(marker)".utf8) }
        }
    }

    @Test func workersHaveNeitherTheAgentsPrivilegesNorItsLimits() async throws {
        guard getuid() == 0 else { return }
        let around = [
            "/bin/sh", "-c",
            "ulimit -S -n 512; echo -500 > /proc/self/oom_score_adj; exec nice -n -5 \"$0\" \"$@\"",
        ]
        let live = try await Live(around: around)
        let exit = try await live.client.run(
            spawn: live.order(
                "ulimit -S -n; cat /proc/self/oom_score_adj; nice; grep SigBlk /proc/self/status; umask"))
        let lines = String(decoding: exit.output.head, as: UTF8.self).split(separator: "\n")
        #expect(lines == ["512", "0", "0", "SigBlk:\t0000000000000000", "0022"])
    }

    @Test func stoppingEndsTheWorkers() async throws {
        let live = try await Live()
        let argument = "8\(freshTask())"
        let waiting = Task { try await live.client.run(spawn: live.order("sleep \(argument)")) }
        #expect(try await eventually { running(argument) == 1 })
        kill(live.pid, SIGTERM)
        _ = await waiting.result
        #expect(try await eventually { running(argument) == 0 })
    }

    private func link(_ folder: Folder, patience: Duration = .seconds(10)) -> RunnerLink {
        .toRunner(of: folder, patience: patience)
    }

    @Test func aRestartedAgentLearnsHowItsTasksEnded() async throws {
        let bench = try await Bench([Package(entry: ["sh", "w.sh"], ["w.sh": "echo late; exit 5"])])
        await bench.stop()
        let first = link(bench.folder)
        try await first.start()
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "sleep 0.2; exit 5"], timeout: .seconds(30)
        )
        let lost = AttemptKey(taskId: freshTask())
        #expect(try await bench.parts.journal.begin(taken(order.key.taskId)))
        #expect(try await bench.parts.journal.begin(taken(lost.taskId)))
        let waiting = Task { try await first.run(order) }
        #expect(try await eventually { await first.adopt(order.key) != nil })
        _ = await waiting.result
        // The agent after the restart: the same folder, the same runner.
        let second = link(bench.folder)
        let journal = try AttemptJournal(folder: bench.folder.agent.journal)
        let parts = bench.parts
        let tasks = TaskHost(
            history: parts.history, admission: parts.admission,
            hooks: [JournalHook(journal, history: parts.history) { 0 }], workers: second, journal: journal
        ) { 0 }
        await tasks.adopt()
        // Whoever asks while it is adopted hears the end.
        let answer = try await tasks.resume(order.key)
        #expect(answer.state == .failed && answer.exitCode == 5 && answer.app == "app")
        #expect(try await eventually { await tasks.count == 0 })
        let states = Dictionary(uniqueKeysWithValues: parts.history.tasks.map { ($0.taskId, $0.state) })
        #expect(states == [order.key.taskId: .failed, lost.taskId: .unknown])
        #expect(try AttemptJournal(folder: bench.folder.agent.journal).open.isEmpty)
        let due = journal.due(all: false, patience: .seconds(20))
        #expect(due == [order.key, lost], "both are for the center to hear")
        await second.stop()
    }

    @Test func anAgentThatGoesLeavesItsWorkersToTheNext() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let first = link(folder)
        let journal = try AttemptJournal(folder: folder.agent.journal)
        let tasks = host(first, journal)
        let go = folder.path + "/go"
        let task = RunTask(
            taskId: freshTask(), attempt: 1, app: "app",
            func: ": > \(go).up; while [ ! -e \(go) ]; do sleep 0.02; done; exit 6")
        let running = Task { try? await tasks.run(task) }
        defer { running.cancel() }
        #expect(try await eventually { Disk.exists(go + ".up") })
        await tasks.rest(patience: .zero)
        await first.leave()
        journal.close()
        #expect(await tasks.count == 1)
        try folder.write("go", "")
        let next = try AttemptJournal(folder: folder.agent.journal)
        #expect(next.open.map(\.key.taskId) == [task.taskId])
        let second = link(folder)
        let successor = host(second, next)
        await successor.adopt()
        #expect(try await successor.resume(AttemptKey(taskId: task.taskId)).exitCode == 6)
        #expect(next.standing(task.taskId) == .kept)
        await second.stop()
    }

    @Test func aRunnerThatStandsStillWhileItsAgentRestartsKeepsItsWorkers() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let first = link(folder)
        let journal = try AttemptJournal(folder: folder.agent.journal)
        let tasks = host(first, journal)
        let go = folder.path + "/go"
        let task = RunTask(
            taskId: freshTask(), attempt: 1, app: "app",
            func: ": > \(go).up; while [ ! -e \(go) ]; do sleep 0.02; done; exit 6")
        let running = Task { try? await tasks.run(task) }
        defer { running.cancel() }
        #expect(try await eventually { Disk.exists(go + ".up") })
        let runner = try #require(await first.pid)
        await tasks.rest(patience: .zero)
        await first.leave()
        journal.close()
        kill(runner, SIGSTOP)
        let next = try AttemptJournal(folder: folder.agent.journal)
        let second = link(folder, patience: .milliseconds(100))
        let successor = host(second, next)
        await successor.adopt()
        #expect(try await eventually { await second.silences > 2 })
        let marker = AttemptKey(taskId: task.taskId).marker
        #expect(await successor.count == 1 && Self.living(marker) > 0)
        kill(runner, SIGCONT)
        try folder.write("go", "")
        let answer = try await successor.resume(AttemptKey(taskId: task.taskId))
        #expect(answer.exitCode == 6 && answer.state == .failed, "\(answer.state) \(answer.message)")
        #expect(await second.pid == runner)
        await second.stop()
    }

    /// The one that stands still is killed: then nobody will ever know.
    @Test func aRunnerThatStandsStillAndDiesTakesItsTasksToUnknown() async throws {
        let folder = try Folder()
        try folder.agent.prepare()
        let first = link(folder)
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
        let second = link(folder, patience: .milliseconds(100))
        let successor = host(second, next)
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

    private func host(_ link: RunnerLink, _ journal: AttemptJournal) -> TaskHost { .ofScripts(link, journal) }

    @Test func aRunnerThatDiesTakesItsTasksToUnknown() async throws {
        let bench = try await Bench([])
        await bench.stop()
        let link = link(bench.folder)
        try await link.start()
        let argument = "9\(freshTask())"
        let order = WorkerOrder(
            key: AttemptKey(taskId: freshTask()), command: ["/bin/sh", "-c", "sleep \(argument) & sleep \(argument)"],
            environment: ["PATH": "/usr/bin:/bin"])
        let waiting = Task { try await link.run(order) }
        #expect(try await eventually { running(argument) == 2 })
        let connection = try await Live.dial(bench.folder)
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
}
