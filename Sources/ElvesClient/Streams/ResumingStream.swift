internal import Foundation

/// A stream of Server-Sent Events that connects again by itself and goes on where it was cut off.
struct ResumingStream {
    /// How long the center may be away once the stream was there; then the stream ends with the error.
    static let patience = Duration.seconds(120)
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(10)

    private let center: ElvesCenter
    private let call: Call
    private var parser: EventStreamParser
    private var connection: HTTPStream?
    private var wasConnected = false
    private var awaySince: ContinuousClock.Instant?
    private var pause = Self.shortestPause
    private var isDone = false

    init(_ center: ElvesCenter, _ call: Call, after cursor: Cursor?) {
        self.center = center
        self.call = call
        parser = EventStreamParser(after: cursor?.text)
    }

    /// Nothing more is asked for.
    mutating func finish() {
        isDone = true
        connection = nil
    }

    /// The next event; nil when the stream was finished or the task cancelled.
    mutating func next() async throws(CenterError) -> EventStreamParser.Message? {
        while !isDone {
            if let message = parser.next() {
                guard message.name == "problem" else { return message }
                try await meet(message)
            } else if connection == nil {
                try await connect()
            } else {
                await read()
            }
            if Task.isCancelled { return nil }
        }
        return nil
    }

    /// The center ends the stream: for good, or until it can go on.
    private mutating func meet(_ message: EventStreamParser.Message) async throws(CenterError) {
        guard let problem = try? RESTCoding.decoder().decode(Problem.self, from: Data(message.data.utf8)) else {
            throw CenterError.badAnswer(
                status: 200, reason: "a problem that cannot be read: \(message.data.prefix(200))")
        }
        connection = nil
        try await wait(.problem(problem))
    }

    private mutating func read() async {
        do {
            guard let bytes = try await connection?.next() else { return cutOff() }
            parser.feed(bytes)
            awaySince = nil
            pause = Self.shortestPause
            if parser.isBroken { cutOff() }
        } catch {
            cutOff()
        }
    }

    private mutating func cutOff() {
        connection = nil
        parser.reset()
    }

    private mutating func connect() async throws(CenterError) {
        // A connection that ends at once, each time, is not opened without rest.
        if wasConnected, awaySince == nil { await rest() }
        var call = call
        if let id = parser.lastID { call.headers.append(("Last-Event-ID", id)) }
        do {
            connection = try await center.open(call)
            wasConnected = true
        } catch {
            try await wait(error)
        }
    }

    /// Waits before the next try; throws when the error is there to stay, or from the start.
    private mutating func wait(_ error: CenterError) async throws(CenterError) {
        let since = awaySince ?? .now
        guard wasConnected, error.isRetryable, .now - since < Self.patience else { throw error }
        awaySince = since
        await rest()
    }

    private mutating func rest() async {
        let pause = pause
        self.pause = min(pause * 2, Self.longestPause)
        try? await Task.sleep(for: pause)
    }
}
