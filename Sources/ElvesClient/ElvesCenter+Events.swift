extension ElvesCenter {
    /// One page of what happened; from the first event that is kept, or the `last` so many.
    public func events(
        kinds: [String] = [], app: String? = nil, after cursor: Cursor? = nil, last: Int? = nil, limit: Int = 100,
        wait: Duration = .zero
    ) async throws(CenterError) -> EventPage {
        try await ask(
            Call(
                .get, ["api", "v3", "events"],
                query: Self.filter(kinds, app) + [
                    ("format", "json"), ("after", cursor?.text), ("last", last.map(String.init)),
                    ("limit", String(limit)), ("wait", wait.seconds),
                ], patience: wait + .seconds(30)))
    }

    static func filter(_ kinds: [String], _ app: String?) -> [(String, String?)] {
        [("kinds", kinds.isEmpty ? nil : kinds.joined(separator: ",")), ("app", app)]
    }

    /// Has events sent to an address. Its secret is in this answer and never again.
    public func createWebhook(_ request: WebhookRequest) async throws(CenterError) -> WebhookRecord {
        try await ask(try .posting(["api", "v3", "webhooks"], request))
    }

    /// Every webhook that the key may see.
    public func webhooks() async throws(CenterError) -> [WebhookRecord] {
        struct Answer: Decodable { var webhooks: [WebhookRecord] }
        return try await ask(Call(.get, ["api", "v3", "webhooks"]), as: Answer.self).webhooks
    }

    /// Sends nothing more to an address.
    public func deleteWebhook(_ id: String) async throws(CenterError) {
        try await tell(Call(.delete, ["api", "v3", "webhooks", id]))
    }

    /// One page of events that a webhook did not take, newest first.
    public func deadLetters(
        ofWebhook id: String, after cursor: Cursor? = nil, limit: Int = 100
    ) async throws(CenterError) -> DeadLetterPage {
        try await ask(
            Call(
                .get, ["api", "v3", "webhooks", id, "dead"],
                query: [("after", cursor?.text), ("limit", String(limit))]))
    }

    /// Tries a dead letter again.
    public func redeliver(_ letter: String) async throws(CenterError) {
        try await tell(Call(.post, ["api", "v3", "webhooks", "dead", letter, "redeliver"]))
    }
}
