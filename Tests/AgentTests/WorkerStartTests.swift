import ElvesContracts
import ElvesCore
import Runner
import Testing

@testable import Agent

/// What every worker starts with, and what its result says of it.
@Suite struct WorkerStartTests {
    private func bench(_ script: String, settings: [String: String] = [:]) async throws -> Bench {
        try await Bench(
            [Package(entry: ["sh", "worker.sh"], functions: ["f", "g"], ["worker.sh": script])], settings: settings,
            center: LateCaller())
    }

    @Test func aResultShowsHowItsWorkerStarted() async throws {
        let bench = try await bench("umask; env | sort; pwd", settings: ["umask": "027", "locale": "de_DE.UTF-8"])
        let result = try await bench.run("f", param: #"{"password":"hunter2"}"#)
        let shown = try JSONValue(parsing: result.worker ?? "")
        #expect(shown["umask"] == "027" && shown["locale"] == "de_DE.UTF-8")
        let lines = result.stdout.head.split(separator: "\n").map(String.init)
        #expect(lines.first == "0027" && lines.last == shown["folder"]?.string)
        #expect(shown["command"]?.array?.count == 2)
        let environment = try #require(shown["environment"]?.object)
        // All of what it was started with, but what is the task's own or the shell's.
        let own = ["PWD", "OLDPWD", "SHLVL", "_"]
        for line in lines.dropFirst().dropLast() {
            let name = String(line.prefix { $0 != "=" })
            if own.contains(name) { continue }
            let value = environment[name]?.string
            if value?.hasPrefix("<of the task") == true { continue }
            #expect(value == String(line.dropFirst(name.count + 1)), "\(line)")
        }
        #expect(environment["LANG"] == "de_DE.UTF-8")
        for name in ["ELVES_TASK", "ELVES_TASK_ID", "ELVES_OUTPUT_DIR"] {
            #expect(environment[name] == "<of the task>" && lines.contains { $0.hasPrefix(name + "=") }, "\(name)")
        }
        #expect(environment["ELVES_FILES_DIR"] == "<of the task, when its call has files>")
        #expect(result.worker?.contains("hunter2") == false)
        await bench.stop()
    }

    @Test func theTextIsTheFunctionsOwn() async throws {
        let bench = try await bench("true")
        let first = try await bench.run("f").worker
        #expect(try await bench.run("f").worker == first)
        #expect(try await bench.run("g").worker != first)
        var update = Package(version: "2", entry: ["sh", "worker.sh"], functions: ["f"], ["worker.sh": "exit 0"])
        update.manifest.entry = ["sh", "worker.sh", "-v"]
        let installer = Installer(folder: bench.folder.agent, shelf: bench.parts.shelf, fetch: update.fetch)
        #expect(await installer.apply(DesiredState(generation: 2, apps: [update.desired])).isEmpty)
        let next = try JSONValue(parsing: try await bench.run("f").worker ?? "")
        #expect(next["command"]?.array?.last == "-v")
        await bench.stop()
    }

    @Test func aParameterOnTheCommandLineIsNotShown() async throws {
        let package = Package(workerProtocol: .elves2, entry: ["sh", "w.sh"], ["w.sh": "echo x"])
        let bench = try await Bench([package])
        for param in ["secret-one", "secret-two"] {
            let result = try await bench.run("f", param: param)
            let words = try JSONValue(parsing: result.worker ?? "")["command"]?.array?.compactMap(\.string)
            #expect(words?.suffix(2) == ["app", "f"])
            #expect(result.worker?.contains(Base64.encode(param.utf8)) == false)
        }
        await bench.stop()
    }

    @Test func filesAreMadeWithTheUmask() async throws {
        let bench = try await bench(
            "cd \"$ELVES_STATE_DIR\"; : > made; stat -c %a made", settings: ["umask": "077"])
        #expect(try await bench.run("f").stdout.head == "600\n")
        await bench.stop()
    }

    @Test(arguments: [
        ("umask", "8"), ("umask", "1000"), ("umask", "rw"), ("locale", "C UTF"), ("locale", "a;b"), ("cgroup", "x"),
        ("output_bytes", "many"), ("output_total", "-1"),
    ]) func badSettingsAreTold(key: String, value: String) async throws {
        let error = await #expect(throws: ElvesError.self) { try await bench("true", settings: [key: value]) }
        #expect(error?.code == .elvesConfigInvalid && error?.message.contains(key) == true)
    }

    // MARK: Ends

    @Test func endsAreToldApart() async throws {
        let bench = try await bench(
            "read request; trap 'exit 0' TERM; : > \"$ELVES_STATE_DIR/on\"; case $request in "
                + "*'\"function\":\"g\"'*) kill -KILL $$;; esac; while :; do sleep 0.01; done")
        let on = bench.folder.agent.state(of: "app") + "/on"
        let id = freshTask()
        async let running = bench.parts.tasks.run(RunTask(taskId: id, attempt: 1, app: "app", func: "f"))
        #expect(try await eventually { Disk.exists(on) })
        try await bench.parts.tasks.kill(taskId: id)
        let killed = try await running
        #expect(killed.state == .killed && killed.code == "agent.worker.killed" && killed.exitCode == 0)
        #expect(killed.survivors == 0)
        let late = try await bench.run("f", timeoutMs: 200)
        #expect(late.state == .timedOut && late.code == "agent.worker.timeout" && late.exitCode == 0)
        let signaled = try await bench.run("g")
        #expect(signaled.state == .failed && signaled.code == "agent.worker.signal" && signaled.signal == 9)
        #expect(signaled.exitCode == nil)
        await bench.stop()
    }

    // MARK: Copies of outputs

    @Test func longOutputIsCopiedForTheCenter() async throws {
        let bench = try await bench("seq 1 100000", settings: ["output_bytes": "100KiB"])
        let id = freshTask()
        let result = try await bench.parts.tasks.run(RunTask(taskId: id, attempt: 1, app: "app", func: "f"))
        #expect(result.stdoutBytes == 588_895 && result.stderrBytes == 0 && result.copiedBytes == 102_400)
        let path = bench.folder.agent.outputs + "/" + AttemptKey(taskId: id).marker + ".out"
        #expect((Disk.size(path) ?? 0) > 102_400)
        let short = try await bench.run("g", timeoutMs: 1)
        #expect(short.state == .timedOut || short.stdoutBytes == 588_895)
        await bench.stop()
    }

    @Test func aFolderThatHoldsEnoughGetsNoMore() async throws {
        let bench = try await bench("seq 1 100000", settings: ["output_total": "1KiB"])
        let old = bench.folder.agent.outputs + "/old"
        try Disk.replace(old, with: [UInt8](repeating: 1, count: 2000))
        #expect(try await bench.run("f").copiedBytes == nil)
        Disk.remove(old)
        #expect(try await eventually { (try? await bench.run("f").copiedBytes) == 588_895 })
        await bench.stop()
    }

    @Test func copiesCanBeTurnedOff() async throws {
        let bench = try await bench("seq 1 100000", settings: ["output_bytes": "0"])
        let result = try await bench.run("f")
        #expect(result.copiedBytes == nil && result.stdoutBytes == 588_895)
        await bench.stop()
    }
}
