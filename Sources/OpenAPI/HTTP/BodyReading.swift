import ElvesCore
import HTTPTypes
import Hummingbird
import NIOCore

/// What requests may weigh.
package struct EdgeLimits: Sendable, Hashable {
    /// Bytes of a body, other than a package's.
    package var body = 4 << 20
    /// Bytes of a param.
    package var param = 1 << 20
    /// Parameters of a query and a form together.
    package var parameters = 1000
    /// Bytes of a package.
    package var package = 256 << 20
    /// Bytes of a file of a call.
    package var blob = 64 << 20
    /// Files of calls that are uploaded at once.
    package var uploads = 64
    /// Answers that are streamed at once: followers of output and events, and downloads.
    package var streams = 1024
    /// Silence after which a stream sends a comment, so that both ends know that the other is there.
    package var heartbeat: Duration = .seconds(15)
    /// How long one question for news waits; after it the follower's key is looked at again.
    package var pollTime: Duration = .seconds(5)
    /// How long a connection may leave its answer unread before it is closed.
    package var stallTime: Duration = .seconds(60)
    /// Requests served at once.
    package var requests = 4096
    /// Connections open at once.
    package var connections = 10_000
    /// Bytes of a request's line and headers.
    package var head = 32 << 10
    /// How long a connection may take for a request's head, from its first byte or from the last answer.
    package var headTime: Duration = .seconds(15)
    /// How long a body may take.
    package var bodyTime: Duration = .seconds(30)
    /// How long a package, or a file of a call, may take.
    package var packageTime: Duration = .seconds(900)
    /// How long a request goes on for a caller that has closed its sending side: long enough for a client
    /// that closes it early and still reads, short enough that hung-up callers do not pile up.
    package var hangUpTime: Duration = .seconds(1)
    /// Milliseconds that a call may wait for a task's end.
    package var waitMs: Int64 = 3_600_000

    /// The limits of the design.
    package init() {}
}

extension Request {
    /// The whole body; refused as soon as it is known to be too long.
    func wholeBody(upTo limit: Int) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap({ Int($0) }) {
            guard length <= limit else { throw Self.tooLong(limit) }
            if length == 0 { return ByteBuffer() }
        } else if !headers.contains(.transferEncoding) {
            return ByteBuffer()
        }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Self.tooLong(limit)
        }
    }

    static func tooLong(_ limit: Int) -> ElvesError {
        ElvesError(
            .openapiRequestTooLong, "the body is longer than \(limit) bytes", details: ["limit": String(limit)])
    }
}
