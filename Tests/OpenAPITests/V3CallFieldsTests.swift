import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

/// What a call may ask for beside its function, target and param.
@Suite struct V3CallFieldsTests {
    private let edge = TestEdge()

    private func create(_ rest: String, query: String = "", function: String = "greet") async throws -> TestAnswer {
        try await edge.withRouter { client in
            try await client.ask(
                .post, "/api/v3/tasks\(query)", TestKey.caller.bearer,
                body: #"{"app":"hello","function":"\#(function)","target":"10.0.0.1"\#(rest)}"#)
        }
    }

    @Test func whoDoesNotWaitGetsADurableTask() async throws {
        for (rest, query, isDurable) in [
            ("", "", true), ("", "?wait=0", true), ("", "?wait=5", nil), (#","durable":true"#, "?wait=5", true),
            (#","start_by":60"#, "?wait=5", true), (#","durable":false"#, "?wait=5", nil),
        ] as [(String, String, Bool?)] {
            _ = try await create(rest, query: query)
            #expect(edge.scheduler.executed.last?.durable == isDurable, "\(rest) \(query)")
        }
        _ = try await create(#","start_by":1.5"#)
        #expect(edge.scheduler.executed.last?.startByMs == 1500)
    }

    @Test func retriesAreForIdempotentFunctions() async throws {
        let rule = #","retries":{"attempts":3,"first_delay":0.5,"longest_delay":30}"#
        let right = try await create(rule, query: "?wait=5", function: "safe")
        #expect(right.status == 200, "\(right.text)")
        let request = try #require(edge.scheduler.executed.last)
        #expect(request.retryRule == RetryRule(attempts: 3, firstDelayMs: 500, longestDelayMs: 30_000))
        #expect(request.durable == true)
        _ = try await create(#","retries":{"attempts":2}"#, function: "safe")
        #expect(edge.scheduler.executed.last?.retryRule?.firstDelayMs == 1000)
        let wrong = try await create(rule)
        #expect(wrong.status == 400 && wrong.code == "openapi.request.field")
        #expect(wrong.json["detail"]?.string?.contains("does not call hello greet idempotent") == true)
        #expect(edge.scheduler.executed.count == 2)
    }

    @Test(arguments: [
        (#","retries":3"#, "\"retries\" is an object"), (#","retries":{}"#, "retries.attempts"),
        (#","retries":{"attempts":0}"#, "retries.attempts"),
        (#","retries":{"attemps":2}"#, "did you mean \"attempts\"?"),
        (#","retries":{"attempts":2,"first_delay":9,"longest_delay":1}"#, "longest_delay"),
        (#","start_by":-1"#, "start_by"), (#","durable":"yes"#, "elves.json"), (#","durable":"yes""#, "\"durable\""),
        (#","files":{}"#, "a list of objects"), (#","files":[1]"#, "files[0]"),
        (#","files":[{"name":"a/b","digest":"00"}]"#, "no file name"),
        (#","files":[{"name":"..","digest":"00"}]"#, "no file name"),
        (#","files":[{"name":"a","digest":"00"}]"#, "64 hex digits"),
        (#","files":[{"name":"a"}]"#, "files[0].digest"),
    ])
    func wrongFieldsAreSaid(rest: String, words: String) async throws {
        let answer = try await create(rest, function: "safe")
        #expect(answer.status == 400 && answer.text.replacing("\\\"", with: "\"").contains(words), "\(answer.text)")
        #expect(edge.scheduler.executed.isEmpty)
    }

    @Test func filesAreNamedByContent() async throws {
        let digest = Hex.encode(edge.scheduler.blobs.add("worker_processes 4;"))
        let answer = try await create(
            #","files":[{"name":"nginx.conf","digest":"\#(digest)","mode":"0600"},{"name":"b","digest":"\#(digest)"}]"#)
        #expect(answer.status == 200, "\(answer.text)")
        let files = try #require(edge.scheduler.executed.last?.files)
        #expect(files.map(\.name) == ["nginx.conf", "b"] && files.map(\.size) == [19, 19])
        #expect(files.map(\.mode) == [0o600, nil])

        let twice = try await create(
            #","files":[{"name":"b","digest":"\#(digest)"},{"name":"b","digest":"\#(digest)"}]"#)
        #expect(twice.json["detail"]?.string?.contains("two files") == true)
        let unknown = try await create(#","files":[{"name":"b","digest":"\#(String(repeating: "0", count: 64))"}]"#)
        #expect(unknown.status == 404 && unknown.code == "scheduler.blob.unknown")
        #expect(unknown.json["hint"]?.string?.contains("POST /api/v3/blobs") == true)
        let many = (1...33).map { #"{"name":"f\#($0)","digest":"\#(digest)"}"# }.joined(separator: ",")
        #expect(try await create(#","files":[\#(many)]"#).json["detail"]?.string?.contains("at most 32") == true)
        #expect(edge.scheduler.executed.count == 1)
    }

    @Test func aTaskTellsAllOfItself() async throws {
        let digest = [UInt8](repeating: 0xAB, count: 32)
        edge.scheduler.answers { _ in
            TaskRecord(
                id: 1, app: "hello", func: "greet", state: .running, owner: "queue",
                retryRule: RetryRule(attempts: 3, firstDelayMs: 1500, longestDelayMs: 60_000),
                nextAttemptAt: 1_767_323_045_678, startedAt: 1_767_323_045_678,
                worker: #"{"cwd":"/opt","umask":"022"}"#,
                files: [FileRef(name: "a", digest: digest, size: 3, mode: 0o755)],
                returned: [FileRef(name: "out.txt", digest: digest, size: 9)], stdoutBytes: 5_000_000_000,
                survivors: 2)
        }
        let task = try await create("").json
        #expect(task["worker"] == ["cwd": "/opt", "umask": "022"] && task["owner"] == "queue")
        #expect(task["retries"] == ["attempts": 3, "first_delay": 1.500, "longest_delay": 60])
        #expect(task["started_at"] == "2026-01-02T03:04:05.678Z" && task["next_attempt_at"] == task["started_at"])
        #expect(task["files"]?[0]?["mode"] == "0755" && task["returned"]?[0]?["mode"] == "0644")
        #expect(task["returned"]?[0]?["digest"]?.string == Hex.encode(digest))
        #expect(task["stdout_bytes"]?.int == 5_000_000_000 && task["stderr_bytes"] == .null && task["survivors"] == 2)
        #expect(task.object?.names == SchemaNames.members(of: "Task"))
    }

    @Test func aBatchTakesThemToo() async throws {
        let digest = Hex.encode(edge.scheduler.blobs.add("x"))
        @Sendable func body(_ rest: String) -> String {
            #"{"app":"hello","function":"safe","targets":"zone=bj"\#(rest)}"#
        }
        try await edge.withRouter { client in
            func make(_ rest: String) async throws -> TestAnswer {
                try await client.ask(.post, "/api/v3/batches", TestKey.caller.bearer, body: body(rest))
            }
            let made = try await make(
                #","max_failures":"5%","start_by":60,"retries":{"attempts":2},"files":[{"name":"x","digest":"\#(digest)"}]"#
            )
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json.object?.names == SchemaNames.members(of: "Batch"))
            _ = try await make(#","max_failures":3"#)
            for wrong in [#""5""#, "-1", #""101%""#, "[]", #""x%""#] {
                let answer = try await make(#","max_failures":\#(wrong)"#)
                #expect(answer.status == 400 && answer.json["detail"]?.string?.contains("5%") == true, "\(wrong)")
            }
            let notIdempotent = #"{"app":"hello","function":"greet","targets":"zone=bj","retries":{"attempts":2}}"#
            #expect(
                try await client.ask(.post, "/api/v3/batches", TestKey.caller.bearer, body: notIdempotent).status == 400
            )
        }
        let requests = edge.scheduler.batches
        #expect(requests.count == 2)
        #expect(requests.first?.maxFailurePercent == 5 && requests.first?.maxFailures == nil)
        #expect(requests.first?.startByMs == 60_000 && requests.first?.retryRule?.attempts == 2)
        #expect(requests.first?.files?.first?.size == 1)
        #expect(requests.last?.maxFailures == 3)
    }
}
