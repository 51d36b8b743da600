import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

@Suite struct V3TaskTests {
    private func create(
        _ body: String, _ edge: TestEdge = TestEdge(), headers: HTTPFields = [:], query: String = "wait=1"
    ) async throws -> TestAnswer {
        try await edge.withRouter { client async throws in
            var all = TestKey.caller.bearer
            all.append(contentsOf: headers)
            return try await client.ask(.post, "/api/v3/tasks?\(query)", all, body: body)
        }
    }

    @Test func aTaskInItsShape() async throws {
        let edge = TestEdge()
        let body = #"""
            {"app":"hello","function":"greet","target":"10.0.0.1","param":{"name":"Ada","n":[1,2.5,null]},
             "timeout":1.5,"labels":{"ticket":"OPS-1"}}
            """#
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let name = try #require(HTTPField.Name("Idempotency-Key"))
        let answer = try await create(body, edge, headers: [name: "k1", .w3cTrace: trace])
        #expect(answer.status == 200)
        #expect(answer.headers[.location] == "/api/v3/tasks/0123456789abcdef")
        #expect(answer.headers[.elvesTrace]?.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
        let task = answer.json
        #expect(task["id"] == "0123456789abcdef" && task["batch_id"] == .null && task["state"] == "succeeded")
        #expect(task["param"] == ["name": "Ada", "n": [1, 2.5, nil]])
        #expect(task["result"] == "hello" && task["message"] == "" && task["code"] == .null)
        #expect(task["created_at"] == "2026-01-02T03:04:05.678Z" && task["dispatched_at"] == .null)
        #expect(task["stdout"] == ["head": "", "tail": "", "dropped": 0])
        #expect(task["timeout_ms"] == 1500)
        let names = try #require(task.object?.names)
        #expect(names == SchemaNames.members(of: "Task"))
        let request = try #require(edge.scheduler.executed.first)
        #expect(request.agentId == 1 && request.ip == "10.0.0.1" && request.agentName == "a1")
        #expect(request.idempotencyKey == "caller/k1")
        #expect(request.labels == ["ticket": "OPS-1"])
        let call = try #require(edge.scheduler.state.withLock(\.calls).last)
        #expect(call.caller == "caller" && call.trace == answer.headers[.elvesTrace])
        #expect(call.timeout >= .seconds(2))
    }

    /// Whatever has to be asked first: the caller is answered within its `wait` and the slack.
    @Test func theCallersDeadline() async throws {
        let edge = TestEdge()
        let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
        let id = "0123456789abcdef"
        let start = ContinuousClock.now
        _ = try await create(body, edge, query: "wait=1")
        try await edge.withRouter { client async throws in
            for path in ["tasks/\(id)", "batches/0000000000000009", "batches/0000000000000009/ends"] {
                _ = try await client.ask(.get, "/api/v3/\(path)?wait=1", TestKey.caller.bearer)
            }
        }
        let calls = edge.scheduler.state.withLock(\.calls)
        #expect(calls.count >= 5)
        for call in calls {
            let deadline = try #require(call.deadline)
            #expect(deadline >= start + .seconds(3) && deadline <= .now + .seconds(3))
            #expect(call.patience <= .seconds(3))
        }
        _ = try await create(body, edge, query: "wait=0")
        let last = try #require(edge.scheduler.state.withLock(\.calls).last)
        #expect(last.deadline == nil && last.patience == .seconds(10), "who does not wait names no time")
    }

    @Test func whatIsLeftOfAWait() {
        let call = PortCall()
        #expect(call.left(of: 5000) == 5000, "without a deadline")
        let now = ContinuousClock.now
        #expect(call.answering(within: 0, since: now).deadline == nil)
        let late = call.answering(within: 5000, since: now - .seconds(3))
        #expect((1000...2000).contains(late.left(of: 5000)))
        #expect(call.answering(within: 5000, since: now - .seconds(6)).left(of: 5000) == 0)
        #expect(call.answering(within: 5000, since: now - .seconds(60)).patience == .milliseconds(1))
    }

    @Test func aTaskThatStillRunsIs202() async throws {
        let edge = TestEdge()
        edge.scheduler.answers { _ in TaskRecord(id: 1, state: .running) }
        let answer = try await create(#"{"app":"elder","function":"x","target":"a1"}"#, edge)
        #expect(answer.status == 202 && answer.json["state"] == "running" && answer.json["result"] == .null)
    }

    @Test func resultsOfBothProtocols() async throws {
        let edge = TestEdge()
        for (record, result, message) in [
            (TaskRecord(id: 1, state: .succeeded, flag: 1, result: #"{"a":1}"#), ["a": 1], ""),
            (TaskRecord(id: 1, state: .failed, flag: 0, message: "no"), "no", ""),
            (TaskRecord(id: 1, state: .failed, flag: -1, message: "exit 3"), .null, "exit 3"),
            (TaskRecord(id: 1, state: .succeeded, flag: 1, result: "{broken"), "{broken", ""),
        ] as [(TaskRecord, JSONValue, String)] {
            edge.scheduler.answers { _ in record }
            let answer = try await create(#"{"app":"elder","function":"x","target":"a1"}"#, edge)
            #expect(answer.json["result"] == result)
            #expect(answer.json["message"]?.string == message)
        }
    }

    @Test func whatIsWrongIsSaid() async throws {
        func body(_ app: String, _ function: String, _ rest: String = "") -> String {
            #"{"app":"\#(app)","function":"\#(function)","target":"10.0.0.1"\#(rest)}"#
        }
        let long = String(repeating: "x", count: 1_048_576)
        let cases: [(Int, String, String, String)] = [
            (400, "elves.json.invalid", "{\n \"app\": hello}", "2:9"),
            (400, "elves.json.invalid", "", ""), (400, "openapi.request.malformed", "[]", "array"),
            (400, "openapi.request.field", #"{"app":"hello","func":"x"}"#, "there are: app, function"),
            (400, "openapi.request.field", #"{"app":"hello"}"#, "\"function\" is needed"),
            (400, "openapi.request.field", #"{"app":1}"#, "\"app\" is a string"),
            (400, "openapi.request.field", body("hello", "greet", #","timeout":-1"#), "timeout"),
            (404, "openapi.app.unknown", body("helo", "greet"), "did you mean \"hello\"?"),
            (404, "openapi.function.unknown", body("hello", "gret"), "did you mean \"greet\"?"),
            (409, "supervisor.version.noneLive", body("idle", "x"), "no live version"),
            (422, "openapi.request.paramSchema", body("hello", "strict"), "lacks \"name\""),
            (
                422, "openapi.request.paramSchema", body("hello", "strict", #","param":{"name":"toolong"}"#),
                "param/name"
            ),
            (413, "openapi.request.paramTooLong", body("elder", "x", #","param":"\#(long)""#), "1048578"),
            (404, "openapi.agent.unknown", #"{"app":"hello","function":"greet","target":"10.9.9.9"}"#, "10.9.9.9"),
            (400, "openapi.target.several", #"{"app":"hello","function":"greet","target":"zone=bj"}"#, "2 agents"),
            (404, "openapi.target.none", #"{"app":"hello","function":"greet","target":"zone=sh"}"#, "no agent"),
        ]
        for (status, code, text, words) in cases {
            let edge = TestEdge()
            let answer = try await create(text, edge)
            #expect(answer.status == status, "\(text.prefix(100)): \(answer.text)")
            #expect(answer.code == code && answer.json["status"]?.int == Int64(status))
            #expect(answer.json["detail"]?.string?.contains(words) == true, "\(answer.text)")
            #expect(answer.json["hint"]?.string?.isEmpty == false)
            #expect(edge.scheduler.executed.isEmpty)
        }
    }

    @Test func badQueriesHeadersAndKinds() async throws {
        let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
        #expect(try await create(body, query: "wiat=1").json["detail"]?.string?.contains("\"wait\"") == true)
        for query in ["wait=x", "wait=-1", "wait=3601", "wait=1&wait=2"] {
            #expect(try await create(body, query: query).code == "openapi.request.query")
        }
        let name = try #require(HTTPField.Name("Idempotency-Key"))
        #expect(try await create(body, headers: [name: "a b"]).code == "openapi.idempotency.invalid")
        let kind = try await create(body, headers: [.contentType: "text/xml"])
        #expect(kind.status == 415 && kind.code == "openapi.request.mediaType")
        let big = try await create(String(repeating: " ", count: 10_000_000))
        #expect(big.status == 413 && big.code == "openapi.request.tooLong")
    }

    @Test func faultsOfOthers() async throws {
        let edge = TestEdge()
        let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
        for (error, status) in [
            (ElvesError(.elvesOverloaded), 503), (ElvesError(.channelUnreachable), 503),
            (ElvesError(.elvesDeadline), 504),
            (ElvesError(.schedulerIdempotencyConflict), 409),
        ] {
            edge.scheduler.fails(error)
            let answer = try await create(body, edge)
            #expect(answer.status == status && answer.code == error.code.code)
            #expect((answer.headers[.retryAfter] != nil) == (status == 503))
            #expect(answer.json["retryable"]?.bool == error.isRetryable)
        }
        edge.scheduler.fails(nil)
        edge.heartbeat.fails(ElvesError(.channelUnreachable))
        edge.time.advance(.seconds(6))
        #expect(try await create(body, edge).status == 200, "an ip needs no heartbeat")
        #expect(try await create(body.replacing("10.0.0.1", with: "a1"), edge).status == 503)
    }

    /// Who waits for a heartbeat that is away waits once: the others of that second are not held up.
    @Test func aHeartbeatThatGaveNoAnswerIsNotAskedAgainAtOnce() async throws {
        let edge = TestEdge()
        let key = TestKey.caller.bearer
        let unknown = #"{"app":"hello","function":"greet","target":"10.9.9.9"}"#
        try await edge.withRouter { client async throws in
            edge.heartbeat.fails(ElvesError(.channelUnreachable))
            #expect(try await client.ask(.post, "/api/v3/tasks", key, body: unknown).status == 200)
            edge.heartbeat.fails(nil)
            #expect(try await client.ask(.post, "/api/v3/tasks", key, body: unknown).status == 200, "taken at its word")
            edge.time.advance(.seconds(2))
            let answer = try await client.ask(.post, "/api/v3/tasks", key, body: unknown)
            #expect(answer.code == "openapi.agent.unknown", "asked again: \(answer.text)")
        }
    }

    @Test func getAndExplain() async throws {
        try await TestEdge().withRouter { client async throws in
            let key = TestKey.caller.bearer
            let task = try await client.ask(.get, "/api/v3/tasks/0123456789ABCDEF?wait=1", key)
            #expect(task.status == 200 && task.json["id"] == "0123456789abcdef")
            let explain = try await client.ask(.get, "/api/v3/tasks/0123456789abcdef/explain", key)
            #expect(explain.json["hops"] == [["place": "scheduler", "event": "dispatched", "at_us": 40, "rule": ""]])
            #expect(explain.json["task"]?["id"] == task.json["id"])
            #expect(try await client.ask(.get, "/api/v3/tasks/1", key).code == "elves.id.invalid")
            #expect(try await client.ask(.get, "/api/v3/tasks/00000000000000ff", key).code == "scheduler.task.unknown")
        }
    }

    @Test func aTaskThatWasAskedForByAddressShowsItsAgentsName() async throws {
        let edge = TestEdge()
        edge.scheduler.answers { request in TaskRecord(id: 1, app: request.app, func: request.func, agentId: 3) }
        try await edge.withRouter { client async throws in
            let path = "/api/v3/tasks/0123456789abcdef"
            #expect(try await client.ask(.get, path, TestKey.caller.bearer).json["agent"]?["name"] == "a3")
            edge.scheduler.answers { request in
                TaskRecord(id: 1, app: request.app, func: request.func, agentId: 3, agentName: "then")
            }
            #expect(try await client.ask(.get, path, TestKey.caller.bearer).json["agent"]?["name"] == "then")
            edge.scheduler.answers { request in TaskRecord(id: 1, app: request.app, func: request.func, agentId: 99) }
            let unknown = try await client.ask(.get, path, TestKey.caller.bearer)
            #expect(unknown.status == 200 && unknown.json["agent"]?["name"] == "")
        }
    }

    @Test(arguments: ["POST /api/v3/tasks", "POST /api/v3/batches", "GET /api/v3/resolve"])
    func aNameOfSeveralAgentsIsSaidSo(route: String) async throws {
        let edge = TestEdge()
        edge.heartbeat.fails(
            ElvesError(.heartbeatAgentAmbiguous, #"2 agents are called "a1": 1 (10.0.0.1), 2 (10.0.0.2)"#))
        try await edge.withRouter { client async throws in
            let parts = route.split(separator: " ").map(String.init)
            let field = parts[1].hasSuffix("tasks") ? "target" : "targets"
            let body = #"{"app":"hello","function":"greet","\#(field)":"a1"}"#
            let answer = try await client.ask(
                parts[0] == "POST" ? .post : .get, parts[1], TestKey.caller.bearer,
                body: parts[0] == "POST" ? body : nil)
            #expect(answer.status == 409 && answer.code == "heartbeat.agent.ambiguous")
            #expect(answer.json["detail"]?.string?.contains("10.0.0.2") == true)
            #expect(answer.json["hint"]?.string?.contains("id or the ip") == true)
            #expect(edge.scheduler.executed.isEmpty && edge.scheduler.batches.isEmpty)
        }
    }

    @Test func tooManyAtOnce() async throws {
        var limits = EdgeLimits()
        limits.requests = 0
        try await TestEdge(limits: limits).withRouter { client async throws in
            let answer = try await client.ask(.get, "/api/v3/apps", TestKey.caller.bearer)
            #expect(answer.status == 503 && answer.code == "elves.overloaded" && answer.headers[.retryAfter] != nil)
            #expect(try await client.ask(.get, "/api/v2/info/app").v2Code == "500")
        }
    }
}
