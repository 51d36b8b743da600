import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Testing

@testable import Agent

/// Limits of apps and locks of the machine, with real workers.
@Suite struct LimitTests {
    /// An app whose function `hold` runs until a file is there, and notes that it began.
    private func holding(
        _ name: String, maxRunning: Int32? = nil, maxWaiting: Int32? = nil, exclusive: String? = nil,
        functionLock: String? = nil
    ) -> Package {
        var package = Package(
            name, entry: ["sh", "w.sh"], functions: ["hold", "quick"],
            [
                "w.sh": """
                read request
                case $request in
                *'"function":"hold"'*)
                    : > "$ELVES_STATE_DIR/$ELVES_TASK_ID"
                    while [ ! -e "$ELVES_STATE_DIR/go" ]; do sleep 0.01; done ;;
                esac
                """
            ])
        package.manifest.maxRunning = maxRunning
        package.manifest.maxWaiting = maxWaiting
        package.manifest.exclusive = exclusive
        package.manifest.functions[0].exclusive = functionLock
        return package
    }

    private func begun(_ app: String, _ bench: Bench) -> Int {
        Disk.names(in: bench.folder.agent.state(of: app)).count { $0 != "go" }
    }

    private func letGo(_ app: String, _ bench: Bench) throws { try bench.folder.write("state/\(app)/go", "") }

    @Test func anAppRunsAsManyAsItSays() async throws {
        let bench = try await Bench([holding("app", maxRunning: 2)], settings: ["max_waiting": "1"])
        async let first = bench.run("hold")
        async let second = bench.run("hold")
        #expect(try await eventually { begun("app", bench) == 2 })
        async let third = bench.run("quick")
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        let refused = try await bench.run("quick")
        #expect(refused.state == .rejected && refused.code == "agent.app.full")
        #expect(refused.message.contains("of app's tasks at most 2 may run here at once"))
        #expect(ErrorCode.find(refused.code)?.isRetryable == true)
        try letGo("app", bench)
        #expect(try await [first.state, second.state, third.state] == [.succeeded, .succeeded, .succeeded])
        #expect(bench.parts.admission.runningCount == 0)
        await bench.stop()
    }

    /// With or without a number of its own an app's calls leave places to wait to others.
    @Test(
        arguments: [
            (nil, 2, "of app's tasks at most 2 may wait, and as many do: half of the agent's max_waiting"),
            (1, 1, "of app's tasks at most 1 may wait, and as many do (limits.waiting in its app.yaml)"),
            (3, 3, "of app's tasks at most 3 may wait, and as many do (limits.waiting in its app.yaml)"),
            (0, 0, "no task of app may wait (limits.waiting in its app.yaml is 0)"),
        ] as [(Int32?, Int, String)])
    func anAppLeavesOthersRoomToWait(limit: Int32?, waiting: Int, message: String) async throws {
        let bench = try await Bench(
            [holding("app", maxWaiting: limit), holding("other")], settings: ["max_running": "1", "max_waiting": "4"])
        async let first = bench.run("hold")
        #expect(try await eventually { begun("app", bench) == 1 })
        let others = (0..<waiting).map { _ in Task { try await bench.run("quick") } }
        #expect(try await eventually { bench.parts.admission.waitingCount == waiting })
        let refused = try await bench.run("quick")
        #expect(refused.state == .rejected && refused.code == "agent.app.full", "\(refused)")
        #expect(refused.message.contains(message), "\(refused.message)")
        #expect(ErrorCode.find(refused.code)?.hint.contains("limits.waiting") == true)
        async let another = bench.run("quick", app: "other")
        #expect(try await eventually { bench.parts.admission.waitingCount == waiting + 1 })
        #expect(
            bench.parts.admission.load["app"] == AdmissionHook.Load(running: 1, waiting: waiting)
                && bench.parts.admission.load["other"] == AdmissionHook.Load(running: 0, waiting: 1))
        try letGo("app", bench)
        #expect(try await first.state == .succeeded)
        for task in others { #expect(try await task.value.state == .succeeded) }
        #expect(try await another.state == .succeeded)
        #expect(bench.parts.admission.load.isEmpty)
        await bench.stop()
    }

    @Test func aLockHoldsAcrossApps() async throws {
        let bench = try await Bench([
            holding("one", exclusive: "packages"), holding("two", functionLock: "packages"), holding("three"),
        ])
        async let first = bench.run("hold", app: "one")
        #expect(try await eventually { begun("one", bench) == 1 })
        async let second = bench.run("hold", app: "two")
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        // Another function of the same app, and another app, do not wait.
        #expect(try await bench.run("quick", app: "two").state == .succeeded)
        #expect(try await bench.run("quick", app: "three").state == .succeeded)
        #expect(begun("two", bench) == 0)
        try letGo("one", bench)
        #expect(try await first.state == .succeeded)
        #expect(try await eventually { begun("two", bench) == 1 })
        try letGo("two", bench)
        #expect(try await second.state == .succeeded)
        await bench.stop()
    }

    @Test func whoWaitsForALockMayExpireOrBeStopped() async throws {
        let bench = try await Bench([holding("app", exclusive: "x")])
        async let first = bench.run("hold")
        #expect(try await eventually { begun("app", bench) == 1 })
        let expired = try await bench.run("hold", startByMs: 50)
        #expect(expired.state == .expired && expired.code == "agent.attempt.expired")
        let id = freshTask()
        async let waiting = bench.parts.tasks.run(RunTask(taskId: id, attempt: 1, app: "app", func: "hold"))
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        try await bench.parts.tasks.kill(taskId: id)
        let cancelled = try await waiting
        #expect(cancelled.state == .cancelled && cancelled.code == "scheduler.task.cancelled")
        #expect(begun("app", bench) == 1)
        try letGo("app", bench)
        #expect(try await first.state == .succeeded)
        #expect(try await bench.run("quick").state == .succeeded)
        await bench.stop()
    }

    @Test func anUpdateMeanwhileBringsItsLock() async throws {
        let bench = try await Bench([holding("app", maxRunning: 1), holding("other", exclusive: "x")])
        async let first = bench.run("hold")
        async let holder = bench.run("hold", app: "other")
        #expect(try await eventually { begun("app", bench) == 1 && begun("other", bench) == 1 })
        async let waiting = bench.run("quick")
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        var update = holding("app", exclusive: "x")
        update.manifest.version = "2"
        let installer = Installer(folder: bench.folder.agent, shelf: bench.parts.shelf, fetch: update.fetch)
        _ = await installer.apply(DesiredState(generation: 2, apps: [update.desired]))
        try letGo("app", bench)
        #expect(try await first.state == .succeeded)
        // It has its app's place now, and waits for the lock of the new version.
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        try letGo("other", bench)
        #expect(try await holder.state == .succeeded)
        let result = try await waiting
        #expect(result.state == .succeeded && result.version == "2")
        await bench.stop()
    }

    @Test func whatAnEarlierAgentStartedHoldsItsLock() async throws {
        let bench = try await Bench([holding("app", exclusive: "x")])
        var adopted = TaskRun(RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "hold"), at: .now, ms: 0)
        bench.parts.admission.resume(adopted.key, app: "app", function: "hold")
        async let second = bench.run("quick")
        #expect(try await eventually { bench.parts.admission.waitingCount == 1 })
        await bench.parts.admission.settle(&adopted)
        #expect(try await second.state == .succeeded)
        #expect(bench.parts.admission.runningCount == 0)
        await bench.stop()
    }
}
