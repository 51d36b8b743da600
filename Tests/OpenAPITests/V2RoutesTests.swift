import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

@Suite struct V2RoutesTests {
    private static let call = [("app", "elder"), ("func", "f"), ("ip", "10.0.0.1")]

    @Test func execByGetAndPost() async throws {
        let edge = TestEdge()
        let parameters =
            Self.call + [("param", #"{"a": [1, 2]}"#), ("timeout", "3"), ("proxy", "bash|x"), ("mode", "ssnp")]
        try await edge.withRouter { client async throws in
            let target = TestKey.caller.v2("/api/v2/rt/exec", parameters)
            let parts = target.split(separator: "?", maxSplits: 1)
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let answers = [
                try await client.ask(.get, target), try await client.ask(.post, target),
                try await client.ask(.post, String(parts[0]), form, body: String(parts[1])),
            ]
            for answer in answers {
                #expect(answer.status == 200)
                #expect(
                    answer.text
                        == #"{"flag":"true","error":"","result":{"id":"0123456789ABCDEF","worker_flag":1,"#
                        + #""worker_message":"hello","worker_costtime":12}}"#)
            }
        }
        #expect(edge.scheduler.executed.count == 3)
        for request in edge.scheduler.executed {
            #expect(request.param == #"{"a": [1, 2]}"#)
            #expect(request.timeoutMs == 3000 && request.proxy == "bash|x" && request.ip == "10.0.0.1")
        }
    }

    @Test func absentParametersHaveTheContractsDefaults() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            _ = try await client.ask(.get, TestKey.caller.v2("/api/v2/rt/exec", Self.call + [("param", "")]))
        }
        let request = try #require(edge.scheduler.executed.first)
        #expect(request.param == nil && request.timeoutMs == 90_000 && request.proxy == nil && request.startByMs == 0)
    }

    @Test(
        arguments: [
            (TaskState.succeeded, 1, "true", "", 1), (.failed, 0, "true", "", 0), (.failed, -1, "true", "", -1),
            (.timedOut, -1, "true", "", -1), (.unreachable, -1, "false", "[410.0]Send Job To Agent Fail", 0),
            (.rejected, -1, "false", "[410.2]Agent Refused The Job", 0),
            (.expired, -1, "false", "[410.3]Job Start Time Passed", 0),
            (.unknown, -1, "false", "[410.4]Job End Is Unknown", 0),
            (.killed, -1, "false", "[410.5]Job Was Stopped", 0),
            (.cancelled, -1, "false", "[410.5]Job Was Stopped", 0),
            (.running, 0, "false", "[410.4]Job End Is Unknown", 0),
        ] as [(ElvesContracts.TaskState, Int32, String, String, Int64)])
    func statesOfATask(
        state: ElvesContracts.TaskState, flag: Int32, outer: String, error: String, worker: Int64
    ) async throws {
        let edge = TestEdge()
        edge.scheduler.answers { _ in TaskRecord(id: 1, state: state, flag: flag, message: "why") }
        try await edge.withRouter { client async throws in
            let answer = try await client.ask(.get, TestKey.caller.v2("/api/v2/rt/exec", Self.call))
            #expect(answer.json["flag"]?.string == outer)
            #expect(answer.json["error"]?.string == error)
            let reason = answer.headers[.elvesReason]
            if state == .running {
                #expect(reason == "task 0000000000000001 still runs")
            } else {
                #expect(reason == (error.isEmpty ? nil : "why"))
            }
            #expect((answer.json["result"] == nil) == (outer == "false"))
            if outer == "true" { #expect(answer.json["result"]?["worker_flag"]?.int == worker) }
        }
    }

    /// Clients compare the texts of 410.x, so nothing is added to them.
    @Test func aFaultOfTheSchedulerIsAnEnvelope() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for (code, error, isFixed) in [
                (.schedulerAgentUnreachable, "[410.0]Send Job To Agent Fail", true),
                (.channelUnreachable, "[410.0]Send Job To Agent Fail", true),
                (.schedulerFull, "[410.0]Send Job To Agent Fail", true),
                (.schedulerAgentRejected, "[410.2]Agent Refused The Job", true),
                (.channelClosed, "[410.4]Job End Is Unknown", true),
                (.elvesDeadline, "[410.4]Job End Is Unknown", true),
                (.elvesInternal, "[500]Internal ServerError: 50 % of\n\"bj\" – gone", false),
            ] as [(ErrorCode, String, Bool)] {
                edge.scheduler.fails(ElvesError(code, "50 % of\n\"bj\" – gone"))
                let answer = try await client.ask(.get, TestKey.caller.v2("/api/v2/rt/exec", Self.call))
                #expect(answer.json == ["flag": "false", "error": .string(error)])
                let reason = #"50 %25 of%0A"bj" %E2%80%93 gone"#
                #expect(answer.headers[.elvesReason] == (isFixed ? reason : nil), "\(code.code)")
            }
        }
    }

    @Test func aReasonIsCutBetweenCharacters() {
        #expect(HeaderText.encode("") == "")
        #expect(HeaderText.encode("a\u{0}~\u{7F}") == "a%00~%7F")
        #expect(HeaderText.encode(String(repeating: "x", count: 2000)).utf8.count == HeaderText.limit)
        let long = HeaderText.encode("x" + String(repeating: "–", count: 2000))
        #expect(long.utf8.count == 1 + 113 * 9 && long.hasSuffix("%E2%80%93"))
    }

    /// A caller's deadline is the task's timeout, 20 s for sending, starting and ending it, and 2 s.
    @Test(arguments: [("3", 25), ("", 112), ("0", 3602)]) func theCallersDeadline(timeout: String, seconds: Int)
        async throws
    {
        let edge = TestEdge()
        let start = ContinuousClock.now
        try await edge.withRouter { client async throws in
            _ = try await client.ask(
                .get, TestKey.caller.v2("/api/v2/rt/exec", Self.call + [("timeout", timeout)]))
        }
        let call = try #require(edge.scheduler.state.withLock(\.calls).last)
        let deadline = try #require(call.deadline)
        #expect(deadline >= start + .seconds(seconds) && deadline <= .now + .seconds(seconds))
    }

    @Test func unknownAppFunctionAndParam() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for (app, function, param, code) in [
                ("nope", "f", "", "413.2"), ("idle", "f", "", "413.2"), ("hello", "nope", "", "403.7"),
                ("hello", "strict", "{}", "403.2"), ("elder", "f", "{'a':1}", "403.2"),
            ] {
                let call = [("app", app), ("func", function), ("ip", "10.0.0.1"), ("param", param)]
                let answer = try await client.ask(.get, TestKey.caller.v2("/api/v2/rt/exec", call))
                #expect(answer.v2Code == code, "\(answer.text)")
            }
        }
        #expect(edge.scheduler.executed.isEmpty)
    }

    @Test func unknownPathsWrongMethodsAndLongBodiesAreEnvelopes() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for (method, path) in [
                (HTTPRequest.Method.get, "/api/v2/nope"), (.get, "/api/v2"), (.delete, "/api/v2/rt/exec"),
                (.put, "/api/v2/info/app"), (.get, "/api/v2/rt/exec/more"),
            ] {
                let answer = try await client.ask(method, path)
                #expect(answer.v2Code == "500", "\(method) \(path): \(answer.text)")
                #expect(answer.headers[.elvesTrace] != nil)
            }
            let long = "param=" + String(repeating: "x", count: 10_000_000)
            let answer = try await client.ask(.post, TestKey.caller.v2("/api/v2/rt/exec", Self.call), body: long)
            #expect(
                answer.json["error"]
                    == "[403.2]Request Params (param) Illegal: the body is longer than 4194304 bytes")
        }
    }

    @Test func infoCalls() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for path in ["/api/v2/info/app", "/api/v2/info/apps"] {
                let answer = try await client.ask(.get, TestKey.hello.v2(path))
                #expect(
                    answer.text == #"{"flag":"true","error":"","result":{"app":"hello","app_name":"Says hello","#
                        + #""app_ver":"1.0.0","last_update_time":"2026-01-02 11:04:05"}}"#)
            }
            #expect(try await client.ask(.get, TestKey.caller.v2("/api/v2/info/app")).v2Code == "403.3")
            let ips = try await client.ask(.get, TestKey.hello.v2("/api/v2/info/agents"))
            #expect(ips.json["result"] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
            let all = try await client.ask(.get, TestKey.caller.v2("/api/v2/info/agents"))
            #expect(all.json["result"]?.array?.count == 4)
            let detail = try await client.ask(
                .get, TestKey.hello.v2("/api/v2/info/agents/detail", [("ip", "10.0.0.3")]))
            #expect(
                detail.json["result"] == ["ip": "10.0.0.3", "asset": "a3", "last_hb_time": "", "cron_list": []])
        }
    }

    @Test func aResolvedScopeServesForTwoSeconds() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for _ in 1...3 {
                _ = try await client.ask(.get, TestKey.hello.v2("/api/v2/queue/create", [("ip", "10.0.0.1")]))
            }
            #expect(edge.heartbeat.resolved.withLock(\.count) == 1)
            edge.time.advance(.milliseconds(2001))
            _ = try await client.ask(.get, TestKey.hello.v2("/api/v2/queue/create", [("ip", "10.0.0.1")]))
            #expect(edge.heartbeat.resolved.withLock(\.count) == 2)
            _ = try await client.ask(.get, TestKey.hello.v2("/api/v2/queue/create", [("ip", "10.0.0.3")]))
            #expect(edge.heartbeat.resolved.withLock(\.count) == 2, "an ip in the scope needs no one else")
        }
    }
}
