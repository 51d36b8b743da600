import ElvesClient
import Foundation
import TestSupport
import Testing

/// `/api/v2` to the letter of the ELVES 2.0 contract, through every program, with a package in ELVES 2.0's form.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Elves2ContractTests {
    private static let app = "old_tools"
    private static let agent = "127.0.0.1"

    @Test func everyAnswerIsWhatAClientOfElves2Expects() async throws {
        let running = try await RunningCenter.start(agents: 1, zone: "Asia/Shanghai")
        let center = try running.client()
        _ = try await center.push(zip: Self.package.bytes(), filename: "old_tools_1.0.2.zip")
        let pushed = try await center.push(zip: Self.package.bytes(), filename: "old_tools_1.0.3.zip")
        #expect(pushed.app == Self.app && pushed.version == "1.0.3" && pushed.files == 2 && !pushed.activated)
        _ = try await center.activate(Self.app, version: "1.0.3")
        _ = try await center.bind(Self.app, to: "*")
        _ = try await center.push(zip: Self.package.bytes(), filename: "elsewhere_1.zip")
        let key = try await center.createKey(KeyRequest(comment: "as of old", apps: [Self.app], legacyMD5: true))

        try await bothSignaturesAndMethods(running, key)
        try await entriesAndParameters(running)
        try await wordsOfWorkers(running)
        try await workersThatBreak(running)
        try await whatCannotBeSent(running)
        try await info(running, key)
        try await running.stop()
    }

    // MARK: Scenes

    private func bothSignaturesAndMethods(_ running: RunningCenter, _ key: KeyRecord) async throws {
        let parameters = Self.exec("echo", ["param": #"{"n": 1}"#, "mode": "ssnp"])
        for caller in [try running.v2(key, .md5), try running.v2(key, .hmac), try running.v2()] {
            for method in [Call.Method.get, .post] {
                let answer = try await caller.ask("/api/v2/rt/exec", parameters, by: method)
                let cost = try Self.worker(answer, 1, Self.echoed(running, "echo", "eyJuIjogMX0="))
                #expect(cost < 90_000)
            }
        }
        let modern = try await running.client().createKey(KeyRequest(comment: "no MD5"))
        let refused = try await running.v2(modern, .md5).ask("/api/v2/rt/exec", parameters)
        #expect(refused.json["error"]?.string?.hasPrefix("[401.3]Unauthorized SignType Is Illegal") == true)
        #expect(refused.json["flag"] == "false" && refused.result == nil)
    }

    private func entriesAndParameters(_ running: RunningCenter) async throws {
        let caller = try running.v2()
        func exec(_ more: [String: String]) async throws -> V2Answer {
            try await caller.ask("/api/v2/rt/exec", Self.exec("echo", more))
        }
        // As it came, and nothing when nothing came.
        let text = #"{ "name": "Ä & ?/+=\u00e4", "list": [1,  2] }"#
        let encoded = Data(text.utf8).base64EncodedString()
        _ = try Self.worker(try await exec(["param": text]), 1, Self.echoed(running, "echo", encoded))
        _ = try Self.worker(try await exec([:]), 1, Self.echoed(running, "echo", ""))

        let script = "\(Self.root(running))/apps/old_tools/bin/run.sh old_tools echo e30="
        for proxy in ["bin/run.sh", "sh|bin/run.sh", "/bin/sh|bin/run.sh"] {
            _ = try Self.worker(try await exec(["param": "{}", "proxy": proxy]), 1, script)
        }
        let leaving = try await exec(["proxy": "sh|../../../etc/passwd"])
        #expect(leaving.result?["worker_flag"] == -1)
        #expect(leaving.result?["worker_message"]?.string?.contains("../../../etc/passwd") == true, "\(leaving)")
    }

    private func wordsOfWorkers(_ running: RunningCenter) async throws {
        let caller = try running.v2()
        for (function, flag, message) in [
            ("refuse", 0, "two\nlines"), ("binary", 1, "a\u{FFFD}b"),
            ("silent", -1, "app exec error : no <ElvesWFlag> and <ElvesWResult> in the output: just noise"),
            ("half", -1, "app exec error : no <ElvesWResult> in the output: <ElvesWFlag>true</ElvesWFlag>"),
        ] as [(String, Int64, String)] {
            let answer = try await caller.ask("/api/v2/rt/exec", Self.exec(function))
            _ = try Self.worker(answer, flag, message)
        }
    }

    private func workersThatBreak(_ running: RunningCenter) async throws {
        let caller = try running.v2()
        for (function, message) in [
            ("halt", "app exec error : signal 9 (SIGKILL)"), ("exit", "app exec error : exit status 3: disk on fire"),
        ] {
            let answer = try await caller.ask("/api/v2/rt/exec", Self.exec(function))
            _ = try Self.worker(answer, -1, message)
        }
        let start = ContinuousClock.now
        let late = try await caller.ask("/api/v2/rt/exec", Self.exec("slow", ["timeout": "1"]))
        #expect(ContinuousClock.now - start < .seconds(1 + 22 + 3))
        let message = try #require(late.result?["worker_message"]?.string)
        #expect(message.hasPrefix("app exec error : timed out: ended after "))
        #expect(try Self.worker(late, -1, message) >= 1000)

        let absent = try await caller.ask(
            "/api/v2/rt/exec", ["app": "elsewhere", "func": "echo", "ip": Self.agent])
        _ = try Self.worker(absent, -1, "app [elsewhere] not install !")
    }

    private func whatCannotBeSent(_ running: RunningCenter) async throws {
        let caller = try running.v2()
        var parameters = Self.exec("echo")
        parameters["ip"] = "127.0.0.9"
        let answer = try await caller.ask("/api/v2/rt/exec", parameters)
        #expect(answer.isError("[410.0]Send Job To Agent Fail"), "\(answer)")
        #expect(answer.reason?.contains("127.0.0.9") == true, "\(answer)")
        for (name, value, error) in [
            ("app", "nope", "[413.2]App Not Found: no app \"nope\""),
            ("param", "{'a'", "[403.2]Request Params (param) Illegal: "),
            ("timeout", "soon", "[403.8]Request Params (timeout) Illegal: timeout \"soon\" is not a number of seconds"),
            ("ip", "here", "[403.1]Request Params (ip) Illegal: \"here\" is not an ip"),
        ] {
            var parameters = Self.exec("echo")
            parameters[name] = value
            let answer = try await caller.ask("/api/v2/rt/exec", parameters)
            #expect(answer.json["error"]?.string?.hasPrefix(error) == true, "\(answer)")
            #expect(answer.json["flag"] == "false" && answer.result == nil)
        }
    }

    private func info(_ running: RunningCenter, _ key: KeyRecord) async throws {
        let caller = try running.v2(key, .md5)
        for path in ["/api/v2/info/app", "/api/v2/info/apps"] {
            let answer = try await caller.ask(path)
            let time = try Self.recent(answer.result?["last_update_time"])
            #expect(
                answer.json == [
                    "flag": "true", "error": "",
                    "result": [
                        "app": "old_tools", "app_name": "old_tools", "app_ver": "1.0.3",
                        "last_update_time": .string(time),
                    ],
                ])
        }
        let agents = try await caller.ask("/api/v2/info/agents", by: .post)
        #expect(agents.json == ["flag": "true", "error": "", "result": [.string(Self.agent)]])
        let detail = try await caller.ask("/api/v2/info/agents/detail", ["ip": Self.agent])
        let beat = try Self.recent(detail.result?["last_hb_time"])
        #expect(
            detail.json == [
                "flag": "true", "error": "",
                "result": [
                    "ip": .string(Self.agent), "asset": "local-1", "last_hb_time": .string(beat), "cron_list": [],
                ],
            ])
        let unknown = try await caller.ask("/api/v2/info/agents/detail", ["ip": "127.0.0.9"])
        #expect(unknown.isError("[414.1]Agent Info Not Found: no agent \"127.0.0.9\""), "\(unknown)")
        let cron = try await caller.ask("/api/v2/info/agents/detail", ["showcron": "true"])
        #expect(cron.json["error"]?.string?.hasPrefix("[402.2]") == true, "before the missing ip: \(cron)")
    }

    // MARK: What is expected

    private static func exec(_ function: String, _ more: [String: String] = [:]) -> [String: String] {
        ["app": app, "func": function, "ip": agent].merging(more) { $1 }
    }

    private static func root(_ running: RunningCenter) -> String { "\(running.dataPath)/agents/1" }

    /// What the worker says of how it was started.
    private static func echoed(_ running: RunningCenter, _ function: String, _ param: String) -> String {
        let root = root(running)
        return "old_tools|\(function)|\(param)|\(root)|\(root)/apps/old_tools/app-worker.py"
    }

    /// Compares every field of an answer of the agent; answers with its milliseconds.
    private static func worker(
        _ answer: V2Answer, _ flag: Int64, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Int64 {
        let id = try #require(answer.result?["id"]?.string, "\(answer)", sourceLocation: sourceLocation)
        #expect(id.wholeMatch(of: #/[0-9A-F]{16}/#) != nil, "\(id)", sourceLocation: sourceLocation)
        guard case .integer(let cost)? = answer.result?["worker_costtime"] else {
            Issue.record("no worker_costtime: \(answer)", sourceLocation: sourceLocation)
            return -1
        }
        #expect(cost >= 0, sourceLocation: sourceLocation)
        #expect(
            answer.json == [
                "flag": "true", "error": "",
                "result": [
                    "id": .string(id), "worker_flag": .integer(flag), "worker_message": .string(message),
                    "worker_costtime": .integer(cost),
                ],
            ], "\(answer)", sourceLocation: sourceLocation)
        return cost
    }

    /// A time of the last minutes, as the center's clock on the wall showed it.
    private static func recent(_ value: JSONValue?) throws -> String {
        let text = try #require(value?.string)
        #expect(text.wholeMatch(of: #/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#) != nil, "\(text)")
        let date = try Date(text.replacing(" ", with: "T") + "+08:00", strategy: .iso8601)
        #expect((-5...300).contains(Date().timeIntervalSince(date)), "\(text)")
        return text
    }

    /// A package of ELVES 2.0: no manifest, its name and version are in the file's name.
    private static var package: RawZip {
        var zip = RawZip()
        zip.add("app-worker.py", worker)
        zip.add("bin/run.sh", script, mode: 0o100755)
        return zip
    }

    private static let script = """
        #!/bin/sh
        echo "<ElvesWFlag>true</ElvesWFlag><ElvesWResult>$0 $1 $2 $3</ElvesWResult>"

        """

    private static let worker = #"""
        import os, signal, sys, time

        def say(flag, text):
            print("noise <ElvesWFlag>%s</ElvesWFlag> noise" % flag)
            print("<ElvesWResult>%s</ElvesWResult> noise" % text)

        function = sys.argv[2]
        if function == "echo":
            say("true", "|".join(sys.argv[1:] + [os.getcwd(), sys.argv[0]]))
        elif function == "refuse":
            say("True", "two\nlines")
        elif function == "binary":
            os.write(1, b"\xff<ElvesWFlag>true</ElvesWFlag><ElvesWResult>a\xfeb</ElvesWResult>")
        elif function == "silent":
            print("just noise")
        elif function == "half":
            print("<ElvesWFlag>true</ElvesWFlag>")
        elif function == "halt":
            os.kill(os.getpid(), signal.SIGKILL)
        elif function == "exit":
            sys.stderr.write("disk on fire\n")
            sys.exit(3)
        elif function == "slow":
            time.sleep(60)

        """#
}
