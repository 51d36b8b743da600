import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

/// What was run, and ends by request.
@Suite struct V3HistoryTests {
    private let edge = TestEdge()

    private func ask(
        _ method: HTTPRequest.Method, _ path: String, _ key: TestKey = .caller, body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        try await edge.withRouter { client in
            var all = key.bearer
            all.append(contentsOf: headers)
            return try await client.ask(method, "/api/v3/\(path)", all, body: body)
        }
    }

    private func record(_ id: Int64, app: String = "hello", function: String = "greet", agent: Int64) -> TaskRecord {
        TaskRecord(
            id: id, app: app, func: function, agentId: agent, ip: "10.0.0.\(agent)", state: .succeeded,
            agentName: "a\(agent)")
    }

    @Test func filtersGoToTheScheduler() async throws {
        let answer = try await ask(
            .get,
            "tasks?app=hello&function=greet&agent=a2&state=failed,timed_out&state=unknown&label=ticket:OPS-12"
                + "&label=when:10:30&caller=ci&batch=0000000000000009&since=2026-01-02T03:04:05Z"
                + "&until=2026-01-02T04:04:05.5%2B01:00&limit=7&after=99")
        #expect(answer.status == 200, "\(answer.text)")
        let query = try #require(edge.scheduler.state.withLock(\.queries).first)
        #expect(query.app == "hello" && query.func == "greet" && query.agentId == 2 && query.ip.isEmpty)
        #expect(query.states == [.failed, .timedOut, .unknown])
        #expect(query.labels == ["ticket": "OPS-12", "when": "10:30"])
        #expect(query.caller == "ci" && query.batchId == 9 && query.before == 99 && query.limit == 7)
        #expect(query.createdSince == 1_767_323_045_000 && query.createdBefore == 1_767_323_045_500)
        _ = try await ask(.get, "tasks?agent=10.0.0.99")
        #expect(edge.scheduler.state.withLock(\.queries).last?.ip == "10.0.0.99", "an agent that is gone")
    }

    @Test(arguments: [
        ("state=fialed", "did you mean \"failed\"?"), ("label=ticket", "NAME:VALUE"), ("label=:x", "NAME:VALUE"),
        ("since=yesterday", "2026-01-02T03:04:05Z"), ("batch=9", "16 hex digits"), ("limit=1001", "1 to 1000"),
        ("agent=nobody", "no agent"), ("status=x", "did you mean \"state\"?"),
    ])
    func wrongFiltersAreSaid(query: String, words: String) async throws {
        let answer = try await ask(.get, "tasks?\(query)")
        #expect((400...404).contains(answer.status), "\(answer.text)")
        #expect(answer.json["detail"]?.string?.contains(words) == true, "\(answer.text)")
    }

    @Test func pagesOfAllAndOfWhatAKeyMaySee() async throws {
        let history = (1...3000 as ClosedRange<Int64>).reversed().map { id -> TaskRecord in
            record(id, app: id % 3 == 0 ? "elder" : "hello", agent: id % 4 + 1)
        }
        edge.scheduler.state.withLock { $0.history = history }
        func ids(_ key: TestKey, _ query: String) async throws -> [String] {
            var ids: [String] = []
            var next: String?
            repeat {
                let page = try await ask(.get, "tasks?\(query)" + (next.map { "&after=\($0)" } ?? ""), key)
                #expect(page.status == 200, "\(page.text)")
                ids += page.json["tasks"]?.array?.compactMap { $0["id"]?.string } ?? []
                next = page.json["next"]?.string
            } while next != nil
            return ids
        }
        func hex(_ records: [TaskRecord]) -> [String] { records.map { Hex.encode(UInt64(bitPattern: $0.id)) } }
        #expect(try await ids(.caller, "limit=1000") == hex(history))
        // hello: the app hello on 10.0.0.1 to 10.0.0.3.
        let own = history.filter { $0.app == "hello" && $0.agentId != 4 }
        #expect(try await ids(.hello, "limit=100") == hex(own))
        #expect(edge.scheduler.state.withLock(\.queries).last?.app == "hello", "the one app of the scope")
        #expect(try await ids(.hello, "limit=7").count == own.count)
        #expect(try await ask(.get, "tasks?app=elder", .hello).status == 403)
        #expect(try await ask(.get, "tasks?agent=a4", .hello).status == 403)
        #expect(try await ask(.get, "tasks?function=wipe", .greeter).status == 403)
    }

    private let path = "tasks/0123456789abcdef"

    @Test func cancelKillAndRetry() async throws {
        let cancelled = try await ask(.post, "\(path)/cancel", body: #"{"reason":"wrong ticket"}"#)
        #expect(cancelled.status == 200 && cancelled.json["state"] == "cancelled", "\(cancelled.text)")
        let killed = try await ask(.post, "\(path)/kill?wait=5")
        #expect(killed.json["state"] == "killed")
        let ends = edge.scheduler.state.withLock(\.cancelled)
        #expect(ends.map(\.kill) == [false, true] && ends.map(\.reason) == ["wrong ticket", "by key caller"])
        #expect(try await ask(.post, "\(path)/kill", body: #"{"why":"x"}"#).code == "openapi.request.field")

        let name = try #require(HTTPField.Name("Idempotency-Key"))
        let again = try await ask(.post, "\(path)/retry", headers: [name: "r1"])
        #expect(again.status == 202 && again.headers[.location] == "/api/v3/tasks/0000000000000042")
        #expect(again.json["retry_of"] == "0123456789abcdef")
        #expect(edge.scheduler.state.withLock(\.retried).map(\.idempotencyKey) == ["caller/r1"])
    }

    /// What a version allowed that is no longer live does not hold for the one that will run.
    @Test(arguments: [("safe", true, false), ("greet", true, true), ("gone", true, true), ("greet", false, false)])
    func aRetryKeepsItsRuleWhileTheLiveVersionCallsItIdempotent(
        function: String, hasRule: Bool, once: Bool
    ) async throws {
        edge.scheduler.answers { _ in
            TaskRecord(
                id: 0x0123_4567_89ab_cdef, app: "hello", func: function, agentId: 3, ip: "10.0.0.3", state: .failed,
                retryRule: hasRule ? RetryRule(attempts: 3) : nil)
        }
        let answer = try await ask(.post, "\(path)/retry")
        #expect(answer.status == 202, "\(answer.text)")
        #expect(edge.scheduler.state.withLock(\.retried).map(\.once) == [once])
    }

    @Test func aVersionThatIsNotIdempotentAnyMoreTakesTheRuleAway() async throws {
        edge.scheduler.answers { _ in
            TaskRecord(
                id: 0x0123_4567_89ab_cdef, app: "hello", func: "safe", agentId: 3, ip: "10.0.0.3", state: .failed,
                retryRule: RetryRule(attempts: 3))
        }
        _ = try await ask(.post, "\(path)/retry")
        edge.service.catalog.apply(
            CatalogChanges(
                generation: 2,
                apps: [
                    CatalogApp(
                        info: AppInfo(app: "hello", liveVersion: "2.0.0"),
                        live: AppVersion(
                            app: "hello", version: "2.0.0",
                            manifest: AppManifest(functions: [AppFunction(name: "safe")])))
                ]))
        _ = try await ask(.post, "\(path)/retry")
        #expect(edge.scheduler.state.withLock(\.retried).map(\.once) == [false, true])
    }

    @Test func endsAreHeldToTheScope() async throws {
        edge.scheduler.answers { _ in
            TaskRecord(id: 0x0123_4567_89ab_cdef, app: "hello", func: "greet", agentId: 4, ip: "10.0.0.4", caller: "x")
        }
        for action in ["cancel", "kill", "retry"] {
            let answer = try await ask(.post, "\(path)/\(action)", .hello)
            #expect(answer.status == 403 && answer.code == "openapi.auth.denied", "\(action)")
        }
        for path in [path, "\(path)/output", "\(path)/output?follow=true", "\(path)/files/x", "\(path)/explain"] {
            #expect(try await ask(.get, path, .hello).status == 403, "\(path)")
        }
        #expect(try await ask(.post, "\(path)/retry", .greeter).status == 403, "another key's task may have a proxy")
        edge.scheduler.state.withLock { state in
            #expect(state.cancelled.isEmpty && state.retried.isEmpty)
        }
        #expect(edge.scheduler.output.asked == 0)
    }

    @Test func batchesAreListedStoppedAndGrouped() async throws {
        let batches = (1...30).reversed().map { id in
            BatchRecord(
                id: id, app: id % 2 == 0 ? "hello" : "elder", func: "greet", caller: id % 4 == 0 ? "hello" : "caller")
        }
        edge.scheduler.state.withLock { $0.batchRecords = batches }
        let all = try await ask(.get, "batches?limit=20")
        #expect(all.json["batches"]?.array?.count == 20 && all.json["next"] == "11")
        let rest = try await ask(.get, "batches?after=11")
        #expect(rest.json["batches"]?.array?.count == 10 && rest.json["next"] == .null)
        let own = try await ask(.get, "batches", .hello)
        #expect(own.json["batches"]?.array?.count == 7, "limited to agents: those that it made itself")

        let stopped = try await ask(.post, "batches/0000000000000008/stop", body: #"{"kill":true,"reason":"enough"}"#)
        #expect(stopped.json["stopping"] == true && stopped.json["stop_reason"] == "enough", "\(stopped.text)")
        #expect(try await ask(.post, "batches/0000000000000008/stop", .hello).status == 200)
        let stops = edge.scheduler.state.withLock(\.stopped)
        #expect(stops.map(\.kill) == [true, false] && stops.map(\.reason) == ["enough", "by key hello"])
        for path in ["", "/ends", "/groups"] {
            #expect(try await ask(.get, "batches/0000000000000006\(path)", .hello).status == 403)
            #expect(try await ask(.get, "batches/0000000000000008\(path)", .hello).status == 200)
        }
        #expect(try await ask(.post, "batches/0000000000000006/stop", .hello).status == 403)
        let groups = try await ask(.get, "batches/0000000000000008/groups")
        #expect(groups.json["groups"]?[0]?["count"] == 1 && groups.json["groups"]?[0]?["text"] == "ok")
        #expect(groups.json["groups"]?[0]?["targets"]?[0]?["task_id"] == "0000000000000005")
        #expect(groups.json["groups"]?[0]?.object?.names == SchemaNames.members(of: "BatchGroup"))
    }
}
