import ElvesClient
import Foundation
import TestSupport
import Testing

/// What a real center tells of what happens in it: as a stream, and to an address.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EventTests {
    private static let id = "00a1b2c3d4e5f607"
    private static let ip = "127.0.0.77"

    @Test func eventsAreToldAndDelivered() async throws {
        let running = try await RunningCenter.start(agents: 1)
        let authority = try TestAuthority(ofCenterIn: running.dataPath)
        let agent = try RunningAgent(
            try authority.files("agent", Self.id, ip: Self.ip), scheduler: running.address(of: "scheduler"),
            heartbeat: running.address(of: "heartbeat"))
        let stream = try running.curling("/api/v3/events?last=100")
        try await running.works(on: Self.ip)
        try await running.until("the agent is told of") { told(stream, "agent.up", of: Self.ip) != nil }

        // It takes 15 s until an agent counts as away; the rest goes on meanwhile.
        agent.kill()
        try await theStreamTellsAndIsResumed(running, stream)
        try await webhooksAreSignedAndTriedAgain(running)
        try await whatIsNotTakenIsADeadLetter(running)

        let resumed = try running.curling("/api/v3/events?kinds=agent.up,agent.down&last=100")
        try await running.until("it is away") { told(resumed, "agent.down", of: Self.ip) != nil }
        #expect(told(resumed, "agent.down", of: Self.ip)?["agent"]?["name"] == "stray")
        let ups = count(resumed, "agent.up", of: Self.ip)
        try agent.start()
        try await running.until("it is back") { count(resumed, "agent.up", of: Self.ip) == ups + 1 }
        // A component's own end is none of the agents'.
        #expect(count(resumed, "agent.down", of: "127.0.0.1") == 0)
        let listed = try await running.typed("events --kind agent.down")
        #expect(listed.status == 0 && listed.output.contains("agent.down stray"), "\(listed)")
    }

    // MARK: Scenes

    private func theStreamTellsAndIsResumed(_ running: RunningCenter, _ stream: RunningCommand) async throws {
        let task = try await running.client().createTask(
            TaskRequest(app: "hello", function: "fail", target: "127.0.0.1", labels: ["ticket": "OPS-12"]))
        try await running.until("its end is told") { ended(stream, task.id) != nil }
        let event = try #require(ended(stream, task.id))
        #expect(event["state"] == "failed" && event["message"] == "as asked" && event["app"] == "hello")
        #expect(event["labels"] == ["ticket": "OPS-12"] && event["agent"]?["ip"] == "127.0.0.1")

        // openapi ends; what happens before the client is back is not lost.
        let seen = ServerEvent.parse(stream.output.bytes)
        let last = try #require(seen.last?.id)
        try await running.restart("openapi.yaml")
        try await running.until("the stream was cut") { stream.status != nil }
        try await running.works()
        let pushed = try await running.typed("app push \(newVersion(running))")
        #expect(pushed.status == 0, "\(pushed)")
        #expect(try await running.typed("app activate hello 1.1.0").status == 0)
        let missed = try await running.client().run("hello", "greet", on: "127.0.0.1")
        let resumed = try running.curling("/api/v3/events", "-H", "Last-Event-ID: \(last)")
        try await running.until("both are told") {
            ended(resumed, missed.id) != nil
                && find(resumed, "app.installed") { $0["version"] == "1.1.0" && $0["agent"]?["ip"] == "127.0.0.1" }
                    != nil
        }
        let ids = (seen + ServerEvent.parse(resumed.output.bytes)).compactMap(\.id)
        #expect(Set(ids).count == ids.count, "none comes twice")
        #expect(ended(resumed, task.id) == nil)
    }

    private func webhooksAreSignedAndTriedAgain(_ running: RunningCenter) async throws {
        let receiver = try await HookReceiver()
        receiver.answer([500], then: 204)
        let added = try await running.typed("webhook add \(receiver.url) --kind task.ended --state failed --json").json
        let (id, secret) = (try #require(added["id"]?.string), try #require(added["secret"]?.string))
        let center = try running.client()
        _ = try await center.run("hello", "greet", on: "127.0.0.1")
        let task = try await center.run("hello", "fail", on: "127.0.0.1")
        try await running.until("it was taken") { receiver.deliveries.last?.answer == 204 }
        let deliveries = receiver.deliveries
        #expect(deliveries.map(\.answer) == [500, 204])
        #expect(Set(deliveries.map(\.number)).count == 1)
        for delivery in deliveries {
            #expect(delivery.isSigned(with: secret) && !delivery.isSigned(with: secret + "x"))
            #expect(delivery.event?["task_id"]?.string == task.id && delivery.event?["state"] == "failed")
            #expect(delivery.headers["Elves-Event"] == "task.ended")
        }
        #expect(try await running.typed("webhook remove \(id)").status == 0)
        #expect(try await center.webhooks().isEmpty)
    }

    private func whatIsNotTakenIsADeadLetter(_ running: RunningCenter) async throws {
        try await running.restart("scheduler.yaml", adding: "webhooks:\n  tries: 2\n")
        try await running.works()
        let receiver = try await HookReceiver()
        receiver.answer(then: 502)
        let added = try await running.typed("webhook add \(receiver.url) --state failed --json").json
        let (id, secret) = (try #require(added["id"]?.string), try #require(added["secret"]?.string))
        #expect(try await running.typed("webhook dead \(id)").errors == "it has given up no event\n")
        let task = try await running.client().run("hello", "fail", on: "127.0.0.1")
        try await running.until("it is a dead letter") {
            (try? await running.client().deadLetters(ofWebhook: id).dead.isEmpty) == false
        }
        let letter = try #require(try await running.typed("webhook dead \(id) --json").jsonLines.first)
        #expect(letter["tries"] == 2 && letter["event"]?["task_id"]?.string == task.id, "\(letter.text)")
        #expect(letter["problem"]?.string?.contains("502") == true, "\(letter.text)")
        #expect(receiver.deliveries.count == 2)
        #expect(try await running.typed("webhook list --json").json["dead"] == 1)

        receiver.answer(then: 200)
        let redelivered = try await running.typed("webhook redeliver \(letter["id"]?.string ?? "")")
        #expect(redelivered.status == 0, "\(redelivered)")
        try await running.until("it was taken") { receiver.deliveries.count == 3 }
        #expect(receiver.deliveries.last?.isSigned(with: secret) == true)
        try await running.until("no dead letter is left") {
            (try? await running.client().deadLetters(ofWebhook: id).dead.isEmpty) == true
        }
    }

    // MARK: Streams

    private func find(
        _ stream: RunningCommand, _ kind: String, _ matches: (JSONValue) -> Bool
    ) -> JSONValue? { all(stream, kind).first(where: matches) }

    private func all(_ stream: RunningCommand, _ kind: String) -> [JSONValue] {
        ServerEvent.parse(stream.output.bytes).filter { $0.name == kind }.compactMap {
            try? JSONDecoder().decode(JSONValue.self, from: Data($0.data.utf8))
        }
    }

    private func told(_ stream: RunningCommand, _ kind: String, of ip: String) -> JSONValue? {
        find(stream, kind) { $0["agent"]?["ip"]?.string == ip }
    }

    private func count(_ stream: RunningCommand, _ kind: String, of ip: String) -> Int {
        all(stream, kind).count { $0["agent"]?["ip"]?.string == ip }
    }

    private func ended(_ stream: RunningCommand, _ task: String) -> JSONValue? {
        find(stream, "task.ended") { $0["task_id"]?.string == task }
    }

    /// The folder of `hello` in a version 1.1.0.
    private func newVersion(_ running: RunningCenter) throws -> String {
        let app = running.folder.appending(path: "apps/hello")
        let manifest = app.appending(path: "app.yaml")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        try Data(text.replacing("version: 1.0.0", with: "version: 1.1.0").utf8).write(to: manifest)
        return app.path(percentEncoded: false)
    }
}
