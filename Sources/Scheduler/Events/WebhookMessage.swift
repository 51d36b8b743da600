import Crypto
import ElvesCore
import Foundation

/// A delivery as it travels: one POST.
package struct WebhookMessage: Sendable, Hashable {
    package let url: String
    package let headers: [String: String]
    /// JSON. The same bytes at every try.
    package let body: [UInt8]

    /// The message of a delivery that leaves at `wallMs`, UTC milliseconds.
    init(_ delivery: WebhookDelivery, to webhook: WebhookRecord, wallMs: Int64) {
        let body = JSONValue.object(Self.body(delivery.event)).bytes()
        let timestamp = String(wallMs / 1_000)
        url = webhook.url
        self.body = body
        headers = [
            "Content-Type": "application/json",
            "User-Agent": "elves-webhook",
            "Elves-Event": delivery.event.kind.name,
            "Elves-Delivery": String(delivery.id),
            "Elves-Timestamp": timestamp,
            "Elves-Signature": Self.signature(of: body, at: timestamp, secret: webhook.secret),
        ]
    }

    /// `v1=` and the HMAC-SHA256 of timestamp, full stop and body, in hex, by the secret's text as key.
    static func signature(of body: [UInt8], at timestamp: String, secret: String) -> String {
        let signed = Array("\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Array(secret.utf8)))
        return "v1=\(Hex.encode(Array(code)))"
    }

    /// In the words of `/api/v3`; what an event does not have is null.
    private static func body(_ event: SchedulerEvent) -> JSONObject {
        var object = JSONObject()
        func put(_ name: String, _ text: String) { object[name] = text.isEmpty ? .null : .string(text) }
        func put(_ name: String, _ id: ElvesID?) { object[name] = JSONValue(id?.description) }
        object["id"] = .int(event.id)
        object["at"] = .string(timeText(event.at))
        put("kind", event.kind.name)
        put("task_id", event.task)
        put("batch_id", event.batch)
        var agent = JSONObject()
        agent["id"] = JSONValue(event.target.id?.description)
        agent["ip"] = .string(event.target.ip)
        agent["name"] = .string(event.target.name)
        object["agent"] = event.target.id == nil && event.target.ip.isEmpty ? .null : .object(agent)
        put("app", event.app)
        put("function", event.function)
        put("version", event.version)
        put("state", event.state?.name ?? "")
        put("code", event.code)
        put("caller", event.caller)
        object["labels"] = StoredEvent.labels(event.labels)
        object["message"] = .string(event.message)
        return object
    }

    /// RFC 3339 in UTC with milliseconds.
    private static func timeText(_ wallMs: Int64) -> String {
        var seconds = time_t(wallMs / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: some BinaryInteger, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let date = [padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2)]
        let time = [padded(parts.tm_hour, 2), padded(parts.tm_min, 2), padded(parts.tm_sec, 2)]
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":")).\(padded(wallMs % 1_000, 3))Z"
    }
}

/// What became of a message.
package enum WebhookAnswer: Sendable, Hashable {
    case status(Int)
    /// No answer, and why.
    case failed(String)
}

/// Sends messages; tests play it.
package protocol WebhookPoster: Sendable {
    /// Posts the message, and waits for the answer at most as long as a receiver may take.
    func post(_ message: WebhookMessage) async -> WebhookAnswer
    /// Ends its connections.
    func close() async
}
