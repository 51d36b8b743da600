import ElvesCLI
import Foundation
import Testing

/// `elves events` and `elves webhook`.
@Suite struct EventCommandTests {
    private static let event = #"""
        {"id":7,"at":"2026-01-02T03:04:05.678Z","kind":"task.ended","task_id":"0123456789abcdef","batch_id":null,"agent":{"id":"1","ip":"10.0.0.1","name":"web-1"},"app":"hello","function":"greet","version":null,"state":"failed","code":"agent.x","caller":"ci","labels":{},"message":"exit 3"}
        """#

    @Test func whatHappened() async throws {
        let page = #"{"events":[\#(Self.event)],"next":"7","lost":false}"#
        try await FakeCenter.run(["GET /api/v3/events": page]) { url, center in
            let (status, terminal) = await Command.run(
                ["events", "--kind", "task.ended,agent.up", "--app", "hello", "-n", "20"], url: url)
            #expect(status == .success)
            #expect(
                terminal.output == [
                    "2026-01-02 03:04:05Z task.ended web-1 hello greet failed 0123456789abcdef exit 3 (agent.x)"
                ])
            #expect(
                center.asked.map(\.line) == [
                    "GET /api/v3/events?kinds=task.ended%2Cagent.up&app=hello&format=json&last=20&limit=1000"
                ])
            let (_, json) = await Command.run(["events", "--json"], url: url)
            #expect(json.output.count == 1 && json.output.first?.contains(#""task_id":"0123456789abcdef""#) == true)
        }
    }

    @Test func whatHappensUntilTheKeyIsRevoked() async throws {
        let problem = FakeCenter.problem(401, "openapi.auth.keyRevoked", "revoked")
        let stream =
            "retry: 1000\nid: 6\n\nevent: lost\ndata: {}\n\nevent: task.ended\nid: 7\ndata: \(Self.event)\n\n"
            + "event: problem\ndata: \(problem)\n\n"
        try await FakeCenter.run(["GET /api/v3/events": stream]) { url, _ in
            let (status, terminal) = await Command.run(["events", "-f"], url: url)
            #expect(status == .denied)
            #expect(terminal.output.count == 1 && terminal.output.first?.contains("task.ended web-1") == true)
            #expect(
                terminal.notes.first?.contains("gone") == true && terminal.notes.last?.contains("keyRevoked") == true)
        }
    }

    @Test func webhooks() async throws {
        let webhook = #"""
            {"id":"0000000000000001","url":"https://x/hook","kinds":["task.ended"],"apps":[],"states":["failed"],
            "created_at":"2026-01-02T03:04:05.678Z","caller":"admin","waiting":3,"dead":1,"secret":"s3"}
            """#
        let dead = #"""
            {"dead":[{"id":"0000000000000003","webhook_id":"0000000000000001","event":\#(Self.event),"tries":12,
            "last_try_at":"2026-01-02T03:04:05.678Z","problem":"HTTP 500"}],"next":null}
            """#
        try await FakeCenter.run([
            "POST /api/v3/webhooks": webhook, "GET /api/v3/webhooks": #"{"webhooks":[\#(webhook)]}"#,
            "DELETE /api/v3/webhooks/0000000000000001": "", "GET /api/v3/webhooks/0000000000000001/dead": dead,
            "POST /api/v3/webhooks/dead/0000000000000003/redeliver": "",
        ]) { url, center in
            let (_, added) = await Command.run(
                ["webhook", "add", "https://x/hook", "--kind", "task.ended", "--state", "failed,unknown"], url: url)
            #expect(added.output == ["id      0000000000000001", "secret  s3"])
            #expect(
                center.asked.last?.body
                    == #"{"apps":[],"kinds":["task.ended"],"states":["failed","unknown"],"url":"https://x/hook"}"#)
            let (_, list) = await Command.run(["webhook", "list"], url: url)
            #expect(
                list.output.last
                    == "0000000000000001  https://x/hook  task.ended  all   failed  3        1     2026-01-02 03:04:05Z"
            )
            let (_, letters) = await Command.run(["webhook", "dead", "0000000000000001"], url: url)
            #expect(letters.output.last?.hasPrefix("0000000000000003  task.ended 0123456789abcdef  12") == true)
            let (again, redelivered) = await Command.run(["webhook", "redeliver", "0000000000000003"], url: url)
            #expect(again == .success && redelivered.output == ["0000000000000003 is on its way again"])
            let (status, removed) = await Command.run(["webhook", "remove", "0000000000000001"], url: url)
            #expect(status == .success && removed.output == ["removed 0000000000000001"])
        }
    }
}
