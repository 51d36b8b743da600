internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The transport over async-http-client.
///
/// Its pool closes when the last user lets go.
final class PooledTransport: Transport {
    /// Bytes of an answer that are read at most.
    static let answerLimit = 64 << 20

    /// Silence after which a stream counts as cut off: three of the center's comments are missing.
    static let streamSilence = TimeAmount.seconds(45)
    /// Streams of one client at once.
    static let streams = 512

    private let client: HTTPClient
    private let streaming: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.redirectConfiguration = .disallow
        // A refused connection is news for the caller now, not after ten seconds of trying.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        configuration.timeout.read = Self.streamSilence
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.streams
        streaming = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The callback keeps the client until its connections are closed.
        client.shutdown { _ in }
        streaming.shutdown { _ in }
    }

    func open(_ request: HTTPRequest) async throws -> HTTPStream {
        do {
            let response = try await streaming.execute(
                Self.outgoing(request), timeout: TimeAmount(request.patience))
            var chunks = response.body.makeAsyncIterator()
            return HTTPStream(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }
            ) {
                try await chunks.next(isolation: #isolation).map { Array($0.readableBytesView) }
            }
        } catch {
            throw Self.unreachable(request, error)
        }
    }

    private static func outgoing(_ request: HTTPRequest) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        outgoing.headers.replaceOrAdd(name: "User-Agent", value: "elves-client")
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        return outgoing
    }

    private static func unreachable(_ request: HTTPRequest, _ error: any Error) -> CenterError {
        CenterError.unreachable(
            url: URL(string: request.url).flatMap(origin) ?? URL(filePath: "/"),
            reason: reason(error, patience: request.patience))
    }

    func send(_ request: HTTPRequest) async throws -> HTTPReply {
        do {
            let limit = TimeAmount(request.patience)
            let response = try await client.execute(Self.outgoing(request), timeout: limit)
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return HTTPReply(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
                body: Array(body.readableBytesView))
        } catch {
            throw Self.unreachable(request, error)
        }
    }

    private static func origin(_ url: URL) -> URL? {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: false)
        parts?.path = ""
        parts?.query = nil
        return parts?.url
    }

    /// What went wrong, in words that a person can act on.
    private static func reason(_ error: any Error, patience: Duration) -> String {
        if let error = error as? HTTPClientError { return self.reason(error, patience: patience) }
        guard let error = error as? NIOConnectionError else { return cause(error) }
        if let first = error.connectionErrors.first { return cause(first.error) }
        return (error.dnsAError ?? error.dnsAAAAError).map { "\($0)" } ?? "the name is unknown"
    }

    private static func reason(_ error: HTTPClientError, patience: Duration) -> String {
        if error == .connectTimeout { return "no connection within 5 s" }
        if error == .deadlineExceeded || error == .readTimeout {
            return "no answer within \(patience.components.seconds) s"
        }
        if error == .remoteConnectionClosed { return "the connection was closed before the answer" }
        return error == .invalidURL ? "the address is not valid" : "\(error)"
    }

    private static func cause(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return error.errnoCode == ECONNREFUSED ? "connection refused" : String(cString: strerror(error.errnoCode))
    }
}
