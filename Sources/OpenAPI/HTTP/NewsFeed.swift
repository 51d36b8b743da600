import ElvesCore

/// What a stream needs beside its own news: patience with a component that is away, and a key that is still good.
struct NewsFeed: Sendable {
    /// How long a component may be away before the stream ends with a problem.
    static let patience = Duration.seconds(30)
    private static let pause = Duration.seconds(1)

    let keys: KeyRing
    let key: KeyEntry
    let clock: EdgeClock
    let limits: EdgeLimits

    /// Milliseconds that one question waits for news.
    var pollMs: Int64 { min(limits.pollTime, limits.heartbeat).milliseconds }

    /// Asks until `take` says that the stream is at its end. What goes wrong for good is told as an event `problem`.
    /// - Parameters:
    ///   - ask: one question, which waits for news for at most `pollMs`.
    ///   - place: where a client that connects again goes on.
    ///   - take: writes the news; answers whether more is to come.
    @concurrent func follow<News: Sendable>(
        _ writer: inout EventStreamWriter, trace: Trace, ask: @concurrent () async throws -> News, place: () -> String?,
        take: @concurrent (News, inout EventStreamWriter) async throws -> Bool
    ) async throws {
        var awaySince: ContinuousClock.Instant?
        while true {
            let news: News
            do {
                try requireKey()
                news = try await ask()
                awaySince = nil
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                try Task.checkCancellation()
                let error = ElvesError(edge: error)
                let since = awaySince ?? .now
                guard error.isRetryable, error.code != .elvesStopping, .now - since < Self.patience else {
                    return try await writer.event("problem", id: nil) { $0.problem(error, trace: trace) }
                }
                awaySince = since
                try await writer.beat(id: place())
                try await clock.sleep(Self.pause)
                continue
            }
            guard try await take(news, &writer) else { return }
            try await writer.beat(id: place())
        }
    }

    /// A key that was revoked hears nothing more; its successor may have another scope.
    private func requireKey() throws(ElvesError) {
        guard let current = keys.current else { throw ElvesError(.openapiAuthKeysStale) }
        guard let entry = current.key(id: key.id), entry.scope == key.scope else {
            throw ElvesError(.openapiAuthKeyRevoked, "key \"\(key.id)\" was revoked")
        }
    }
}
