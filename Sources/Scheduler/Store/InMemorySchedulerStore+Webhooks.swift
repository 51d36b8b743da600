import ElvesCore
import Synchronization

/// Webhooks and deliveries of the store in memory.
extension InMemorySchedulerStore {
    package func add(_ webhook: WebhookRecord) async throws -> Int64 {
        state.withLock { state in
            var webhook = webhook
            state.lastWebhook += 1
            webhook.id = state.lastWebhook
            state.webhooks.append(webhook)
            return webhook.id
        }
    }

    package func webhooks() async throws -> [WebhookRecord] { state.withLock { $0.webhooks } }

    package func removeWebhook(_ id: Int64) async throws -> Bool {
        state.withLock { state in
            let count = state.webhooks.count
            state.webhooks.removeAll { $0.id == id }
            state.deliveries.removeAll { $0.webhook == id }
            return state.webhooks.count < count
        }
    }

    package func deliveryCounts() async throws -> [Int64: DeliveryCounts] {
        state.withLock { state in
            state.deliveries.reduce(into: [:]) { counts, delivery in
                let path = delivery.isDead ? \DeliveryCounts.dead : \DeliveryCounts.waiting
                counts[delivery.webhook, default: DeliveryCounts()][keyPath: path] += 1
            }
        }
    }

    package func dueDeliveries(_ webhook: Int64, now: Int64, limit: Int) async throws -> [WebhookDelivery] {
        state.withLock { state in
            let due = state.deliveries.filter { $0.webhook == webhook && !$0.isDead && $0.nextAt <= now }
            return Array(due.sorted { ($0.nextAt, $0.id) < ($1.nextAt, $1.id) }.prefix(limit))
        }
    }

    package func nextDelivery(_ webhook: Int64) async throws -> Int64? {
        state.withLock { state in
            state.deliveries.filter { $0.webhook == webhook && !$0.isDead }.map(\.nextAt).min()
        }
    }

    package func settle(_ words: [Int64: DeliveryWord], now: Int64) async throws {
        state.withLock { state in
            for (id, word) in words {
                guard let index = state.deliveries.firstIndex(where: { $0.id == id }) else { continue }
                switch word {
                case .taken: state.deliveries.remove(at: index)
                case .retry(let at, let problem): state.deliveries[index].note(now, at, problem, isDead: false)
                case .dead(let problem): state.deliveries[index].note(now, 0, problem, isDead: true)
                }
            }
        }
    }

    package func trimDeliveries(
        _ webhook: Int64, keep: Int, problem: String, keepDead: Int, deadBefore: Int64
    ) async throws -> Int {
        state.withLock { state in
            let waiting = state.deliveries.filter { $0.webhook == webhook && !$0.isDead }.map(\.id)
            let dying = Set(waiting.dropLast(keep))
            for index in state.deliveries.indices where dying.contains(state.deliveries[index].id) {
                state.deliveries[index].isDead = true
                state.deliveries[index].problem = problem
            }
            let dead = state.deliveries.filter { $0.webhook == webhook && $0.isDead }.map(\.id)
            let gone = Set(dead.dropLast(keepDead))
            state.deliveries.removeAll {
                gone.contains($0.id) || ($0.webhook == webhook && $0.isDead && $0.createdAt < deadBefore)
            }
            return dying.count
        }
    }

    package func deadLetters(_ webhook: Int64, before: Int64, limit: Int) async throws -> [WebhookDelivery] {
        state.withLock { state in
            Array(
                state.deliveries.filter { $0.webhook == webhook && $0.isDead && $0.id < before }
                    .sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    package func revive(_ delivery: Int64, now: Int64) async throws -> Bool {
        let revived = state.withLock { state in
            guard let index = state.deliveries.firstIndex(where: { $0.id == delivery && $0.isDead }) else {
                return false
            }
            state.deliveries[index].isDead = false
            state.deliveries[index].tries = 0
            state.deliveries[index].problem = ""
            state.deliveries[index].createdAt = now
            state.deliveries[index].nextAt = now
            return true
        }
        if revived { feed.nudge(.deliveries) }
        return revived
    }
}

extension WebhookDelivery {
    fileprivate mutating func note(_ now: Int64, _ next: Int64, _ problem: String, isDead: Bool) {
        tries += 1
        lastAt = now
        nextAt = next
        self.problem = problem
        self.isDead = isDead
    }
}
