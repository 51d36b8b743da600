internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Thrift

/// A channel's last handler: finds out who the peer is, cuts frames, and gives each to the connection.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let options: ConnectionOptions
    private let security: TransportSecurity
    private let router: ThriftRouter
    /// Nil once it is kept: an idle connection holds what it needs, no more.
    private var opened: EventLoopPromise<ThriftConnection>?
    private let turnedAway: @Sendable (String, ThriftError) -> Void
    private let dialled: Bool
    private let executor: EventLoopExecutor
    private var cutter: FrameCutter
    private var connection: ThriftConnection?
    private var sawBytes = true
    private var probed = false
    private var timers: [RepeatedTask] = []
    private var helloTimer: Scheduled<Void>?
    private var failure: ThriftError?
    private var address = "an unknown address"

    /// - Parameters:
    ///   - opened: succeeds with the connection once the peer's identity is known.
    ///   - turnedAway: gets the peer's address and the reason when this side ends the connection before hellos
    ///     were exchanged.
    ///   - dialled: this side dialled, so that the peer may call as soon as it welcomed us: its first call can
    ///     come in the same bytes as its welcome, before anyone here has read that.
    init(
        options: ConnectionOptions, security: TransportSecurity, router: ThriftRouter,
        opened: EventLoopPromise<ThriftConnection>,
        turnedAway: @escaping @Sendable (String, ThriftError) -> Void = { _, _ in }, dialled: Bool = false,
        executor: EventLoopExecutor
    ) {
        self.turnedAway = turnedAway
        self.dialled = dialled
        self.options = options
        self.security = security
        self.router = router
        self.opened = opened
        self.executor = executor
        cutter = FrameCutter(limit: options.limits.frameBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        helloTimer = context.eventLoop.scheduleTask(in: TimeAmount(options.helloTimeout)) {
            let (handler, context) = bound.value
            handler.helloTimer = nil
            guard handler.connection?.isGreeted != true else { return }
            handler.fail(ThriftError(.refused, "no hello within \(handler.options.helloTimeout)"), context)
        }
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            do {
                guard let certificate = try context.pipeline.syncOperations.nioSSL_peerCertificate() else {
                    throw ThriftError(.identityMissing, "the peer showed no certificate")
                }
                open(as: try PeerIdentity(certificate: certificate), context)
            } catch {
                fail(error as? ThriftError ?? ThriftError(.refused, "\(error)"), context)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawBytes = true
        connection?.gather()
        do {
            try cutter.cut(unwrapInboundIn(data)) { frame in
                guard let connection else { throw ThriftError(.refused, "bytes before the handshake's end") }
                try take(frame, connection)
            }
        } catch {
            fail(error as? ThriftError ?? ThriftError(.invalidData, "\(error)"), context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        connection?.drain()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { connection?.drain() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A peer that ends TLS without saying goodbye ends the connection like any other.
        if case NIOSSLError.uncleanShutdown = error { return context.close(promise: nil) }
        let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        fail(ThriftError(connection: error, shown: shown, shaking: connection == nil), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        helloTimer?.cancel()
        for timer in timers { timer.cancel() }
        let error = failure ?? ThriftError(.connectionLost, "the connection ended")
        opened?.fail(error)
        tellIfTurnedAway()
        connection?.ended(ThriftError(.connectionLost, error.message), because: failure?.code)
        context.fireChannelInactive()
    }

    private func tellIfTurnedAway() {
        if let failure, connection?.isGreeted != true { return turnedAway(address, failure) }
        guard let connection, !connection.isGreeted, failure == nil else { return }
        turnedAway(
            address,
            ThriftError(.connectionLost, "\(connection.peer) left before its hello; its log says what it expected"))
    }

    private func begin(_ context: ChannelHandlerContext) {
        if let remote = context.remoteAddress { address = "\(remote)" }
        if case .plaintext(let peer) = security { open(as: peer, context) }
    }

    private func open(as peer: PeerIdentity, _ context: ChannelHandlerContext) {
        guard connection == nil else { return }
        let connection = ThriftConnection(context.channel, peer: peer, options: options, executor: executor)
        if !options.requiresHello || dialled { connection.isGreeted = true }
        self.connection = connection
        // A peer that is no Elves program would take a ping for an answer.
        if options.requiresHello { startKeepAlive(context) }
        opened?.succeed(connection)
        opened = nil
    }

    private func take(_ frame: [UInt8], _ connection: ThriftConnection) throws(ThriftError) {
        let message = try ThriftMessage(parsing: frame, limits: options.limits)
        switch message.type {
        case .reply, .exception: connection.receive(frame, message)
        case .call, .oneway:
            guard connection.isGreeted || message.name == ChannelServiceMethods.hello.wireName else {
                throw ThriftError(.refused, "\(message.name) was called before hello")
            }
            connection.serve(frame, message, by: router)
        }
    }

    private func startKeepAlive(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let span = TimeAmount(options.keepAlive)
        timers.append(
            context.eventLoop.scheduleRepeatedTask(initialDelay: span, delay: span) { _ in
                let (handler, context) = bound.value
                handler.keepAlive(context)
            })
    }

    private func keepAlive(_ context: ChannelHandlerContext) {
        if sawBytes {
            sawBytes = false
            probed = false
        } else if !probed {
            probed = true
            connection?.probe()
        } else {
            fail(ThriftError(.connectionLost, "the peer was silent for \(options.keepAlive * 2)"), context)
        }
    }

    private func fail(_ error: ThriftError, _ context: ChannelHandlerContext) {
        if failure == nil { failure = error }
        context.close(promise: nil)
    }
}
