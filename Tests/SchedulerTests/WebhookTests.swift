import AgentLinks
import Crypto
import ElvesContracts
import ElvesCore
import Foundation
import Hummingbird
import Logging
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// Receivers that do what the test says.
final class PlayedReceivers: WebhookPoster {
    private struct State {
        var messages: [WebhookMessage] = []
        var answers: [String: WebhookAnswer] = [:]
        var stuck: Set<String> = []
        var open: [String: Int] = [:]
        var mostOpen: [String: Int] = [:]
    }

    private let state = Mutex(State())

    var messages: [WebhookMessage] { state.withLock { $0.messages } }
    func messages(to url: String) -> [WebhookMessage] { messages.filter { $0.url == url } }
    func answer(_ url: String, _ answer: WebhookAnswer) { state.withLock { $0.answers[url] = answer } }
    func stick(_ url: String) { state.withLock { _ = $0.stuck.insert(url) } }
    func mostOpen(_ url: String) -> Int { state.withLock { $0.mostOpen[url] ?? 0 } }

    func post(_ message: WebhookMessage) async -> WebhookAnswer {
        let (answer, isStuck) = state.withLock { state in
            state.messages.append(message)
            state.open[message.url, default: 0] += 1
            state.mostOpen[message.url] = max(state.mostOpen[message.url] ?? 0, state.open[message.url] ?? 0)
            return (state.answers[message.url] ?? .status(200), state.stuck.contains(message.url))
        }
        if isStuck { try? await Task.sleep(for: .seconds(600)) }
        state.withLock { $0.open[message.url, default: 0] -= 1 }
        return isStuck ? .failed("no answer in time") : answer
    }

    func close() async {}
}

@Suite struct WebhookTests {
    private static let quick: WebhookRules = {
        var rules = WebhookRules()
        rules.restMs = 1
        rules.longestRestMs = 2
        rules.firstDelayMs = 1
        rules.longestDelayMs = 4
        rules.lookInterval = .milliseconds(20)
        return rules
    }()

    private func with(
        _ rules: WebhookRules = quick,
        _ body: @Sendable (SchedulerService, InMemorySchedulerStore, PlayedReceivers) async throws -> Void
    ) async throws {
        let store = InMemorySchedulerStore()
        let service = try await SchedulerService.serving(store, webhookRules: rules)
        let receivers = PlayedReceivers()
        try await service.whileRunning {
            try await withThrowingTaskGroup { group in
                group.addTask { await WebhookSender(service, poster: receivers).run() }
                defer { group.cancelAll() }
                try await body(service, store, receivers)
            }
        }
    }

    /// Tasks that ended just now: what is a day old is not tried again.
    private func ended(_ ids: ClosedRange<Int64>) -> [Execution] {
        ids.map { id in
            var record = Execution.ended(id)
            record.endedAt = Timekeeper.system.wallMs()
            return record
        }
    }

    private func webhook(_ url: String = "https://example.org/a") -> WebhookRecord { WebhookRecord(url: url) }

    @Test func anEventIsPostedOnceAndSigned() async throws {
        try await with { service, store, receivers in
            let made = try await service.createWebhook(webhook(), caller: "key-9")
            #expect(made.secret.utf8.count == 64)
            #expect(made.caller == "key-9")
            var record = Execution.ended(5, .failed, labels: ["ticket": "OPS-12"])
            record.endedAt = 1_800_000_000_007
            try await store.write([record], batches: [], .buffered)
            try await eventually("it is taken") { try await store.deliveryCounts().isEmpty }
            #expect(receivers.messages.count == 1)
            let message = try #require(receivers.messages.first)
            #expect(message.headers["Elves-Event"] == "task.ended")
            let timestamp = try #require(message.headers["Elves-Timestamp"])
            // Signed here by other means than there.
            let key = SymmetricKey(data: Data(made.secret.utf8))
            let code = HMAC<SHA256>.authenticationCode(for: Data("\(timestamp).".utf8) + message.body, using: key)
            let hex = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(message.headers["Elves-Signature"] == "v1=\(hex)")
            let body = try JSONValue(parsing: String(decoding: message.body, as: UTF8.self))
            #expect(body["id"]?.int == 1)
            #expect(body["at"]?.string == "2027-01-15T08:00:00.007Z")
            #expect(body["kind"]?.string == "task.ended")
            #expect(body["task_id"]?.string == "0000000000000005")
            #expect(body["state"]?.string == "failed")
            #expect(body["agent"]?["name"]?.string == "web-7")
            #expect(body["labels"]?["ticket"]?.string == "OPS-12")
            #expect(body["batch_id"]?.isNull == true)
        }
    }

    @Test func whatIsNotTakenIsTriedAgainAndThenADeadLetter() async throws {
        var rules = Self.quick
        rules.tries = 4
        try await with(rules) { service, store, receivers in
            let made = try await service.createWebhook(webhook(), caller: "")
            receivers.answer(made.url, .status(503))
            try await store.write(ended(5...5), batches: [], .buffered)
            try await eventually("it is given up") {
                try await store.deliveryCounts()[made.id] == DeliveryCounts(waiting: 0, dead: 1)
            }
            #expect(receivers.messages.count == 4)
            #expect(Set(receivers.messages.map(\.body)).count == 1)
            #expect(Set(receivers.messages.map { $0.headers["Elves-Delivery"] }).count == 1)
            let letter = try #require(try await service.deadLetters(of: made.id, before: 0, limit: 10).first)
            #expect(letter.tries == 4)
            #expect(letter.problem == "the receiver answered 503; given up after 4 tries")
            receivers.answer(made.url, .status(204))
            try await service.redeliver(letter.id)
            try await eventually("it is taken after all") { try await store.deliveryCounts().isEmpty }
            await #expect(throws: ElvesError.self) { try await service.redeliver(letter.id) }
        }
    }

    @Test func aReceiverThatNeverAnswersDelaysNoOther() async throws {
        try await with { service, store, receivers in
            let slow = try await service.createWebhook(webhook("https://slow.example.org"), caller: "")
            let good = try await service.createWebhook(webhook("https://good.example.org"), caller: "")
            receivers.stick(slow.url)
            try await store.write(ended(1...200), batches: [], .buffered)
            try await eventually("the other has all") { receivers.messages(to: good.url).count == 200 }
            #expect(receivers.mostOpen(slow.url) <= Self.quick.atOnce)
            #expect(receivers.mostOpen(good.url) <= Self.quick.atOnce)
            #expect(try await store.deliveryCounts()[slow.id]?.waiting == 200)
        }
    }

    @Test func aDeletedWebhookGetsNothingMore() async throws {
        try await with { service, store, receivers in
            let made = try await service.createWebhook(webhook(), caller: "")
            receivers.answer(made.url, .failed("not reached"))
            try await store.write(ended(1...1), batches: [], .buffered)
            try await eventually("it was tried") { !receivers.messages.isEmpty }
            try await service.deleteWebhook(made.id)
            try await store.write(ended(2...2), batches: [], .buffered)
            #expect(try await store.deliveryCounts().isEmpty)
            await #expect(throws: ElvesError.self) { try await service.deleteWebhook(made.id) }
            await #expect(throws: ElvesError.self) {
                try await service.deadLetters(of: made.id, before: 0, limit: 1)
            }
        }
    }

    @Test func whatIsTooMuchIsGivenUpOldestFirst() async throws {
        var rules = Self.quick
        rules.waiting = 5
        try await with(rules) { service, store, receivers in
            let made = try await service.createWebhook(webhook(), caller: "")
            receivers.answer(made.url, .failed("connection refused"))
            try await store.write(ended(1...20), batches: [], .buffered)
            try await eventually("the oldest are dead letters") {
                try await service.deadLetters(of: made.id, before: 0, limit: 100).map(\.event.task).contains(.test(15))
            }
            let waiting = try await store.deliveryCounts()[made.id]?.waiting ?? 0
            #expect(waiting <= 5)
        }
    }

    @Test func badWebhooksAreRefusedWithTheReason() async throws {
        let service = try await SchedulerService.serving()
        let client = SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
        for (webhook, word) in [
            (Webhook(url: "ftp://example.org"), "http://"), (Webhook(url: "https://"), "host"),
            (Webhook(url: "example.org/x"), "http://"), (Webhook(url: "https://u:p@example.org"), "password"),
            (Webhook(url: "https://example.org#x"), "fragment"),
            (Webhook(url: "https://example.org", kinds: ["task.begun"]), "task.ended"),
            (Webhook(url: "https://example.org", states: [3]), "3"),
            (Webhook(url: "https://example.org", apps: [""]), "apps"),
        ] {
            let fault = await #expect(throws: Fault.self) { try await client.createWebhook(webhook: webhook) }
            #expect(fault?.code == ErrorCode.schedulerWebhookInvalid.code)
            #expect(fault?.message.contains(word) == true, "\(fault?.message ?? "")")
        }
        let made = try await client.createWebhook(
            webhook: Webhook(url: "http://127.0.0.1:9/x", kinds: ["agent.up"], states: [11]))
        #expect(made.secret.utf8.count == 64)
        let listed = try await client.webhooks()
        #expect(listed.map(\.secret) == [""])
        #expect(listed.map(\.kinds) == [["agent.up"]])
    }

    @Test func triesBecomeRarer() {
        let rules = WebhookRules()
        var delivery = WebhookDelivery(
            id: 1, webhook: 1, event: SchedulerEvent(at: 0, kind: .taskEnded), createdAt: 0, tries: 0, nextAt: 0,
            lastAt: 0, problem: "", isDead: false)
        var waits: [Int64] = []
        while case .retry(let at, _) = rules.word(delivery, .status(500), now: 1_000, chance: 1) {
            waits.append(at - 1_000)
            delivery.tries += 1
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600].map { $0 * 1_000 })
        delivery.tries = 0
        #expect(
            rules.word(delivery, .status(500), now: 0, chance: 0)
                == .retry(at: 500, problem: "the receiver answered 500"))
        guard case .dead = rules.word(delivery, .failed("x"), now: 86_400_000, chance: 0) else {
            Issue.record("a day is enough")
            return
        }
        #expect(rules.word(delivery, .status(201), now: 0, chance: 0) == .taken)
    }

    @Test func operatorsSayWhenAnEventIsGivenUp() throws {
        let set = ["webhooks.tries": 2, "webhooks.hours": 1]
        let rules = try WebhookRules { name, normal, range in
            let value = set[name] ?? normal
            #expect(range.contains(value) && range.contains(normal))
            return value
        }
        #expect(rules.tries == 2 && rules.patienceMs == 3_600_000)
        let normal = try WebhookRules { _, normal, _ in normal }
        #expect(normal.tries == WebhookRules().tries && normal.patienceMs == WebhookRules().patienceMs)
    }

    /// Over a real connection.
    @Test func redirectsAreNotFollowedAndSlowAnswersNotAwaited() async throws {
        let router = Router()
        router.post("moved") { _, _ in
            Response(status: .found, headers: [.location: "/taken"])
        }
        router.post("taken") { request, _ in
            request.headers[.init("Elves-Event")!] == "task.ended" ? HTTPResponse.Status.noContent : .badRequest
        }
        router.post("slow") { _, _ in
            try await Task.sleep(for: .seconds(60))
            return HTTPResponse.Status.ok
        }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await withThrowingTaskGroup { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            for await number in ports {
                let poster = HTTPWebhookPoster(patience: .milliseconds(500))
                let delivery = WebhookDelivery(
                    id: 1, webhook: 1, event: SchedulerEvent(at: 0, kind: .taskEnded), createdAt: 0, tries: 0,
                    nextAt: 0, lastAt: 0, problem: "", isDead: false)
                func post(_ path: String, port: Int = number) async -> WebhookAnswer {
                    let webhook = WebhookRecord(url: "http://127.0.0.1:\(port)/\(path)")
                    return await poster.post(WebhookMessage(delivery, to: webhook, wallMs: 1_800_000_000_000))
                }
                #expect(await post("taken") == .status(204))
                #expect(await post("moved") == .status(302))
                #expect(await post("slow") == .failed("no answer in time"))
                guard case .failed = await post("x", port: 1) else {
                    Issue.record("nobody listens there")
                    return
                }
                await poster.close()
                return
            }
        }
    }
}
