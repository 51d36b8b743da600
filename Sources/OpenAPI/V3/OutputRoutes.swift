import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/v3/tasks/{id}/output`: what a worker wrote, while it writes or later.
struct OutputRoutes: Sendable {
    /// Bytes that one question to the scheduler asks for.
    static let pageBytes: Int32 = 256 << 10

    let scheduler: any SchedulerPort
    let access: Access
    let keys: KeyRing
    let clock: EdgeClock
    let streams: Gate
    let limits: EdgeLimits

    func routes(_ gateway: V3Gateway) -> [Route] {
        [gateway.route(.get, "/api/v3/tasks/{id}/output", Self.description, output)]
    }

    @Sendable private func output(_ call: V3Call) async throws -> Response {
        let waitMs = try call.query.milliseconds("wait", atMost: limits.waitMs)
        let follow = try call.query.flag("follow")
        let stream = try call.query.choice("stream", ["stdout", "stderr"])
        let format = try call.query.choice("format", ["text", "json"])
        let cursor = try OutputCursor(call)
        let limit = try call.query.int("limit", in: 1...1 << 20).map(Int32.init)
        let port = call.port(waiting: waitMs)
        let task = try await scheduler.task(try call.id(), waitMs: 0, port)
        try await access.require(call.key, task: task, port)
        let only = stream.map { $0 == "stdout" ? OutputStream.stdout : .stderr }
        let source = OutputSource(scheduler: scheduler, taskID: task.id, only: only)
        if follow { return try followed(call, source, from: cursor) }
        let wantsJSON = format.map { $0 == "json" } ?? call.accepts("application/json")
        if wantsJSON {
            let page = try await source.page(
                from: cursor, limit: limit ?? Self.pageBytes, waitMs: port.left(of: waitMs), port.waiting(waitMs))
            return Answer.json(capacity: Int(Self.pageBytes)) { $0.output(page) }
        }
        return try await text(call, source, from: cursor)
    }

    /// Everything until now, as it was written; a gap is told in a line of its own.
    private func text(_ call: V3Call, _ source: OutputSource, from cursor: OutputCursor) async throws -> Response {
        let place = try streams.place()
        let port = call.port
        let first = try await source.page(from: cursor, limit: Self.pageBytes, waitMs: 0, port)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .noSniff: "nosniff"],
            body: ResponseBody { body in
                defer { place.hold() }
                var page = first
                while !page.parts.isEmpty || page.hasMore {
                    for part in page.parts { try await body.write(part.text) }
                    guard !page.isLast else { break }
                    page = try await source.page(from: page.next, limit: Self.pageBytes, waitMs: 0, port)
                }
                try await body.finish(nil)
            })
    }

    private func followed(_ call: V3Call, _ source: OutputSource, from cursor: OutputCursor) throws -> Response {
        let place = try streams.place()
        let feed = NewsFeed(keys: keys, key: call.key, clock: clock, limits: limits)
        let port = call.port
        return EventStreamWriter.answer(heartbeat: limits.heartbeat, place: place) { writer in
            var cursor = cursor
            try await writer.begin(id: nil)
            try await feed.follow(&writer, trace: call.trace) {
                try await source.page(
                    from: cursor, limit: Self.pageBytes, waitMs: feed.pollMs, port.waiting(feed.pollMs))
            } place: {
                cursor.description
            } take: { page, writer in
                for part in page.parts {
                    try await writer.event("output", id: part.next.description) {
                        $0.output(part, attempt: page.attempt)
                    }
                }
                cursor = page.next
                guard page.isLast else { return true }
                try await writer.event("end", id: cursor.description) { json in
                    json.object { json in
                        json.member("state", StateName.of(page.state))
                        json.member("attempt", page.attempt)
                    }
                }
                return false
            }
        }
    }
}

extension HTTPField.Name {
    /// Tells browsers not to guess what the bytes are.
    static let noSniff = known("X-Content-Type-Options")
}
