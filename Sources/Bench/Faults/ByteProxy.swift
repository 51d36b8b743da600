internal import NIOCore

/// Stands on a way between two programs and passes bytes, of which it understands nothing: it can cut the way, or
/// take one end from it without the other's knowledge.
final class ByteProxy: Sendable {
    private let way: ProxyWay<BytePipe>

    init(to upstream: (host: String, port: Int), loop: any EventLoop) {
        way = ProxyWay(to: upstream, loop: loop) { way, dialler in
            let pipe = BytePipe(way, dialler)
            try dialler.pipeline.syncOperations.addHandler(ByteRelay(pipe, isDialler: true))
            return pipe
        } join: { pipe, upstream in
            try upstream.pipeline.syncOperations.addHandler(ByteRelay(pipe, isDialler: false))
        }
    }

    /// Listens on loopback; answers the port.
    func listen() async throws -> Int { try await way.listen() }

    /// Ends every connection, both ends of it; answers how many there were.
    func cut() async -> Int { await way.cut() }

    /// Ends one end of every connection: who has the other hears nothing of it, and nothing more. Answers how many
    /// connections there were.
    func halve(keepsDialler: Bool) async -> Int {
        await way.all { for pipe in $0 { pipe.halve(keepsDialler: keepsDialler) } }
    }

    /// Ends what is left of halved connections.
    func heal() { way.later { for pipe in $0 where pipe.isHalved { pipe.close() } } }

    /// Listens no more, and ends every connection.
    func stop() { way.stop() }
}

/// One connection, of which either end may be taken from the other.
private final class BytePipe: ProxiedConnection {
    private let way: ProxyWay<BytePipe>
    private let dialler: any Channel
    private var upstream: (any Channel)?
    /// What came before the way was open.
    private var early = ByteBuffer()
    private var isClosed = false
    private(set) var isHalved = false
    private var keepsDialler = false

    init(_ way: ProxyWay<BytePipe>, _ dialler: any Channel) {
        self.way = way
        self.dialler = dialler
    }

    func open(_ channel: any Channel) {
        upstream = channel
        if isClosed || isHalved && keepsDialler { return channel.close(promise: nil) }
        if early.readableBytes > 0 { channel.writeAndFlush(early, promise: nil) }
        early.clear()
    }

    func pass(_ bytes: ByteBuffer, fromDialler: Bool) {
        guard !isClosed, !isHalved else { return }
        if !fromDialler {
            dialler.writeAndFlush(bytes, promise: nil)
        } else if let upstream {
            upstream.writeAndFlush(bytes, promise: nil)
        } else {
            early.writeImmutableBuffer(bytes)
        }
    }

    func halve(keepsDialler: Bool) {
        guard !isClosed, !isHalved else { return }
        isHalved = true
        self.keepsDialler = keepsDialler
        (keepsDialler ? upstream : dialler)?.close(promise: nil)
    }

    /// One end is gone; of a halved connection the end that was taken says nothing.
    func ended(isDialler: Bool) {
        if !isHalved || isDialler == keepsDialler { close() }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        dialler.close(promise: nil)
        upstream?.close(promise: nil)
        way.forget(self)
    }
}

private final class ByteRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pipe: BytePipe
    private let isDialler: Bool

    init(_ pipe: BytePipe, isDialler: Bool) {
        self.pipe = pipe
        self.isDialler = isDialler
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pipe.pass(unwrapInboundIn(data), fromDialler: isDialler)
    }

    func channelInactive(context: ChannelHandlerContext) { pipe.ended(isDialler: isDialler) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
