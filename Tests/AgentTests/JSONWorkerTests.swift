import ElvesContracts
import ElvesCore
import Runner
import Testing

@testable import Agent

/// Workers of our own protocol.
@Suite struct JSONWorkerTests {
    private func bench(_ script: String, settings: [String: String] = [:]) async throws -> Bench {
        try await Bench(
            [Package(entry: ["sh", "worker.sh"], functions: ["f", "g"], ["worker.sh": script])], settings: settings)
    }

    @Test func passesTheRequestAndTakesTheResult() async throws {
        let bench = try await bench("cat >&3; echo out; echo err >&2")
        let result = try await bench.run("f", param: #"{"name": "Ada"}"#, timeoutMs: 5000)
        #expect(result.state == .succeeded && result.flag == 1 && result.code.isEmpty)
        #expect(result.stdout.head == "out\n" && result.stderr.head == "err\n")
        #expect(result.version == "1" && result.exitCode == 0)
        let request = try JSONValue(parsing: result.result ?? "")
        #expect(request["task"]?.string == Hex.encode(UInt64(result.taskId)))
        #expect(request["app"] == "app" && request["function"] == "f" && request["timeout_ms"] == 5000)
        #expect(request["param"]?["name"] == "Ada")
        await bench.stop()
    }

    @Test func workersKnowWhoTheyAre() async throws {
        let bench = try await bench("env; pwd")
        let lines = try await bench.run("f").stdout.head.split(separator: "\n").map(String.init)
        let root = bench.folder.path
        for line in ["ELVES_APP=app", "ELVES_FUNCTION=f", "LANG=C.UTF-8", "ELVES_STATE_DIR=\(root)/state/app"] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.contains { $0.hasPrefix("ELVES_TASK_ID=") && $0.count == 30 })
        #expect(lines.last?.hasPrefix(root + "/") == true)
        #expect(Disk.exists(root + "/state/app"))
        await bench.stop()
    }

    @Test func aFailureInItsOwnWordsIsNoBreakdown() async throws {
        let bench = try await bench(#"printf '{"error":"no disk","used":99}' >&3; exit 1"#)
        let result = try await bench.run("f")
        #expect(result.state == .failed && result.flag == 0 && result.message == "no disk")
        #expect(result.result == #"{"error":"no disk","used":99}"# && result.code == "agent.worker.failed")
        await bench.stop()
    }

    @Test(arguments: [
        ("exit 4", "agent.worker.exit", "exit status 4"),
        ("echo Traceback >&2; echo Boom >&2; exit 4", "agent.worker.exit", "exit status 4: Boom"),
        ("kill -9 $$", "agent.worker.signal", "signal 9 (SIGKILL)"),
        ("printf '{' >&3", "agent.worker.resultInvalid", "descriptor 3 holds no JSON value"),
        ("head -c 2000000 /dev/zero >&3", "agent.worker.resultTooLong", "longer than 1 MiB"),
    ]) func breakdownsAreTold(script: String, code: String, message: String) async throws {
        let bench = try await bench(script)
        let result = try await bench.run("f")
        #expect(result.code == code && result.message.contains(message) && result.flag == -1)
        await bench.stop()
    }

    @Test func nothingOnDescriptorThreeIsNoResult() async throws {
        let bench = try await bench("true")
        let result = try await bench.run("f")
        #expect(result.state == .succeeded && result.result == nil)
        await bench.stop()
    }

    @Test func refusesWhatTheManifestDoesNotName() async throws {
        let bench = try await bench("true")
        let result = try await bench.run("h")
        #expect(result.code == "agent.function.unknown" && result.message.contains("f, g"))
        #expect(try await bench.run("f", param: "{").code == "elves.json.invalid")
        await bench.stop()
    }

    @Test func refusesMoreThanItMayRun() async throws {
        let bench = try await bench("sleep 30", settings: ["max_running": "1", "max_waiting": "1"])
        async let first = bench.run("f")
        #expect(try await eventually { await !bench.host.running().isEmpty })
        let waiting = freshTask()
        async let second = bench.parts.tasks.run(RunTask(taskId: waiting, attempt: 1, app: "app", func: "f"))
        #expect(try await eventually { await bench.parts.tasks.count == 2 })
        let third = try await bench.run("f")
        #expect(third.state == .rejected && third.code == "agent.full")
        let late = RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f", startByMs: 1)
        #expect(try await bench.parts.tasks.run(late).code == "agent.full")
        try await bench.parts.tasks.kill(taskId: waiting)
        let never = try await second
        #expect(never.state == .cancelled && never.code == "scheduler.task.cancelled")
        await bench.parts.tasks.stop(patience: .zero)
        #expect(try await first.state == .killed)
        #expect(try await bench.run("f").code == "agent.stopping")
        await bench.stop()
    }

    @Test func aPlaceThatComesTooLateExpires() async throws {
        let bench = try await bench("sleep 30", settings: ["max_running": "1"])
        async let first = bench.run("f")
        #expect(try await eventually { await !bench.host.running().isEmpty })
        let late = RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f", startByMs: 50)
        #expect(try await bench.parts.tasks.run(late).state == .expired)
        await bench.parts.tasks.stop(patience: .zero)
        _ = try await first
        await bench.stop()
    }

    @Test func stoppingEndsAllAtTheSameTime() async throws {
        // Each notes the TERM, and ignores it.
        let bench = try await bench(
            """
            trap 'echo x >> $ELVES_STATE_DIR/terms' TERM
            echo x >> $ELVES_STATE_DIR/ready
            while :; do sleep 0.02; done
            """, settings: ["grace": "2"])
        let lines = { (name: String) in bench.folder.text("state/app/" + name)?.split(separator: "\n").count }
        let count = 5
        let tasks = bench.parts.tasks
        let running = (0..<count).map { _ in Task { try await bench.run("f") } }
        #expect(try await eventually { lines("ready") == count })
        let stopping = Task { await tasks.stop(patience: .zero) }
        #expect(try await eventually { await tasks.count < count })
        // By the first one's KILL each has had its TERM.
        #expect(lines("terms") == count)
        await stopping.value
        for task in running { #expect(try await task.value.state == .killed) }
        await bench.stop()
    }

    @Test func noProxyForTheJSONProtocol() async throws {
        let bench = try await bench("true")
        let result = try await bench.run("f", proxy: "sh|worker.sh")
        #expect(result.state == .failed && result.code == "agent.proxy.invalid")
        #expect(result.message.contains("has no proxy") && result.message.contains("Leave the proxy out"))
        #expect(try await bench.run("f", proxy: "").state == .succeeded)
        await bench.stop()
    }

    @Test func anAttemptIsTakenOnce() async throws {
        let bench = try await bench("true")
        let task = RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f")
        let first = try await bench.parts.tasks.run(task)
        // Asked again it answers the same end, as long as it keeps that.
        #expect(try await bench.parts.tasks.run(task).hops == first.hops)
        bench.parts.journal.record([AttemptRef(taskId: task.taskId, attempt: 1)])
        await #expect(throws: ElvesError.self) { try await bench.parts.tasks.run(task) }
        var again = task
        again.attempt = 2
        #expect(try await bench.parts.tasks.run(again).state == .succeeded)
        await bench.stop()
    }

    @Test func killsOnlyWhatRuns() async throws {
        let bench = try await bench("sleep 30")
        let id = freshTask()
        async let result = bench.parts.tasks.run(RunTask(taskId: id, attempt: 1, app: "app", func: "f"))
        #expect(try await eventually { await !bench.host.running().isEmpty })
        try await bench.parts.tasks.kill(taskId: id)
        #expect(try await result.state == .killed)
        await #expect(throws: ElvesError.self) { try await bench.parts.tasks.kill(taskId: id) }
        #expect(bench.parts.history.tasks.first?.taskId == id)
        await bench.stop()
    }
}
