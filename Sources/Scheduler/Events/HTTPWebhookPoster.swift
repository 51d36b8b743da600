import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Posts over HTTP. Redirects are not followed, and answers' bodies not kept.
package struct HTTPWebhookPoster: WebhookPoster {
    private let client: HTTPClient
    private let patience: TimeAmount

    /// Creates a poster whose receivers have `patience` to answer.
    package init(patience: Duration = .seconds(10)) {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        // Webhooks of one host must not wait for each other's slow answers.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.patience = TimeAmount(patience)
    }

    package func post(_ message: WebhookMessage) async -> WebhookAnswer {
        var request = HTTPClientRequest(url: message.url)
        request.method = .POST
        for (name, value) in message.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(message.body)
        do {
            let response = try await client.execute(request, timeout: patience)
            // Read a little of it, so that the connection can be used again.
            _ = try? await response.body.collect(upTo: 64 << 10)
            return .status(Int(response.status.code))
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            return .failed("no answer in time")
        } catch {
            return .failed("not reached: \(error)")
        }
    }

    package func close() async {
        try? await client.shutdown()
    }
}
