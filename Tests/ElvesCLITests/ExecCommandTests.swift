import ElvesCLI
import Foundation
import Testing

@Suite struct ExecCommandTests {
    static func task(
        _ ip: String, _ state: String, result: String = "null", message: String = "", code: String = "null",
        id: String = "0123456789abcdef"
    ) -> String {
        #"{"id":"\#(id)","batch_id":null,"app":"hello","function":"greet","param":{"name":"Ada"},"#
            + #""agent":{"id":"\#(ip)","ip":"\#(ip)","name":""},"state":"\#(state)","attempt":1,"#
            + #""result":\#(result),"message":"\#(message)","flag":1,"code":\#(code),"version":"1.0.0","#
            + #""exit_code":0,"signal":null,"cost_ms":12,"timeout_ms":90000,"#
            + #""stdout":{"head":"","tail":"","dropped":0},"stderr":{"head":"","tail":"","dropped":0},"#
            + #""created_at":null,"dispatched_at":null,"ended_at":null,"labels":{},"trace":"4b"}"#
    }

    static func agents(_ count: Int, unmatched: String = "") -> String {
        let agents = (0..<count).map { #"{"id":"\#($0)","ip":"10.0.0.\#($0)","name":"","alive":true}"# }
        return #"{"agents":[\#(agents.joined(separator: ","))],"generation":1,"unmatched":[\#(unmatched)]}"#
    }

    static let batch = #"""
        {"id":"b1","app":"hello","function":"greet","total":2,"states":{},"concurrency":500,"created_at":null,
        "ended_at":"2026-01-02T03:04:05.678Z","labels":{"ticket":"OPS-1"}}
        """#

    @Test func aTextResultIsPrintedBare() async throws {
        let task = Self.task("127.0.0.1", "succeeded", result: #""hello Ada""#)
        try await FakeCenter.run(["POST /api/v3/tasks": task]) { url, center in
            let (status, terminal) = await Command.run(
                ["exec", "hello", "greet", "--on", "127.0.0.1", "--param", "name=Ada", "--timeout", "5"], url: url)
            #expect(status == .success)
            #expect(terminal.output == ["hello Ada"])
            #expect(terminal.notes.isEmpty)
            #expect(
                center.asked.first?.body
                    == #"{"app":"hello","function":"greet","param":{"name":"Ada"},"target":"127.0.0.1","timeout":5}"#)
        }
    }

    @Test func aRunningTaskIsWaitedFor() async throws {
        try await FakeCenter.run([
            "POST /api/v3/tasks": Self.task("127.0.0.1", "running"),
            "GET /api/v3/tasks/0123456789abcdef": Self.task("127.0.0.1", "succeeded", result: #"{"b":1,"a":[2]}"#),
        ]) { url, _ in
            let (status, terminal) = await Command.run(["exec", "hello", "greet", "--on", "127.0.0.1"], url: url)
            #expect(status == .success)
            #expect(terminal.output == [#"{"a":[2],"b":1}"#])
        }
    }

    @Test(arguments: [
        ("failed", CommandStatus.failure), ("timed_out", .failure), ("killed", .failure), ("rejected", .failure),
        ("unreachable", .unreachable), ("unknown", .unreachable), ("expired", .unreachable),
    ])
    func anotherEndSaysWhyOnStandardError(state: String, expected: CommandStatus) async throws {
        let task = Self.task("127.0.0.1", state, message: "no such host", code: #""agent.x""#)
        try await FakeCenter.run(["POST /api/v3/tasks": task]) { url, _ in
            let (status, terminal) = await Command.run(["exec", "hello", "greet", "--on", "127.0.0.1"], url: url)
            #expect(status == expected)
            #expect(terminal.output.isEmpty)
            #expect(
                terminal.notes == [
                    "127.0.0.1 \(state): no such host (agent.x)", "more: elves task explain 0123456789abcdef",
                ])
        }
    }

    @Test func aBatchRunsOnWhatWasResolvedAndFoldsItsEnds() async throws {
        let first = Self.task("10.0.0.1", "succeeded", result: #""ok""#)
        let second = Self.task("10.0.0.0", "unreachable")
        try await FakeCenter.run(answering: { asked in
            switch asked.line {
            case "GET /api/v3/resolve?on=zone%3Dbj%2Cweb-09&exclude=web-07":
                (200, Self.agents(2, unmatched: #""web-09""#))
            case "POST /api/v3/batches": (201, Self.batch)
            case "GET /api/v3/batches/b1/ends?limit=1000&wait=20":
                (200, #"{"tasks":[\#(first)],"next":"c1","done":false}"#)
            case "GET /api/v3/batches/b1/ends?after=c1&limit=1000&wait=20":
                (200, #"{"tasks":[\#(second)],"next":"c2","done":true}"#)
            default: (500, asked.line)
            }
        }) { url, center in
            let arguments = ["exec", "hello", "greet", "--on", "zone=bj,web-09", "--exclude", "web-07"]
            let (status, terminal) = await Command.run(arguments, url: url)
            #expect(status == .unreachable)
            let text = terminal.output.joined(separator: "\n")
            #expect(text.contains("1 ✓"))
            #expect(text.contains("unreachable") && text.contains("10.0.0.0"))
            #expect(text.contains("web-09"))
            #expect(terminal.notes == ["again where it did not succeed: elves exec --retry-failed b1"])
            let bodies = center.asked.map(\.body)
            #expect(bodies.contains(#"{"app":"hello","function":"greet","targets":"10.0.0.0,10.0.0.1"}"#))

            let (ended, lines) = await Command.run(arguments + ["--json"], url: url)
            #expect(ended == .unreachable)
            #expect(lines.output.count == 3)
            #expect(lines.output.first == Self.unmatched)
            #expect(lines.output.dropFirst().first?.contains(#""ip":"10.0.0.1""#) == true)
            #expect(lines.output.last?.contains(#""ip":"10.0.0.0""#) == true)
        }
    }

    private static let unmatched =
        #"{"app":"hello","code":"heartbeat.target.none","function":"greet","message":"no agent matches web-09","#
        + #""state":"unreachable","target":"web-09"}"#

    @Test func aTargetWithoutAgentIsToldEvenWhenNobodyWaits() async throws {
        try await FakeCenter.run([
            "GET /api/v3/resolve": Self.agents(1, unmatched: #""web-09""#), "POST /api/v3/batches": Self.batch,
        ]) { url, _ in
            let arguments = ["exec", "hello", "greet", "--on", "10.0.0.0,web-09", "--no-wait"]
            let (status, terminal) = await Command.run(arguments, url: url)
            #expect(status == .unreachable)
            #expect(terminal.output == ["b1"])
            #expect(terminal.notes == ["1 no such agent: web-09"])
            let (_, lines) = await Command.run(arguments + ["--json"], url: url)
            #expect(lines.output == [#"{"batch":"b1"}"#, Self.unmatched])
        }
    }

    @Test func aboveFiftyTargetsWantsAYes() async throws {
        try await FakeCenter.run(answering: { asked in
            if asked.line.hasPrefix("GET /api/v3/resolve") { return (200, Self.agents(51)) }
            if asked.line == "POST /api/v3/batches" { return (201, Self.batch) }
            return (200, #"{"tasks":[],"next":"c","done":true}"#)
        }) { url, center in
            let arguments = ["exec", "hello", "greet", "--on", "*"]
            let (unasked, terminal) = await Command.run(arguments, url: url)
            #expect(unasked == .usage)
            #expect(
                terminal.notes == ["error: cli.confirm.needed: Run hello greet on 51 agents? say so with --yes"])
            #expect(!center.asked.contains { $0.line.hasPrefix("POST") })

            let (yes, _) = await Command.run(arguments + ["--yes"], url: url)
            #expect(yes == .success)
            let (agreed, _) = await Command.run(arguments, url: url, terminal: RecordingTerminal(answers: ["y"]))
            #expect(agreed == .success)
        }
    }

    @Test func aFreshBatchNeedNotBeWaitedFor() async throws {
        try await FakeCenter.run(["GET /api/v3/resolve": Self.agents(2), "POST /api/v3/batches": Self.batch]) {
            url, _ in
            let (status, terminal) = await Command.run(["exec", "hello", "greet", "--on", "*", "--no-wait"], url: url)
            #expect(status == .success)
            #expect(terminal.output == ["b1"])
        }
    }

    @Test func aRetryTakesOnlyWhatSurelyDidNotSucceed() async throws {
        let ends = [
            Self.task("10.0.0.1", "succeeded"), Self.task("10.0.0.2", "failed"), Self.task("10.0.0.3", "unknown"),
        ]
        try await FakeCenter.run([
            "GET /api/v3/batches/b1": Self.batch,
            "GET /api/v3/batches/b1/ends": #"{"tasks":[\#(ends.joined(separator: ","))],"next":3,"done":true}"#,
            "POST /api/v3/tasks": Self.task("10.0.0.2", "succeeded", result: #""now""#),
        ]) { url, center in
            let (status, terminal) = await Command.run(["exec", "--retry-failed", "b1"], url: url)
            #expect(status == .success)
            #expect(terminal.output == ["now"])
            #expect(terminal.notes == ["left out, as it may have run there: 10.0.0.3"])
            #expect(
                center.asked.last?.body
                    == #"{"app":"hello","function":"greet","labels":{"ticket":"OPS-1"},"param":{"name":"Ada"},"#
                    + #""target":"10.0.0.2","timeout":90}"#)
        }
    }

    @Test func aRetryOfSeveralKeepsTheBatchsConcurrency() async throws {
        let ends = [Self.task("10.0.0.1", "failed"), Self.task("10.0.0.2", "failed")].joined(separator: ",")
        try await FakeCenter.run([
            "GET /api/v3/batches/b1": Self.batch, "POST /api/v3/batches": Self.batch,
            "GET /api/v3/batches/b1/ends": #"{"tasks":[\#(ends)],"next":3,"done":true}"#,
        ]) { url, center in
            let arguments = ["exec", "--retry-failed", "b1", "--no-wait"]
            _ = await Command.run(arguments, url: url)
            #expect(center.asked.last?.body.contains(#""concurrency":500"#) == true)
            _ = await Command.run(arguments + ["--concurrency", "2", "--timeout", "1"], url: url)
            #expect(center.asked.last?.body.contains(#""concurrency":2,"#) == true)
            #expect(center.asked.last?.body.contains(#""timeout":1}"#) == true)
        }
    }

    @Test func aRetryKeepsWhatTheBatchWasGiven() async throws {
        let ends = [Self.task("10.0.0.1", "failed"), Self.task("10.0.0.2", "failed")].joined(separator: ",")
        let batch = Self.batch.replacing(
            #""labels""#,
            with:
                #""start_by_ms":60000,"retries":{"attempts":3,"first_delay":1,"longest_delay":60},"max_failures":"5%","#
                + #""files":[{"name":"a","digest":"d","size":1,"mode":"0600"}],"labels""#)
        try await FakeCenter.run([
            "GET /api/v3/batches/b1": batch, "POST /api/v3/batches": Self.batch,
            "GET /api/v3/batches/b1/ends": #"{"tasks":[\#(ends)],"next":3,"done":true}"#,
        ]) { url, center in
            _ = await Command.run(["exec", "--retry-failed", "b1", "--async"], url: url)
            let body = center.asked.last?.body ?? ""
            for part in [
                #""files":[{"digest":"d","mode":"0600","name":"a"}]"#, #""max_failures":"5%""#, #""start_by":60"#,
                #""retries":{"attempts":3,"first_delay":1,"longest_delay":60}"#,
            ] {
                #expect(body.contains(part), "\(part): \(body)")
            }
        }
    }

    @Test func curlIsSignedAndSendsNothing() async throws {
        let folder = try ScratchFolder()
        _ = try folder.write(
            #"{"url":"http://127.0.0.1:1","auth_id":"ops","secret":"s","token":"t"}"#, to: "credentials.json")
        let (status, terminal) = await Command.run([
            "exec", "hello", "greet", "--on", "127.0.0.1", "--param", #"{"q":"it's"}"#, "--curl", "--data", folder.path,
        ])
        #expect(status == .success)
        let text = terminal.output.joined()
        #expect(text.hasPrefix("curl -sS -X POST 'http://127.0.0.1:1/api/v3/tasks?wait=60' -H "))
        #expect(text.contains("-H 'Authorization: ELVES-HMAC-SHA256 auth_id=ops, timestamp="))
        #expect(
            text.hasSuffix(
                #"--data-binary '{"app":"hello","function":"greet","param":{"q":"it'\''s"},"target":"127.0.0.1"}'"#))
        #expect(!text.contains("Bearer"))
    }

    @Test(arguments: [
        ["exec", "hello", "greet"], ["exec", "hello", "--on", "x"], ["exec", "--retry-failed", "b", "--on", "x"],
        ["exec", "hello", "greet", "--on", "x", "--timeout", "-1"],
        ["exec", "hello", "greet", "--on", "x", "--concurrency", "0"],
        ["exec", "hello", "greet", "--on", "x", "--param", "{"],
    ])
    func wrongUseSendsNothing(arguments: [String]) async throws {
        try await FakeCenter.run([:]) { url, center in
            let (status, terminal) = await Command.run(arguments, url: url)
            #expect(status == .usage)
            #expect(terminal.notes.first?.hasPrefix("error: cli.") == true)
            #expect(center.asked.isEmpty)
        }
    }
}
