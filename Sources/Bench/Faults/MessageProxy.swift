internal import NIOCore
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

    private let way: ProxyWay<ProxyWire>
    private let fates: NIOLoopBoundBox<MessageFates>

    /// - Parameters:
    ///   - scheduler: identity that the agent is shown.
    ///   - agent: identity that the scheduler is shown.
    init(
        to upstream: (host: String, port: Int), scheduler: TLSIdentity, agent: TLSIdentity, loop: any EventLoop
    ) throws {
        guard case .mutualTLS(let asScheduler) = try scheduler.server(),
            case .mutualTLS(let asAgent) = try agent.client()
        else { throw BenchFailure("the proxy has no TLS") }
        let fates = NIOLoopBoundBox.makeBoxSendingValue(MessageFates(), eventLoop: loop)
        self.fates = fates
        way = ProxyWay(to: upstream, loop: loop) { way, down in
            let wire = ProxyWire(way, down, fates)
            try down.pipeline.syncOperations.addHandlers([
                NIOSSLServerHandler(context: asScheduler), FrameRelay(wire, towardsScheduler: true),
            ])
            return wire
        } join: { wire, up in
            try up.pipeline.syncOperations.addHandlers([
                NIOSSLClientHandler(context: asAgent, serverHostname: nil), FrameRelay(wire, towardsScheduler: false),
            ])
        }
    }

    /// Listens on loopback; answers the port.
    func listen() async throws -> Int { try await way.listen() }

    /// Changes what happens to messages; what was held back goes on when they pass again. Answers on how many
    /// connections.
    @discardableResult
    func set(_ mood: Mood) async -> Int {
        await way.all { [fates] wires in
            fates.value.mood = mood
            if case .scrambled(let seed) = mood { fates.value.random = SeededRandom(seed: seed) }
            guard case .mute = mood else { return wires.forEach { $0.release() } }
        }
    }

    /// Ends every connection; answers how many there were.
    @discardableResult
    func cut() async -> Int { await way.cut() }

    /// Listens no more, and ends every connection.
    func stop() { way.stop() }
}

/// What becomes of messages, by the mood.
private struct MessageFates {
    var mood = MessageProxy.Mood.faithful
    var random = SeededRandom(seed: 0)

    /// When copies of a message go on, in milliseconds from now; empty: it is held back.
    mutating func next() -> [Int] {
        switch mood {
        case .faithful: return [0]
        case .mute: return []
        case .scrambled:
            var fate = [Bool.random(using: &random) ? 0 : Int.random(in: 1...200, using: &random)]
            if Int.random(in: 0..<10, using: &random) < 3 { fate.append(Int.random(in: 1...500, using: &random)) }
            return fate
        }
    }
}

/// One connection, whose messages pass by their fates.
private final class ProxyWire: ProxiedConnection {
    private let way: ProxyWay<ProxyWire>
    private let fates: NIOLoopBoundBox<MessageFates>
    private let down: any Channel
    private var up: (any Channel)?
    private var isClosed = false
    /// Messages that wait, and where they go.
    private var held: [(towardsScheduler: Bool, frame: ByteBuffer)] = []
    /// Messages of each direction so far: the hello and its answer pass untouched.
    private var counts = [0, 0]

    init(_ way: ProxyWay<ProxyWire>, _ down: any Channel, _ fates: NIOLoopBoundBox<MessageFates>) {
        self.way = way
        self.down = down
        self.fates = fates
    }

    func open(_ channel: any Channel) {
        guard !isClosed else { return channel.close(promise: nil) }
        up = channel
        release()
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        held = []
        down.close(promise: nil)
        up?.close(promise: nil)
        way.forget(self)
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
        let fate = fates.value.next()
        if fate.isEmpty { held.append((towardsScheduler, frame)) }
        for delay in fate {
            if delay == 0 {
                pass(frame, towardsScheduler: towardsScheduler)
            } else {
                down.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(delay))) {
                    self.pass(frame, towardsScheduler: towardsScheduler)
                }
            }
        }
    }

    private func pass(_ frame: ByteBuffer, towardsScheduler: Bool) {
        guard !isClosed else { return }
        guard let up else { return held.append((towardsScheduler, frame)) }
        (towardsScheduler ? up : down).writeAndFlush(frame, promise: nil)
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
