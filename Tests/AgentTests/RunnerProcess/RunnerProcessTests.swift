import CElvesProcess
import ElvesContracts
import Glibc
import Runner
import Testing
import Thrift
import ThriftNIO

@testable import Agent

/// The real runner process, and what it keeps of its workers.
@Suite struct RunnerProcessTests {
    @Test(arguments: [nil, "off"]) func aClearedEnvironmentHidesNoProcess(cgroup: String?) async throws {
        let live = try await LiveRunner(cgroup: cgroup)
        #expect(cgroup == nil || !live.hasGroups)
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

    /// What has even lost its mark may be either worker's: it lives while one of them does, and no longer.
    @Test func whatMayBeOfSeveralWorkersEndsWithTheLast() async throws {
        let live = try await LiveRunner(cgroup: "off")
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

    @Test func aSecondConnectionTakesOverWhatTheFirstLeft() async throws {
        let live = try await LiveRunner()
        let go = live.folder.path + "/go"
        let order = live.order("while [ ! -e \(go) ]; do sleep 0.02; done; echo done; exit 4")
        let first = Task { try await live.client.run(spawn: order) }
        #expect(try await eventually { (try? await live.client.running().count) == 1 })
        live.connection.close()
        await #expect(throws: (any Error).self) { try await first.value }
        let next = RunnerServiceClient(try await LiveRunner.dial(live.folder))
        let left = try await next.running()
        try live.folder.write("go", "")
        #expect(left.map(\.taskId) == [order.taskId])
        let exit = try await next.awaitEnd(taskId: order.taskId, attempt: 1)
        #expect(exit.exitCode == 4 && exit.output.head == Array("done\n".utf8))
        await #expect(throws: Fault.self) { try await next.run(spawn: order) }
    }

    @Test func thereIsOneRunnerAFolder() async throws {
        let live = try await LiveRunner()
        let null = try OpenFile("/dev/null", O_RDWR)
        let second = ProcessStart.detached(
            [LiveRunner.program, "runner", "--root", live.folder.path], input: null.descriptor, output: null.descriptor)
        var code: Int32 = -1
        var signal: Int32 = -1
        #expect(try await eventually { elves_peek(second, &code, &signal) == 1 })
        #expect(code == 1 && elves_reap(second) == 1)
        #expect(try await live.client.running().isEmpty)
    }

    @Test func aRunnerThatIsStoppedForAWhileLosesNothing() async throws {
        let live = try await LiveRunner()
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
                #expect(try await eventually { living(marker) == 0 })
            }
            kill(live.pid, SIGCONT)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(exits.map(\.exitCode)) == Set((0..<20).map { Int32($0) }))
        #expect(exits.allSatisfy { $0.output.head == Array("\($0.exitCode ?? -1)\n".utf8) && $0.survivors == 0 })
    }

    @Test func workersHaveNeitherTheAgentsPrivilegesNorItsLimits() async throws {
        guard getuid() == 0 else { return }
        let around = [
            "/bin/sh", "-c",
            "ulimit -S -n 512; echo -500 > /proc/self/oom_score_adj; exec nice -n -5 \"$0\" \"$@\"",
        ]
        let live = try await LiveRunner(around: around)
        let exit = try await live.client.run(
            spawn: live.order(
                "ulimit -S -n; cat /proc/self/oom_score_adj; nice; grep SigBlk /proc/self/status; umask"))
        let lines = String(decoding: exit.output.head, as: UTF8.self).split(separator: "\n")
        #expect(lines == ["512", "0", "0", "SigBlk:\t0000000000000000", "0022"])
    }

    @Test func stoppingEndsTheWorkers() async throws {
        let live = try await LiveRunner()
        let argument = "8\(freshTask())"
        let waiting = Task { try await live.client.run(spawn: live.order("sleep \(argument)")) }
        #expect(try await eventually { running(argument) == 1 })
        kill(live.pid, SIGTERM)
        _ = await waiting.result
        #expect(try await eventually { running(argument) == 0 })
    }
}
