import Crypto
import ElvesClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A listener on this machine that takes webhooks, or does not, as a test says.
final class HookReceiver: Sendable {
    /// A delivery as it came.
    struct Delivery: Sendable {
        var headers: [String: String]
        var body: [UInt8]
        /// The status that it was answered with.
        var answer: Int

        var event: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(body)) }

        /// The number that is the same at each try.
        var number: String { headers["Elves-Delivery"] ?? "" }

        /// Whether its signature is what docs/guide/api-users.md says.
        func isSigned(with secret: String) -> Bool {
            let stamp = headers["Elves-Timestamp"] ?? ""
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(stamp).".utf8) + body, using: SymmetricKey(data: Data(secret.utf8)))
            let age = Date().timeIntervalSince1970 - (Double(stamp) ?? 0)
            return headers["Elves-Signature"] == "v1=" + code.map { String(format: "%02x", $0) }.joined()
                && abs(age) < 300
        }
    }

    private struct State {
        var deliveries: [Delivery] = []
        var answers: [Int] = []
        var usual = 204
    }

    let url: String
    private let channel: any Channel
    private let state: Inbox

    private final class Inbox: Sendable {
        let state = Mutex(State())
    }

    init() async throws {
        let state = Inbox()
        self.state = state
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { headers, body in
                            state.state.withLock { state in
                                let answer = state.answers.isEmpty ? state.usual : state.answers.removeFirst()
                                state.deliveries.append(Delivery(headers: headers, body: body, answer: answer))
                                return answer
                            }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook"
    }

    deinit { channel.close(promise: nil) }

    /// What has come so far.
    var deliveries: [Delivery] { state.state.withLock { $0.deliveries } }

    /// Says with which status it is answered: the next ones in turn, then always `usual`.
    func answer(_ next: [Int] = [], then usual: Int) {
        state.state.withLock {
            $0.answers = next
            $0.usual = usual
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let take: ([String: String], [UInt8]) -> Int
        private var headers: [String: String] = [:]
        private var body: [UInt8] = []

        init(_ take: @escaping ([String: String], [UInt8]) -> Int) { self.take = take }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                headers = Dictionary(head.headers.map { ($0.name, $0.value) }) { first, _ in first }
            case .body(let part): body += part.readableBytesView
            case .end:
                let status = HTTPResponseStatus(statusCode: take(headers, body))
                let answer = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "0"])
                body = []
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
