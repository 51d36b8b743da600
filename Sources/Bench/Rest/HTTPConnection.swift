internal import NIOCore
internal import NIOPosix

/// One keep-alive HTTP/1.1 connection with one call at a time: as little client as will do, so that the
/// server is what is measured.
final class HTTPConnection: Sendable {
    private let channel: any Channel
    /// The loop on which answers come in.
    var loop: any EventLoop { channel.eventLoop }
    private let handler: NIOLoopBound<AnswerReader>

    static func open(host: String, port: Int, group: MultiThreadedEventLoopGroup) async throws -> HTTPConnection {
        let loop = group.next()
        return try await ClientBootstrap(group: loop).channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
            .flatMapThrowing { channel in
                let reader = AnswerReader()
                try channel.pipeline.syncOperations.addHandler(reader)
                return HTTPConnection(channel, NIOLoopBound(reader, eventLoop: loop))
            }.get()
    }

    private init(_ channel: any Channel, _ handler: NIOLoopBound<AnswerReader>) {
        self.channel = channel
        self.handler = handler
    }

    /// Sends a whole request; answers with status and body.
    func send(_ request: String) async throws -> (status: Int, body: ByteBuffer) {
        let promise = channel.eventLoop.makePromise(of: (status: Int, body: ByteBuffer).self)
        channel.eventLoop.execute {
            self.handler.value.expect(promise)
            self.channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        }
        return try await promise.futureResult.get()
    }

    func close() { channel.close(promise: nil) }
}

/// Reads answers that carry a Content-Length.
final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var promise: EventLoopPromise<(status: Int, body: ByteBuffer)>?
    private var gathered = ByteBuffer()

    func expect(_ promise: EventLoopPromise<(status: Int, body: ByteBuffer)>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        gathered.writeBuffer(&bytes)
        let view = gathered.readableBytesView
        guard let head = Self.end(ofHead: view) else { return }
        let text = String(decoding: view[..<head], as: UTF8.self).lowercased()
        let status = Int(text.dropFirst("http/1.1 ".count).prefix(3)) ?? 0
        var length = 0
        for line in text.split(separator: "\r\n") where line.hasPrefix("content-length:") {
            length = Int(line.dropFirst("content-length:".count).drop { $0 == " " }) ?? 0
        }
        guard gathered.readableBytes >= head - view.startIndex + 4 + length else { return }
        gathered.moveReaderIndex(forwardBy: head - view.startIndex + 4)
        let body = gathered.readSlice(length: length) ?? ByteBuffer()
        gathered.discardReadBytes()
        promise?.succeed((status, body))
        promise = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise?.fail(BenchFailure("the server closed the connection"))
        promise = nil
    }

    private static func end(ofHead view: ByteBufferView) -> Int? {
        var index = view.startIndex
        while index + 3 < view.endIndex {
            if view[index] == 13, view[index + 1] == 10, view[index + 2] == 13, view[index + 3] == 10 { return index }
            index += 1
        }
        return nil
    }
}
