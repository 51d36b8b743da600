internal import Foundation

/// A task's output as it is written, from its start to the task's end.
///
/// It connects again by itself and goes on where it was cut off: no piece is missing and none comes twice. It throws
/// when the task cannot be read, or when the center is away for more than two minutes; it ends early when the task that
/// reads it is cancelled.
public struct OutputSequence: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = TaskOutputEvent
    /// What it throws.
    public typealias Failure = CenterError

    let center: ElvesCenter
    let call: Call
    let cursor: Cursor?

    /// Begins to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: ResumingStream(center, call, after: cursor)) }

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var stream: ResumingStream

        /// The next event; nil behind the end.
        public mutating func next() async throws(CenterError) -> TaskOutputEvent? {
            while let message = try await stream.next() {
                switch message.name {
                case "output": return .output(try RESTCoding.event(message))
                case "end":
                    struct End: Decodable {
                        var state: TaskState
                        var attempt: Int
                    }
                    let end: End = try RESTCoding.event(message)
                    stream.finish()
                    return .end(state: end.state, attempt: end.attempt)
                default: continue
                }
            }
            return nil
        }

        /// The next event; nil behind the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(CenterError) -> TaskOutputEvent? {
            try await next()
        }
    }
}

/// Events as they happen. It never ends by itself.
///
/// It connects again by itself and goes on where it was cut off. It throws when events cannot be read, or when the
/// center is away for more than two minutes.
public struct EventSequence: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = EventNews
    /// What it throws.
    public typealias Failure = CenterError

    let center: ElvesCenter
    let call: Call
    let cursor: Cursor?

    /// Begins to follow.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: ResumingStream(center, call, after: cursor)) }

    /// Reads one event after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var stream: ResumingStream

        /// The next event.
        public mutating func next() async throws(CenterError) -> EventNews? {
            guard let message = try await stream.next() else { return nil }
            return message.name == "lost" ? .lost : .event(try RESTCoding.event(message))
        }

        /// The next event.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(CenterError) -> EventNews? {
            try await next()
        }
    }
}

extension ElvesCenter {
    /// Follows a task's output, from its start or from a place on.
    public func followOutput(
        of task: String, stream: OutputPiece.Stream? = nil, after cursor: Cursor? = nil
    ) -> OutputSequence {
        OutputSequence(
            center: self,
            call: Call(
                .get, ["api", "v3", "tasks", task, "output"],
                query: [("follow", "true"), ("stream", stream?.rawValue)]),
            cursor: cursor)
    }

    /// Follows what happens: from now on, from behind an event on, or from the `last` so many on.
    public func followEvents(
        kinds: [String] = [], app: String? = nil, after cursor: Cursor? = nil, last: Int? = nil
    ) -> EventSequence {
        let query = Self.filter(kinds, app) + [("last", last.map(String.init))]
        return EventSequence(center: self, call: Call(.get, ["api", "v3", "events"], query: query), cursor: cursor)
    }

    /// Opens a stream; an answer of 400 or above is thrown as the problem that it describes.
    func open(_ call: Call) async throws(CenterError) -> HTTPStream {
        do {
            let stream = try await transport.open(signed(call))
            guard stream.status >= 400 else { return stream }
            var body: [UInt8] = []
            while body.count < 1 << 20, let bytes = try await stream.next() { body += bytes }
            throw Self.problem(call, HTTPReply(status: stream.status, headers: stream.headers, body: body))
        } catch let error as CenterError {
            throw error
        } catch {
            throw CenterError.unreachable(url: url, reason: "\(error)")
        }
    }
}

extension RESTCoding {
    /// What an event carries.
    static func event<Value: Decodable>(_ message: EventStreamParser.Message) throws(CenterError) -> Value {
        do {
            return try decoder().decode(Value.self, from: Data(message.data.utf8))
        } catch {
            throw CenterError.badAnswer(
                status: 200, reason: "an event \"\(message.name)\" that cannot be read: \(error)")
        }
    }
}
