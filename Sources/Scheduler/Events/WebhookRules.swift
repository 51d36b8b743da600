import ElvesCore
import Foundation

/// Bounds of webhooks.
package struct WebhookRules: Sendable {
    /// Webhooks in all.
    package var webhooks = 100
    /// Deliveries on their way to one webhook at once.
    package var atOnce = 8
    /// Deliveries of one webhook that wait; past this the oldest become dead letters.
    package var waiting = 100_000
    /// Dead letters of one webhook that are kept, and for how many milliseconds.
    package var dead = 10_000
    package var deadMs: Int64 = 14 * 86_400_000
    /// Tries of one delivery, and milliseconds within which they are made.
    package var tries = 12
    package var patienceMs: Int64 = 86_400_000
    /// Milliseconds before the second try; doubles from try to try.
    package var firstDelayMs: Int64 = 1_000
    package var longestDelayMs: Int64 = 600_000
    /// Milliseconds for which a webhook rests after a round of which nothing was taken; doubles from round to round.
    package var restMs: Int64 = 500
    package var longestRestMs: Int64 = 30_000
    /// Between two looks at what webhooks there are, and at how much waits.
    package var lookInterval: Duration = .seconds(5)

    /// The defaults.
    package init() {}

    /// What is to become of a delivery after a try at `now`. `chance`, 0 to 1, spreads the tries.
    func word(_ delivery: WebhookDelivery, _ answer: WebhookAnswer, now: Int64, chance: Double) -> DeliveryWord {
        let problem: String
        switch answer {
        case .status(200..<300): return .taken
        case .status(300..<400): problem = "the receiver redirects, which is not followed"
        case .status(let status): problem = "the receiver answered \(status)"
        case .failed(let why): problem = why.cut(to: 500)
        }
        let tries = delivery.tries + 1
        guard tries < self.tries else { return .dead(problem: "\(problem); given up after \(tries) tries") }
        let delay = min(longestDelayMs, firstDelayMs << min(Int64(tries - 1), 30))
        let at = now + delay / 2 + Int64(Double(delay) / 2 * chance)
        guard at - delivery.createdAt < patienceMs else {
            return .dead(problem: "\(problem); given up after \((now - delivery.createdAt) / 3_600_000) h")
        }
        return .retry(at: at, problem: problem)
    }

    /// Checks what a webhook must have.
    static func check(_ webhook: WebhookRecord) throws(ElvesError) {
        func refuse(_ why: String) -> ElvesError { ElvesError(.schedulerWebhookInvalid, why) }
        guard webhook.url.utf8.count <= 2_048 else { throw refuse("url has more than 2048 bytes") }
        guard let parts = URLComponents(string: webhook.url),
            ["http", "https"].contains(parts.scheme?.lowercased() ?? "")
        else {
            throw refuse("url is \"\(webhook.url)\"; it must begin with http:// or https://")
        }
        guard let host = parts.host, !host.isEmpty else { throw refuse("url \"\(webhook.url)\" names no host") }
        guard parts.user == nil, parts.password == nil else {
            throw refuse("url holds a user or a password: deliveries are signed instead")
        }
        guard parts.fragment == nil else { throw refuse("url has a fragment (#…), which is never sent") }
        guard webhook.apps.count <= 1_000 else { throw refuse("apps has \(webhook.apps.count) names; at most 1000") }
    }
}
