import HTTPTypes
import Hummingbird
import NIOCore

/// Writes Server-Sent Events (WHATWG HTML, "Server-sent events") into an answer's body.
///
/// A write suspends while the reader is slower: nothing piles up here. Its methods are isolated as the body's own are.
struct EventStreamWriter {
    private var body: any ResponseBodyWriter
    private let heartbeat: Duration
    private var writtenAt = ContinuousClock.now

    init(_ body: any ResponseBodyWriter, heartbeat: Duration) {
        self.body = body
        self.heartbeat = heartbeat
    }

    /// Sends one event.
    /// - Parameters:
    ///   - id: what a client names as `Last-Event-ID` to go on behind it; nil leaves its place as it is.
    ///   - data: JSON, which has no line breaks of its own.
    @concurrent mutating func event(_ name: String, id: String?, _ data: (inout JSONBuffer) -> Void) async throws {
        var json = JSONBuffer()
        data(&json)
        var bytes = ByteBuffer()
        bytes.writeString("event: \(name)\n")
        if let id { bytes.writeString("id: \(id)\n") }
        bytes.writeString("data: ")
        bytes.writeImmutableBuffer(json.bytes)
        bytes.writeString("\n\n")
        try await write(bytes)
    }

    /// Begins the stream: the client connects again a second after it is cut off, and goes on behind `id`.
    @concurrent mutating func begin(id: String?) async throws {
        try await write(ByteBuffer(string: "retry: 1000\n" + (id.map { "id: \($0)\n" } ?? "") + "\n"))
    }

    /// Sends a comment when nothing was sent for a while. A client that is cut off later goes on behind `id`.
    @concurrent mutating func beat(id: String?) async throws {
        guard ContinuousClock.now - writtenAt >= heartbeat else { return }
        try await write(ByteBuffer(string: ": still here\n" + (id.map { "id: \($0)\n" } ?? "") + "\n"))
    }

    /// Ends the answer.
    @concurrent mutating func finish() async throws { try await body.finish(nil) }

    @concurrent private mutating func write(_ bytes: ByteBuffer) async throws {
        try await body.write(bytes)
        writtenAt = .now
    }

    /// The answer whose body `produce` writes; it holds the place until it ends, however it ends.
    static func answer(
        heartbeat: Duration, place: Gate.Place,
        _ produce: @escaping @Sendable @concurrent (inout EventStreamWriter) async throws -> Void
    ) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-store", .proxyBuffering: "no",
        ]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { body in
                defer { place.hold() }
                var writer = EventStreamWriter(body, heartbeat: heartbeat)
                try await produce(&writer)
                try await writer.finish()
            })
    }
}

extension HTTPField.Name {
    /// WHATWG: where a client that connects again had been.
    static let lastEventID = known("Last-Event-ID")
    /// nginx's: whether a proxy may hold bytes back.
    static let proxyBuffering = known("X-Accel-Buffering")
}
