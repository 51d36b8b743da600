import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/events`: what happened and what happens, as far as it concerns the key.
struct EventRoutes: Sendable {
    /// Events that one question to the scheduler asks for.
    private static let pageEvents: Int32 = 500

    let scheduler: any SchedulerPort
    let access: Access
    let keys: KeyRing
    let clock: EdgeClock
    let streams: Gate
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [gateway.route(.get, "/api/v3/events", Self.description, events)]
    }

    @Sendable private func events(_ call: V3Call) async throws -> Response {
        let filter = try EventFilter(call.query)
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let limit = try call.query.int("limit", in: 1...1000) ?? 100
        let last = try call.query.int("last", in: 1...1000)
        let format = try call.query.choice("format", ["stream", "json"])
        try access.require(call.key, app: filter.app)
        let named = try place(call)
        let port = call.port(waiting: waitMs)
        if format.map({ $0 == "json" }) ?? call.accepts("application/json") {
            let after = if let named { named } else { try await recent(last, port) }
            let page = try await scheduler.events(
                after: after, limit: Int32(limit), waitMs: port.left(of: waitMs), port.waiting(waitMs))
            let events = try await wanted(page.events, filter, call.key, port)
            return Answer.json { json in
                json.object { json in
                    json.key("events")
                    json.array(events) { $0.event($1) }
                    json.member("next", String(page.nextAfter))
                    json.member("lost", page.lost)
                }
            }
        }
        let streaming = try streams.place()
        let after: Int64 =
            if let named { named } else if last != nil { try await recent(last, port) } else { try await now(port) }
        return followed(call, filter, from: after, streaming)
    }

    private func followed(
        _ call: V3Call, _ filter: EventFilter, from start: Int64, _ place: Gate.Place
    ) -> Response {
        let feed = NewsFeed(keys: keys, key: call.key, clock: clock, limits: limits)
        let port = call.port
        return EventStreamWriter.answer(heartbeat: limits.heartbeat, place: place) { writer in
            var after = start
            try await writer.begin(id: String(start))
            try await feed.follow(&writer, trace: call.trace) {
                let page = try await scheduler.events(
                    after: after, limit: Self.pageEvents, waitMs: feed.pollMs, port.waiting(feed.pollMs))
                return (page, try await wanted(page.events, filter, call.key, port))
            } place: {
                String(after)
            } take: { news, writer in
                let (page, events) = news
                if page.lost { try await writer.event("lost", id: nil) { $0.object { _ in } } }
                for event in events {
                    try await writer.event(event.kind, id: String(event.id)) { $0.event(event) }
                }
                after = page.nextAfter
                return true
            }
        }
    }

    /// Where a client that was cut off goes on; nil when the call names no place.
    private func place(_ call: V3Call) throws(ElvesError) -> Int64? {
        guard let text = call.head.headerFields[.lastEventID], !text.isEmpty else {
            return try call.query.int("after", in: 0...Int64.max)
        }
        guard let id = Int64(text), id >= 0 else {
            throw Query.wrong("after", "Last-Event-ID \"\(text.prefix(80))\" is no id of an event")
        }
        return id
    }

    /// The place behind the newest event.
    private func now(_ port: PortCall) async throws -> Int64 {
        max(0, try await scheduler.events(after: -1, limit: 1, waitMs: 0, port).nextAfter)
    }

    /// The place before the last so many events; before the first that is kept when no number is named.
    private func recent(_ last: Int64?, _ port: PortCall) async throws -> Int64 {
        guard let last else { return 0 }
        return max(0, try await now(port) - last)
    }

    private func wanted(
        _ events: [Event], _ filter: EventFilter, _ key: KeyEntry, _ port: PortCall
    ) async throws -> [Event] {
        var wanted: [Event] = []
        for event in events where filter.takes(event) {
            if try await access.covers(key, event: event, port) { wanted.append(event) }
        }
        return wanted
    }
}

/// Which events a call is about.
struct EventFilter: Sendable {
    /// Every kind of event.
    static let kinds = ["task.ended", "batch.ended", "agent.up", "agent.down", "app.installed", "app.failed"]

    let kinds: Set<String>
    let app: String?

    init(_ query: Query) throws(ElvesError) {
        let words = query.words("kinds")
        for word in words { try Self.check(word) { Query.wrong("kinds", $0) } }
        kinds = Set(words)
        app = query["app"]
    }

    func takes(_ event: Event) -> Bool {
        (kinds.isEmpty || kinds.contains(event.kind)) && (app == nil || app == event.app)
    }

    /// Refuses a word that is no kind of event.
    static func check(_ kind: String, _ error: (String) -> ElvesError) throws(ElvesError) {
        guard !kinds.contains(kind) else { return }
        let near = Suggestion.phrase(for: kind, in: kinds)
        let all = "; there are: \(kinds.joined(separator: ", "))"
        throw error("there is no kind of event \"\(kind.prefix(80))\"\(near.isEmpty ? all : near)")
    }
}

extension JSONBuffer {
    mutating func event(_ event: Event) {
        object { json in
            json.member("id", event.id)
            json.member("at", time: event.at)
            json.member("kind", event.kind)
            json.member("task_id", id: event.taskId)
            json.member("batch_id", id: event.batchId)
            json.key("agent")
            if event.agentId == 0, event.ip.isEmpty {
                json.null()
            } else {
                json.object { json in
                    json.member("id", id: event.agentId)
                    json.member("ip", event.ip)
                    json.member("name", event.agentName)
                }
            }
            json.member("app", orNull: event.app)
            json.member("function", orNull: event.func)
            json.member("version", orNull: event.version)
            json.member(
                "state",
                orNull: event.state == 0 ? nil : StateName.of(ElvesContracts.TaskState(rawValue: event.state)))
            json.member("code", orNull: event.code)
            json.member("caller", orNull: event.caller)
            json.member("labels", map: event.labels)
            json.member("message", event.message)
        }
    }
}
