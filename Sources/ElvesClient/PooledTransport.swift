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

    private let client: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.redirectConfiguration = .disallow
        // A refused connection is news for the caller now, not after ten seconds of trying.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The callback keeps the client until its connections are closed.
        client.shutdown { _ in }
    }

    func send(_ request: HTTPRequest) async throws -> HTTPReply {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        outgoing.headers.replaceOrAdd(name: "User-Agent", value: "elves-client")
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            let limit = TimeAmount(request.patience)
            let response = try await client.execute(outgoing, timeout: limit)
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return HTTPReply(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
                body: Array(body.readableBytesView))
        } catch {
            throw CenterError.unreachable(
                url: URL(string: request.url).flatMap(Self.origin) ?? URL(filePath: "/"),
                reason: Self.reason(error, patience: request.patience))
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
