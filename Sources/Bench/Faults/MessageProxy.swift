internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import ServiceCore
internal import ThriftNIO

/// Stands between one agent and the scheduler, ends TLS on both sides, and sees every message: it can repeat
/// messages, let them overtake each other, hold them back and cut the way.
///
/// It may do so because the run's own authority issued it a certificate for either side.
final class MessageProxy: Sendable {
    /// What happens to messages now.
    enum Mood: Sendable {
        case faithful
        case mute
        case scrambled(UInt64)
    }

    private struct State {
        var mood = Mood.faithful
        var random = SeededRandom(seed: 0)
        var wires: [ObjectIdentifier: ProxyWire] = [:]
        var listener: (any Channel)?
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let upstream: (host: String, port: Int)
    private let asScheduler: NIOSSLContext
    private let asAgent: NIOSSLContext

    /// - Parameters:
    ///   - scheduler: identity that the agent is shown.
    ///   - agent: identity that the scheduler is shown.
    init(
        to upstream: (host: String, port: Int), scheduler: TLSIdentity, agent: TLSIdentity, loop: any EventLoop
    ) throws {
        guard case .mutualTLS(let asScheduler) = try scheduler.server(),
            case .mutualTLS(let asAgent) = try agent.client()
        else { throw BenchFailure("the proxy has no TLS") }
        self.upstream = upstream
        self.asScheduler = asScheduler
        self.asAgent = asAgent
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Listens on loopback; answers the port.
    func listen() async throws -> Int {
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let wire = ProxyWire(self)
                    state.value.wires[ObjectIdentifier(wire)] = wire
                    wire.down = channel
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: asScheduler), FrameRelay(wire, towardsScheduler: true),
                    ])
                    dial(for: wire)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return try await loop.submit { [self] in
            state.value.listener = listener
            return listener.localAddress?.port ?? 0
        }.get()
    }

    private func dial(for wire: ProxyWire) {
        let bound = NIOLoopBound(wire, eventLoop: loop)
        ClientBootstrap(group: loop).channelInitializer { [asAgent] channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    NIOSSLClientHandler(context: asAgent, serverHostname: nil),
                    FrameRelay(bound.value, towardsScheduler: false),
                ])
            }
        }.connect(host: upstream.host, port: upstream.port).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): bound.value.open(channel)
            case .failure: bound.value.close()
            }
        }
    }

    /// Changes what happens to messages; what was held back goes on when they pass again. Answers on how many
    /// connections.
    @discardableResult
    func set(_ mood: Mood) async -> Int {
        await each { [self] wires in
            state.value.mood = mood
            if case .scrambled(let seed) = mood { state.value.random = SeededRandom(seed: seed) }
            guard case .mute = mood else { return wires.forEach { $0.release() } }
        }
    }

    /// Ends every connection; answers how many there were.
    @discardableResult
    func cut() async -> Int { await each { wires in for wire in wires { wire.close() } } }

    private func each(_ body: @escaping @Sendable ([ProxyWire]) -> Void) async -> Int {
        let count = loop.submit { [self] in
            let wires = Array(state.value.wires.values)
            body(wires)
            return wires.count
        }
        return (try? await count.get()) ?? 0
    }

    /// Listens no more, and ends every connection.
    func stop() {
        loop.execute { [self] in
            state.value.listener?.close(promise: nil)
            for wire in state.value.wires.values { wire.close() }
        }
    }

    fileprivate func forget(_ wire: ProxyWire) { state.value.wires[ObjectIdentifier(wire)] = nil }

    /// When copies of a message go on, in milliseconds from now; empty: it is held back. On the loop.
    fileprivate func fate() -> [Int] {
        switch state.value.mood {
        case .faithful: return [0]
        case .mute: return []
        case .scrambled:
            var fate = [
                Bool.random(using: &state.value.random) ? 0 : Int.random(in: 1...200, using: &state.value.random)
            ]
            if Int.random(in: 0..<10, using: &state.value.random) < 3 {
                fate.append(Int.random(in: 1...500, using: &state.value.random))
            }
            return fate
        }
    }
}

/// One connection through a proxy: both ends of it. Everything happens on the proxy's loop.
private final class ProxyWire {
    private let proxy: MessageProxy
    var down: (any Channel)?
    private var up: (any Channel)?
    private var isClosed = false
    /// Messages that wait, and where they go.
    private var held: [(towardsScheduler: Bool, frame: ByteBuffer)] = []
    /// Messages of each direction so far: the hello and its answer pass untouched.
    private var counts = [0, 0]

    init(_ proxy: MessageProxy) { self.proxy = proxy }

    func open(_ channel: any Channel) {
        guard !isClosed else { return channel.close(promise: nil) }
        up = channel
        release()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        held = []
        down?.close(promise: nil)
        up?.close(promise: nil)
        proxy.forget(self)
    }

    func release() {
        let waiting = held
        held = []
        for (towardsScheduler, frame) in waiting { pass(frame, towardsScheduler: towardsScheduler) }
    }

    func take(_ frame: ByteBuffer, towardsScheduler: Bool) {
        let direction = towardsScheduler ? 1 : 0
        counts[direction] += 1
        // Before the way is open, and until hellos are exchanged, nothing is disturbed.
        guard up != nil, counts[direction] > 1 else { return pass(frame, towardsScheduler: towardsScheduler) }
        let fate = proxy.fate()
        if fate.isEmpty { held.append((towardsScheduler, frame)) }
        for delay in fate {
            if delay == 0 {
                pass(frame, towardsScheduler: towardsScheduler)
            } else if let loop = down?.eventLoop {
                loop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(delay))) {
                    self.pass(frame, towardsScheduler: towardsScheduler)
                }
            }
        }
    }

    private func pass(_ frame: ByteBuffer, towardsScheduler: Bool) {
        guard !isClosed else { return }
        guard let up else { return held.append((towardsScheduler, frame)) }
        (towardsScheduler ? up : down)?.writeAndFlush(frame, promise: nil)
    }
}

/// Cuts a stream into framed messages, each with its length.
private final class FrameRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let wire: ProxyWire
    private let towardsScheduler: Bool
    private var rest = ByteBuffer()

    init(_ wire: ProxyWire, towardsScheduler: Bool) {
        self.wire = wire
        self.towardsScheduler = towardsScheduler
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        rest.writeBuffer(&bytes)
        while let length = rest.getInteger(at: rest.readerIndex, as: UInt32.self),
            let frame = rest.readSlice(length: Int(length) + 4)
        {
            wire.take(frame, towardsScheduler: towardsScheduler)
        }
        rest.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) { wire.close() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { wire.close() }
}
