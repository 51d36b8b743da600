internal import NIOCore
internal import NIOPosix

/// Stands on a way between two programs and passes bytes, of which it understands nothing: it can cut the way, or
/// take one end from it without the other's knowledge.
final class ByteProxy: Sendable {
    private struct State {
        var pipes: [ObjectIdentifier: BytePipe] = [:]
        var listener: (any Channel)?
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let upstream: (host: String, port: Int)

    init(to upstream: (host: String, port: Int), loop: any EventLoop) {
        self.upstream = upstream
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Listens on loopback; answers the port.
    func listen() async throws -> Int {
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipe = BytePipe(self)
                    state.value.pipes[ObjectIdentifier(pipe)] = pipe
                    pipe.dialler = channel
                    try channel.pipeline.syncOperations.addHandler(ByteRelay(pipe, isDialler: true))
                    dial(for: pipe)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return try await loop.submit { [self] in
            state.value.listener = listener
            return listener.localAddress?.port ?? 0
        }.get()
    }

    private func dial(for pipe: BytePipe) {
        let bound = NIOLoopBound(pipe, eventLoop: loop)
        ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(ByteRelay(bound.value, isDialler: false))
            }
        }.connect(host: upstream.host, port: upstream.port).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): bound.value.open(channel)
            case .failure: bound.value.close()
            }
        }
    }

    /// Ends every connection, both ends of it; answers how many there were.
    func cut() async -> Int { await each { $0.close() } }

    /// Ends one end of every connection: who has the other hears nothing of it, and nothing more. Answers how many
    /// connections there were.
    func halve(keepsDialler: Bool) async -> Int { await each { $0.halve(keepsDialler: keepsDialler) } }

    private func each(_ body: @escaping @Sendable (BytePipe) -> Void) async -> Int {
        let count = loop.submit { [self] in
            let pipes = Array(state.value.pipes.values)
            for pipe in pipes { body(pipe) }
            return pipes.count
        }
        return (try? await count.get()) ?? 0
    }

    /// Ends what is left of halved connections.
    func heal() {
        loop.execute { [self] in for pipe in state.value.pipes.values where pipe.isHalved { pipe.close() } }
    }

    /// Listens no more, and ends every connection.
    func stop() {
        loop.execute { [self] in
            state.value.listener?.close(promise: nil)
            for pipe in state.value.pipes.values { pipe.close() }
        }
    }

    fileprivate func forget(_ pipe: BytePipe) { state.value.pipes[ObjectIdentifier(pipe)] = nil }
}

/// One connection through a proxy: both ends of it. Everything happens on the proxy's loop.
private final class BytePipe {
    private let proxy: ByteProxy
    var dialler: (any Channel)?
    private var upstream: (any Channel)?
    /// What came before the way was open.
    private var early = ByteBuffer()
    private var isClosed = false
    private(set) var isHalved = false
    private var keepsDialler = false

    init(_ proxy: ByteProxy) { self.proxy = proxy }

    func open(_ channel: any Channel) {
        upstream = channel
        if isClosed || isHalved && keepsDialler { return channel.close(promise: nil) }
        if early.readableBytes > 0 { channel.writeAndFlush(early, promise: nil) }
        early.clear()
    }

    func pass(_ bytes: ByteBuffer, fromDialler: Bool) {
        guard !isClosed, !isHalved else { return }
        if !fromDialler {
            dialler?.writeAndFlush(bytes, promise: nil)
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
        dialler?.close(promise: nil)
        upstream?.close(promise: nil)
        proxy.forget(self)
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
