import ElvesContracts
import Testing

@testable import Agent

/// ELVES 2.0 workers, to the contract.
@Suite struct Elves2Tests {
    private static let echo = """
        import sys, os
        print("noise <ElvesWFlag>true</ElvesWFlag> more")
        print("<ElvesWResult>" + "|".join(sys.argv[1:] + [os.getcwd(), sys.argv[0]]) + "</ElvesWResult>")
        """

    private func bench(_ script: String, file: String = "app-worker.py", settings: [String: String] = [:]) async throws
        -> Bench
    {
        try await Bench([Package(workerProtocol: .elves2, [file: script])], settings: settings)
    }

    @Test func startsTheDefaultEntryInTheAgentsFolder() async throws {
        let bench = try await bench(Self.echo)
        let result = try await bench.run("greet", param: "{\"ä\": 1}")
        #expect(result.state == .succeeded && result.flag == 1)
        #expect(result.result == nil)
        let root = bench.folder.path
        #expect(result.message == "app|greet|eyLDpCI6IDF9|\(root)|\(root)/apps/app/app-worker.py")
        await bench.stop()
    }

    @Test func anAbsentParameterIsAnEmptyArgument() async throws {
        let bench = try await bench(Self.echo)
        #expect(try await bench.run("f").message.hasPrefix("app|f||/"))
        await bench.stop()
    }

    @Test(arguments: [
        ("true", 1, ElvesContracts.TaskState.succeeded), ("True", 0, .failed), ("false", 0, .failed),
    ]) func onlyExactlyTrueIsTrue(word: String, flag: Int32, state: ElvesContracts.TaskState) async throws {
        let bench = try await bench("print('<ElvesWResult>a\\nb</ElvesWResult><ElvesWFlag>\(word)</ElvesWFlag>')")
        let result = try await bench.run("f")
        #expect(result.flag == flag && result.state == state && result.message == "a\nb")
        await bench.stop()
    }

    @Test func proxiesNameInterpreterAndFile() async throws {
        let script = "#!/bin/sh\necho \"<ElvesWFlag>true</ElvesWFlag><ElvesWResult>$0 $1 $2 $3</ElvesWResult>\""
        let bench = try await Bench([Package(workerProtocol: .elves2, ["bin/run.sh": script])])
        let place = bench.folder.path + "/apps/app/bin/run.sh"
        for proxy in ["bin/run.sh", "sh|bin/run.sh", "/bin/sh|bin/run.sh"] {
            let result = try await bench.run("f", param: "x", proxy: proxy)
            #expect(result.message == "\(place) app f eA==", "\(proxy)")
        }
        for proxy in ["../x.sh", "sh|/etc/passwd", "sh|", "sh|bin/../../x"] {
            #expect(try await bench.run("f", proxy: proxy).code == "agent.proxy.invalid", "\(proxy)")
        }
        #expect(try await bench.run("f", proxy: "nope|bin/run.sh").code == "agent.worker.interpreterMissing")
        #expect(try await bench.run("f", proxy: "sh|none.sh").code == "agent.worker.entryMissing")
        await bench.stop()
    }

    @Test func saysWhatIsMissing() async throws {
        let bench = try await bench("print('<ElvesWFlag>true</ElvesWFlag> nothing else')")
        let result = try await bench.run("f")
        #expect(result.flag == -1 && result.state == .failed && result.code == "agent.worker.tagMissing")
        #expect(result.message.hasPrefix("app exec error : no <ElvesWResult> in the output"))
        let unknown = try await bench.run("f", app: "other")
        #expect(unknown.message == "app [other] not install !" && unknown.flag == -1 && unknown.state == .failed)
        await bench.stop()
    }

    @Test func aBadExitSaysWhichAndWhy() async throws {
        let bench = try await bench("import sys; sys.stderr.write('disk on fire\\n'); sys.exit(3)")
        let result = try await bench.run("f")
        #expect(result.message == "app exec error : exit status 3: disk on fire")
        #expect(result.flag == -1 && result.exitCode == 3 && result.code == "agent.worker.exit")
        await bench.stop()
    }

    @Test func namesTheMissingInterpreter() async throws {
        let bench = try await bench("", settings: ["python": "/opt/none/python"])
        let result = try await bench.run("f")
        #expect(result.code == "agent.worker.interpreterMissing" && result.message.contains("/opt/none/python"))
        await bench.stop()
    }

    @Test func repairsOutputThatIsNotText() async throws {
        let bench = try await bench(
            "import os; os.write(1, b'\\xff<ElvesWFlag>true</ElvesWFlag><ElvesWResult>a\\xfeb</ElvesWResult>')")
        let result = try await bench.run("f")
        #expect(result.message == "a\u{FFFD}b" && result.stdout.head.hasPrefix("\u{FFFD}<"))
        await bench.stop()
    }

    @Test func endsTheTreeAtTheTimeout() async throws {
        let argument = "5\(freshTask())"
        let bench = try await bench(
            "trap '' TERM; (setsid sleep \(argument) &); while :; do sleep \(argument); done", file: "run.sh")
        async let result = bench.run("f", timeoutMs: 1_500, proxy: "sh|run.sh")
        #expect(try await eventually { running(argument) == 2 })
        let end = try await result
        #expect(end.state == .timedOut && end.flag == -1 && end.code == "agent.worker.timeout")
        #expect(running(argument) == 0)
        await bench.stop()
    }
}
