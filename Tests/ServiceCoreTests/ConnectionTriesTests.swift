import Logging
import NIOPosix
import Synchronization
import TestSupport
import Testing
import Thrift
import ThriftNIO

@testable import ServiceCore

@Suite struct ConnectionTriesTests {
    @Test func theFirstFailureIsSaidThenOneAMinuteThenTheRecovery() {
        var tries = ConnectionTries()
        let start = ContinuousClock.now
        #expect(tries.failed("refused", at: start) == 1)
        for second in 1..<60 { #expect(tries.failed("refused", at: start + .seconds(second)) == nil) }
        #expect(tries.failed("refused", at: start + .seconds(60)) == 61)
        #expect(tries.failed("refused", at: start + .seconds(61)) == nil)
        #expect(tries.succeeded() == 62)
        #expect(tries.succeeded() == 0)
        #expect(tries.failed("refused", at: start + .seconds(62)) == 1, "a new trouble is said at once")
    }

    @Test func anotherReasonIsSaidAtOnce() {
        var tries = ConnectionTries()
        let start = ContinuousClock.now
        _ = tries.failed("refused", at: start)
        #expect(tries.failed("wrong certificate", at: start) == 2)
        #expect(tries.failed("wrong certificate", at: start) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aClientDoesNotLogEveryTry() async throws {
        let lines = LogLines()
        let dialer = ThriftDialer(
            .tcp(host: "127.0.0.1", port: 1), security: .plaintext(peer: .local), options: ConnectionOptions(),
            group: .singleton)
        let client = ThriftClient(dialer, logger: Logger(label: "test") { _ in lines })
        let running = Task { await client.run() }
        defer { running.cancel() }
        try await eventually("three tries") { lines.levels.count >= 3 }
        #expect(lines.levels.count { $0 == .warning } == 1)
        #expect(lines.levels.first == .warning)
    }
}

/// Keeps the levels of all lines.
private struct LogLines: LogHandler {
    private final class Store: Sendable { let levels = Mutex<[Logger.Level]>([]) }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    private let store = Store()

    var levels: [Logger.Level] { store.levels.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        store.levels.withLock { $0.append(event.level) }
    }
}
