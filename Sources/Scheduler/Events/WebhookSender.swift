import AgentLinks
import ElvesCore
import Logging

/// Delivers events to webhooks: at least once, in no certain order, tried again until it is given up.
///
/// Each webhook has a loop of its own and a bound on what is on its way, so that a receiver that is slow or away
/// delays no other.
package struct WebhookSender: Sendable {
    private let store: any SchedulerStore
    private let poster: any WebhookPoster
    private let rules: WebhookRules
    private let time: Timekeeper
    private let logger: Logger

    /// Creates the sender of a service's webhooks; the service's own loops wake it.
    package init(_ service: SchedulerService, poster: any WebhookPoster) {
        store = service.store
        rules = service.webhookRules
        time = service.time
        logger = service.logger
        self.poster = poster
    }

    /// Works until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var served: [Int64: WebhookEnd] = [:]
            while !Task.isCancelled {
                let seen = store.feed.position(.deliveries)
                if let webhooks = try? await store.webhooks() {
                    for (id, end) in served where !webhooks.contains(where: { $0.id == id }) {
                        end.set()
                        served[id] = nil
                    }
                    for webhook in webhooks where served[webhook.id] == nil {
                        let end = WebhookEnd()
                        served[webhook.id] = end
                        group.addTask { await serve(webhook, until: end) }
                    }
                }
                await rest(rules.lookInterval, unlessBeyond: seen)
            }
            for end in served.values { end.set() }
        }
        await poster.close()
    }

    private func serve(_ webhook: WebhookRecord, until end: WebhookEnd) async {
        var restMs: Int64 = 0
        var lookedAt = time.micros()
        while !Task.isCancelled, !end.isSet {
            let seen = store.feed.position(.deliveries)
            do {
                if time.micros() - lookedAt >= rules.lookInterval.micros {
                    lookedAt = time.micros()
                    try await trim(webhook)
                }
                let now = time.wallMs()
                let due = try await store.dueDeliveries(webhook.id, now: now, limit: rules.atOnce)
                guard !due.isEmpty else {
                    let next = try await store.nextDelivery(webhook.id).map { max(1, $0 - now) } ?? .max
                    let patience = Duration.milliseconds(min(next, rules.lookInterval.micros / 1_000))
                    await rest(patience, unlessBeyond: seen)
                    continue
                }
                let taken = try await deliver(due, to: webhook)
                // A receiver that takes nothing is not asked as fast as it refuses.
                restMs = taken > 0 ? 0 : min(max(rules.restMs, restMs * 2), rules.longestRestMs)
            } catch {
                logger.error(
                    "deliveries to a webhook cannot be read or noted",
                    metadata: ["webhook": "\(webhook.id)", "error": "\(error)"])
                restMs = rules.longestRestMs
            }
            if restMs > 0 { try? await time.sleep(.milliseconds(restMs)) }
        }
    }

    /// Sends them side by side; answers how many were taken.
    private func deliver(_ due: [WebhookDelivery], to webhook: WebhookRecord) async throws -> Int {
        let words = await withTaskGroup(of: (Int64, DeliveryWord)?.self) { group in
            for delivery in due {
                group.addTask {
                    let message = WebhookMessage(delivery, to: webhook, wallMs: time.wallMs())
                    let answer = await poster.post(message)
                    // Cut short by the end of the process: not the receiver's fault.
                    if Task.isCancelled, case .failed = answer { return nil }
                    let word = rules.word(delivery, answer, now: time.wallMs(), chance: .random(in: 0...1))
                    return (delivery.id, word)
                }
            }
            return await group.reduce(into: [Int64: DeliveryWord]()) { words, word in
                if let word { words[word.0] = word.1 }
            }
        }
        try await store.settle(words, now: time.wallMs())
        let dead = words.values.count { if case .dead = $0 { true } else { false } }
        if dead > 0 {
            logger.warning(
                "a webhook does not take its events",
                metadata: ["webhook": "\(webhook.id)", "url": "\(webhook.url)", "dead": "\(dead)"])
        }
        return words.values.count { $0 == .taken }
    }

    /// Makes dead letters of what waits too much, and forgets the oldest of those.
    private func trim(_ webhook: WebhookRecord) async throws {
        let counts = try await store.deliveryCounts()[webhook.id] ?? DeliveryCounts()
        guard counts.waiting > rules.waiting || counts.dead > 0 else { return }
        let died = try await store.trimDeliveries(
            webhook.id, keep: rules.waiting, problem: "more than \(rules.waiting) deliveries waited",
            keepDead: rules.dead, deadBefore: time.wallMs() - rules.deadMs)
        guard died > 0 else { return }
        logger.warning(
            "too many deliveries wait for a webhook; the oldest are given up",
            metadata: ["webhook": "\(webhook.id)", "url": "\(webhook.url)", "dead": "\(died)"])
    }

    private func rest(_ limit: Duration, unlessBeyond seen: Int64) async {
        await store.feed.wait(for: .deliveries, beyond: seen, until: time.micros() + limit.micros)
    }
}

extension Duration {
    /// Whole microseconds.
    fileprivate var micros: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
