import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import TestSupport
import Testing

@testable import OpenAPI

/// Events and webhooks.
@Suite struct EventRoutesTests {
    private let edge: TestEdge

    init() {
        var limits = EdgeLimits()
        limits.heartbeat = .milliseconds(50)
        edge = TestEdge(limits: limits)
    }

    private func ask(
        _ method: HTTPRequest.Method, _ path: String, _ key: TestKey = .caller, body: String? = nil
    ) async throws -> TestAnswer {
        try await edge.withRouter { try await $0.ask(method, "/api/v3/\(path)", key.bearer, body: body) }
    }

    private func happens() {
        let events = edge.scheduler.events
        events.happens(
            Event(
                kind: "task.ended", taskId: 5, agentId: 1, ip: "10.0.0.1", agentName: "a1", app: "hello", func: "greet",
                state: 11, code: "agent.x", caller: "caller", labels: ["ticket": "OPS-1"], message: "exit 3"))
        events.happens(Event(kind: "task.ended", taskId: 6, agentId: 4, ip: "10.0.0.4", app: "hello", func: "greet"))
        events.happens(Event(kind: "agent.down", agentId: 3, ip: "10.0.0.3", agentName: "a3"))
        events.happens(Event(kind: "agent.down", agentId: 4, ip: "10.0.0.4", agentName: "a4"))
        events.happens(Event(kind: "batch.ended", batchId: 9, app: "hello", func: "greet", caller: "caller"))
        events.happens(Event(kind: "batch.ended", batchId: 8, app: "hello", func: "greet", caller: "hello"))
        events.happens(Event(kind: "app.installed", agentId: 1, ip: "10.0.0.1", app: "elder", version: "1"))
    }

    private func ids(_ answer: TestAnswer) -> [Int64] {
        answer.json["events"]?.array?.compactMap { $0["id"]?.int } ?? []
    }

    @Test func aPageOfWhatHappened() async throws {
        happens()
        let page = try await ask(.get, "events?format=json")
        #expect(ids(page) == [1, 2, 3, 4, 5, 6, 7] && page.json["next"] == "7", "\(page.text)")
        let event = try #require(page.json["events"]?[0])
        #expect(event.object?.names == SchemaNames.members(of: "Event"))
        #expect(event["task_id"] == "0000000000000005" && event["state"] == "failed" && event["batch_id"] == .null)
        #expect(event["agent"] == ["id": "0000000000000001", "ip": "10.0.0.1", "name": "a1"])
        #expect(page.json["events"]?[4]?["agent"] == .null)
        #expect(ids(try await ask(.get, "events?format=json&kinds=agent.down,batch.ended&after=3")) == [4, 5, 6])
        #expect(ids(try await ask(.get, "events?format=json&app=elder")) == [7])
        #expect(ids(try await ask(.get, "events?format=json&last=2")) == [6, 7])
        #expect(ids(try await ask(.get, "events?format=json", .hello)) == [1, 3, 6], "of its app and agents")
        #expect(ids(try await ask(.get, "events?format=json", .localAdmin)) == [3])
        #expect(try await ask(.get, "events?app=elder", .hello).status == 403)
        let wrong = try await ask(.get, "events?kinds=agent.dwon")
        #expect(wrong.status == 400 && wrong.json["detail"]?.string?.contains("did you mean \"agent.down\"?") == true)
    }

    private static func request(_ query: String = "", last: String? = nil, key: TestKey = .caller) -> String {
        "GET /api/v3/events\(query) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key.token)\r\n"
            + (last.map { "Last-Event-ID: \($0)\r\n" } ?? "") + "\r\n"
    }

    @Test(.timeLimit(.minutes(1))) func aStreamGoesOnWhereItWasCutOff() async throws {
        let edge = edge
        happens()
        try await edge.service.application().test(.live) { client in
            let port = try #require(client.port)
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.request(key: .hello))
            #expect(try await socket.read(until: "id: 7\n\n").contains("retry"), "from now on")
            edge.scheduler.events.happens(Event(kind: "agent.up", agentId: 4, ip: "10.0.0.4"))
            let beat = try await socket.read(until: ": still here\nid: 8")
            #expect(!beat.contains("agent.up"), "an agent outside the scope; its place is passed all the same")
            edge.scheduler.events.happens(Event(kind: "agent.up", agentId: 3, ip: "10.0.0.3"))
            let up = try await socket.read(until: "\"id\":9,")
            #expect(up.contains("event: agent.up\nid: 9\ndata: {\"id\":9,"), "\(up)")
            try await socket.close()

            let again = try await RawSocket(port: port)
            try await again.send(Self.request("?kinds=agent.up", last: "7"))
            let both = try await again.read(until: "\"id\":9,")
            #expect(both.contains("id: 8") && !both.contains("event: lost"), "\(both)")
            try await again.close()

            edge.scheduler.events.forget(before: 6)
            let late = try await RawSocket(port: port)
            try await late.send(Self.request(last: "2"))
            let lost = try await late.read(until: "\"id\":9,")
            #expect(lost.contains("event: lost\ndata: {}") && lost.contains("id: 6") && !lost.contains("id: 5"))
            try await late.close()
            try await eventually("all places are free") { edge.service.numbers["streams_now"] == 0 }
        }
    }

    @Test func webhooksAreForAdmins() async throws {
        let body =
            #"{"url":"https://ops.example.com/hook","kinds":["task.ended"],"apps":["hello"],"states":["failed"]}"#
        #expect(try await ask(.post, "webhooks", body: body).status == 403)
        let made = try await ask(.post, "webhooks", .admin, body: body)
        #expect(made.status == 201 && made.json["secret"] == "s3cret", "\(made.text)")
        #expect(made.json["states"] == ["failed"] && made.json["caller"] == "admin")
        let webhook = try #require(edge.scheduler.state.withLock(\.webhooks).first)
        #expect(webhook.states == [11] && webhook.kinds == ["task.ended"] && webhook.apps == ["hello"])
        for (wrong, words) in [
            (#"{"url":"ftp://x"}"#, "http:// or https://"), (#"{"url":"https://"}"#, "no address"), ("{}", "\"url\""),
            (#"{"url":"http://x","kinds":["task.end"]}"#, "did you mean \"task.ended\"?"),
            (#"{"url":"http://x","states":["faild"]}"#, "did you mean \"failed\"?"),
        ] {
            let answer = try await ask(.post, "webhooks", .admin, body: wrong)
            #expect(answer.status == 400 && answer.json["detail"]?.string?.contains(words) == true, "\(answer.text)")
        }
        let list = try await ask(.get, "webhooks", .admin)
        #expect(list.json["webhooks"]?.array?.count == 1 && list.json["webhooks"]?[0]?["secret"] == nil)
        #expect(list.json["webhooks"]?[0]?.object?.names == SchemaNames.members(of: "Webhook"))
        let id = "0000000000000001"
        let dead = try await ask(.get, "webhooks/\(id)/dead", .admin)
        #expect(dead.json["dead"]?[0]?["problem"] == "HTTP 500" && dead.json["next"] == .null)
        #expect(dead.json["dead"]?[0]?.object?.names == SchemaNames.members(of: "DeadLetter"))
        #expect(try await ask(.post, "webhooks/dead/0000000000000003/redeliver", .admin).status == 204)
        #expect(edge.scheduler.state.withLock(\.redelivered) == [3])
        #expect(try await ask(.delete, "webhooks/0000000000000002", .admin).code == "scheduler.webhook.unknown")
        #expect(try await ask(.delete, "webhooks/\(id)", .admin).status == 204)
        #expect(edge.scheduler.state.withLock(\.webhooks).isEmpty)
        for (method, path) in [
            (HTTPRequest.Method.get, "webhooks"), (.delete, "webhooks/\(id)"), (.get, "webhooks/\(id)/dead"),
            (.post, "webhooks/dead/\(id)/redeliver"),
        ] {
            for key in [TestKey.caller, .localAdmin] {
                #expect(try await ask(method, path, key).status == 403, "\(path)")
            }
        }
    }

    @Test func anAdminOfOneAppSeesItsWebhooksOnly() async throws {
        let key = TestKey(id: "appAdmin", scope: .init(apps: ["hello"], admin: true))
        edge.service.keys.apply([key.entry], gone: [], complete: false, generation: 2)
        _ = try await ask(.post, "webhooks", .admin, body: #"{"url":"http://all"}"#)
        #expect(try await ask(.post, "webhooks", key, body: #"{"url":"http://own","apps":["hello"]}"#).status == 201)
        for body in [#"{"url":"http://x"}"#, #"{"url":"http://x","apps":["hello","elder"]}"#] {
            #expect(try await ask(.post, "webhooks", key, body: body).status == 403)
        }
        let list = try await ask(.get, "webhooks", key)
        #expect(list.json["webhooks"]?.array?.compactMap { $0["url"]?.string } == ["http://own"])
        #expect(try await ask(.delete, "webhooks/0000000000000001", key).status == 404)
        #expect(try await ask(.post, "webhooks/dead/0000000000000003/redeliver", key).status == 403)
        #expect(try await ask(.delete, "webhooks/0000000000000002", key).status == 204)
    }
}
