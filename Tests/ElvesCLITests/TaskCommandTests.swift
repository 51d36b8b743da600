import ElvesCLI
import Foundation
import Testing

/// `elves task`, `elves batch` and `elves file`.
@Suite struct TaskCommandTests {
    private static let id = "0123456789abcdef"

    private static func task(_ state: String, _ more: String = "") -> String {
        let task = ExecCommandTests.task("10.0.0.1", state, message: state == "failed" ? "exit 3" : "")
        return task.dropLast() + more + "}"
    }

    @Test func theListIsATable() async throws {
        let tasks = [Self.task("succeeded"), Self.task("failed"), Self.task("running")]
        let page = #"{"tasks":[\#(tasks.joined(separator: ","))],"next":"7"}"#
            .replacing(#""dispatched_at":null"#, with: #""dispatched_at":"2023-11-14T22:13:18.000Z""#)
            .replacing(#""created_at":null"#, with: #""created_at":"2023-11-14T22:13:18.000Z""#)
        try await FakeCenter.run(["GET /api/v3/tasks": page]) { url, center in
            let (status, terminal) = await Command.run(
                [
                    "task", "list", "--app", "hello", "--on", "web-1", "--state", "failed,timed_out", "--state",
                    "running",
                    "--label", "ticket=OPS-12", "--since", "2h", "--until", "2023-11-14T22:00:00Z", "-n", "3",
                ], url: url)
            #expect(status == .success)
            #expect(
                terminal.output == [
                    "ID                STATE      CALL         AGENT     CREATED  TOOK   WHY",
                    "0123456789abcdef  succeeded  hello greet  10.0.0.1  2 s ago  12 ms  -",
                    "0123456789abcdef  failed     hello greet  10.0.0.1  2 s ago  12 ms  exit 3",
                    "0123456789abcdef  running    hello greet  10.0.0.1  2 s ago  -      -",
                ])
            #expect(terminal.notes == ["there are more: --limit N shows so many"])
            #expect(
                center.asked.map(\.line) == [
                    "GET /api/v3/tasks?app=hello&agent=web-1&state=failed%2Ctimed_out%2Crunning"
                        + "&since=2023-11-14T20%3A13%3A20.000Z&until=2023-11-14T22%3A00%3A00.000Z"
                        + "&label=ticket%3AOPS-12&limit=3"
                ])
            let (_, json) = await Command.run(["task", "list", "--json", "-n", "3"], url: url)
            #expect(json.output.count == 3 && json.output.allSatisfy { $0.contains(#""id":"0123456789abcdef""#) })
        }
    }

    @Test(arguments: [
        (["--state", "fialed"], #"did you mean "failed"?"#), (["--since", "yesterday"], "2h"),
        (["--label", "x"], "NAME=VALUE"), (["--limit", "0"], "1 or more"), (["--stat", "x"], "--state"),
    ])
    func wrongFilters(options: [String], words: String) async {
        let (status, terminal) = await Command.run(["task", "list"] + options, url: "http://127.0.0.1:1")
        #expect(status == .usage && terminal.notes.first?.contains(words) == true, "\(terminal.notes)")
    }

    @Test func aTaskTellsWhatIsKnownOfIt() async throws {
        let more = #"""
            ,"labels":{"ticket":"OPS-12"},"caller":"ci","survivors":2,"retry_of":"0000000000000001",
            "files":[{"name":"a","digest":"d","size":1,"mode":"0644"}],
            "returned":[{"name":"out.csv","digest":"d","size":2048,"mode":"0644"}],"worker":{"cwd":"/opt"}
            """#
        let task = Self.task("killed", more).replacing(#""labels":{},"#, with: "")
        try await FakeCenter.run(["GET /api/v3/tasks/\(Self.id)": task]) { url, _ in
            let (_, terminal) = await Command.run(["task", "get", Self.id], url: url)
            for line in [
                "state      killed", "labels     ticket=OPS-12", "caller     ci", "retry of   0000000000000001",
                "survivors  2 processes outlived its end", "files      a (1 byte)", "returned   out.csv (2,048 bytes)",
                #"worker     {"cwd":"/opt"}"#,
            ] {
                #expect(terminal.output.contains(line), "\(line): \(terminal.output)")
            }
        }
    }

    @Test func cancelKillAndRetry() async throws {
        try await FakeCenter.run([
            "POST /api/v3/tasks/\(Self.id)/cancel": Self.task("cancelled"),
            "POST /api/v3/tasks/\(Self.id)/kill": Self.task("killed", #","survivors":1"#),
            "POST /api/v3/tasks/\(Self.id)/retry": Self.task("created"),
            "GET /api/v3/tasks/\(Self.id)": Self.task("failed"),
        ]) { url, center in
            let (cancelled, terminal) = await Command.run(["task", "cancel", Self.id, "--reason", "no"], url: url)
            #expect(cancelled == .success && terminal.output == ["\(Self.id) cancelled"])
            #expect(center.asked.last?.body == #"{"reason":"no"}"#)
            let (killed, kill) = await Command.run(["task", "kill", "nope", Self.id], url: url)
            #expect(killed == .failure && kill.output == ["\(Self.id) killed"], "the others are ended all the same")
            #expect(kill.notes.count == 2 && kill.notes.last == "\(Self.id): 1 process outlived its end")
            let (retried, retry) = await Command.run(["task", "retry", Self.id], url: url)
            #expect(retried == .failure && retry.notes.first == "10.0.0.1 failed: exit 3")
            let (status, id) = await Command.run(["task", "retry", Self.id, "--async"], url: url)
            #expect(status == .success && id.output == [Self.id])
        }
    }

    /// What was asked to end and goes on is no success, unless nobody wanted to wait.
    @Test(arguments: ["kill", "cancel"]) func whatDoesNotEndIsSaid(verb: String) async throws {
        try await FakeCenter.run(answering: { asked in
            asked.line.hasPrefix("POST /api/v3/tasks/\(Self.id)/\(verb)")
                ? (200, Self.task("dispatched")) : (500, asked.line)
        }) { url, _ in
            let (status, terminal) = await Command.run(["task", verb, Self.id], url: url)
            #expect(status == .unreachable && terminal.output == ["\(Self.id) dispatched, not ended yet"])
            #expect(terminal.notes.count == 1 && terminal.notes[0].contains("elves task get \(Self.id)"))
            guard verb == "kill" else { return }
            let (asked, only) = await Command.run(["task", verb, "--no-wait", Self.id], url: url)
            #expect(asked == .success && only.notes.isEmpty, "\(only.notes)")
            #expect(only.output == ["\(Self.id) dispatched, not ended yet"])
        }
    }

    @Test func outputByteForByte() async throws {
        let parts = #"""
            [{"stream":"stdout","text":"ä\n","dropped":0,"attempt":1},{"stream":"stderr","text":"oh","dropped":0,"attempt":1},
            {"stream":"stdout","base64":"/wo=","dropped":7,"attempt":1}]
            """#
        let end = "event: end\nid: 9\ndata: {\"state\":\"failed\",\"attempt\":1}\n\n"
        try await FakeCenter.run(answering: { asked in
            switch asked.line {
            case "GET /api/v3/tasks/\(Self.id)/output?format=json":
                (200, #"{"parts":\#(parts),"next":"3","done":false,"state":"running","attempt":1}"#)
            case "GET /api/v3/tasks/\(Self.id)/output?format=json&after=3":
                (200, #"{"parts":[],"next":"3","done":false,"state":"running","attempt":1}"#)
            case "GET /api/v3/tasks/\(Self.id)/output?follow=true&stream=stdout":
                (
                    200,
                    "event: output\nid: 1\ndata: {\"stream\":\"stdout\",\"text\":\"hi\",\"dropped\":0,\"attempt\":1}\n\n"
                        + end
                )
            case "GET /api/v3/tasks/\(Self.id)": (200, Self.task("failed"))
            default: (500, asked.line)
            }
        }) { url, _ in
            let (status, terminal) = await Command.run(["task", "output", Self.id], url: url)
            #expect(status == .success)
            #expect(terminal.written == "ä\n\u{FFFD}\n" && terminal.writtenErrors == "oh")
            #expect(terminal.notes == ["… 7 bytes dropped …"])
            let (ended, followed) = await Command.run(
                ["task", "output", "-f", Self.id, "--stream", "stdout"], url: url)
            #expect(ended == .failure && followed.written == "hi")
            #expect(followed.notes == ["\(Self.id) failed: exit 3"])
        }
    }

    private static let batch = ExecCommandTests.batch
        .replacing(#""states":{}"#, with: #""states":{"failed":1,"succeeded":2994}"#)
        .replacing(
            #""labels""#, with: #""stopping":true,"stop_reason":"more than 5% failed","max_failures":"5%","labels""#)

    @Test func batches() async throws {
        let group = #"""
            {"state":"succeeded","code":null,"exit_code":0,"text":"nginx 1.22.1\n","count":2994,"targets":[
            {"id":"1","ip":"10.0.0.1","name":"web-1","task_id":"5"},{"id":"2","ip":"10.0.0.2","name":"","task_id":"6"}]}
            """#
        try await FakeCenter.run([
            "GET /api/v3/batches": #"{"batches":[\#(Self.batch)],"next":null}"#, "GET /api/v3/batches/b1": Self.batch,
            "GET /api/v3/batches/b1/groups": #"{"groups":[\#(group)]}"#, "POST /api/v3/batches/b1/stop": Self.batch,
        ]) { url, center in
            let (_, list) = await Command.run(["batch", "list"], url: url)
            #expect(
                list.output == [
                    "ID  CALL         TARGETS  ENDS                       CREATED  STATE",
                    "b1  hello greet  2        2,994 succeeded, 1 failed  never    stopped",
                ])
            let (_, shown) = await Command.run(["batch", "show", "b1"], url: url)
            #expect(
                shown.output.contains("stopped   more than 5% failed") && shown.output.contains("state     stopped"))
            #expect(shown.output.contains("stops at  more than 5% failed"))
            let (_, groups) = await Command.run(["batch", "groups", "b1"], url: url)
            #expect(groups.output == ["2,994 succeeded: web-1, 10.0.0.2, …", "  nginx 1.22.1"])
            let (status, stopped) = await Command.run(
                ["batch", "stop", "b1", "--kill", "--reason", "enough"], url: url)
            #expect(status == .success && stopped.output == ["b1 stopped: 2,994 succeeded, 1 failed"])
            #expect(center.asked.last?.body == #"{"kill":true,"reason":"enough"}"#)
        }
    }

    @Test func aReturnedFile() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.url.appending(path: "out.csv").path(percentEncoded: false)
        try await FakeCenter.run(["GET /api/v3/tasks/\(Self.id)/files/out.csv": "a,b\n"]) { url, _ in
            let arguments = ["file", "get", Self.id, "out.csv", "--output", path]
            let (status, terminal) = await Command.run(arguments, url: url)
            #expect(status == .success && terminal.notes == ["\(path), 4 bytes"])
            let content = try String(contentsOfFile: path, encoding: .utf8)
            #expect(content == "a,b\n")
            let (again, refused) = await Command.run(arguments, url: url)
            #expect(again == .usage && refused.notes.first?.contains("--force") == true)
            #expect(await Command.run(arguments + ["--force"], url: url).0 == .success)
            let (_, piped) = await Command.run(["file", "get", Self.id, "out.csv", "-o", "-"], url: url)
            #expect(piped.written == "a,b\n" && piped.notes.isEmpty)
        }
    }
}
