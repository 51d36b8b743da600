import NIOCore
import NIOPosix

/// A TCP connection of plain bytes.
package final class RawSocket: Sendable {
    private let channel: any Channel
    private let stream: AsyncThrowingStream<String, any Error>

    /// Connects to a port of this machine.
    package init(port: Int) async throws {
        let (stream, continuation) = AsyncThrowingStream<String, any Error>.makeStream()
        self.stream = stream
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// Sends text.
    package func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Closes both directions.
    package func close() async throws { try await channel.close() }

    /// Says that nothing more will be sent; answers are still read.
    package func finish() async throws { try await channel.close(mode: .output) }

    /// Reads until the text has come.
    package func read(until end: String) async throws -> String {
        var text = ""
        for try await part in stream {
            text += part
            if text.contains(end) { break }
        }
        return text
    }

    /// Reads until the other side closes; meanwhile runs `trickle` every 20 ms, as long as it succeeds.
    package func readToEnd(trickle: (@Sendable () async throws -> Void)? = nil) async throws -> String {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let trickle {
                group.addTask {
                    while (try? await trickle()) != nil, (try? await Task.sleep(for: .milliseconds(20))) != nil {}
                }
            }
            var text = ""
            for try await part in stream { text += part }
            group.cancelAll()
            return text
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncThrowingStream<String, any Error>.Continuation

        init(_ continuation: AsyncThrowingStream<String, any Error>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        /// A reset is an end too.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { continuation.finish() }
    }
}
