internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import ServiceCore
internal import ThriftNIO

/// The floor of `fanout`: as many bare mutual-TLS connections between as many processes, one message to each and one
/// answer from each, with no work behind them.
struct FanFloor {
    /// Bytes of a message and of its answer: about those of a task and its result.
    static let message = 200

    let connections: Int
    let perProcess: Int
    let center: CenterFolder
    /// Where the certificate goes that both sides show.
    let folder: String

    /// What the floor comes to.
    struct Outcome {
        /// The median of five rounds.
        let seconds: Double
        /// Memory of this process for each idle connection.
        let bytes: Double
    }

    func run() async throws -> Outcome {
        let seat = try FleetSeat(number: 0, in: folder, center: center, authority: center.authority)
        let own = ProcessInfo.processInfo.processIdentifier
        let empty = ProcessFacts.read(own)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let hub = FanHub(loop: group.next())
        let identity = try TLSIdentity(seat.files)
        let listener = try await hub.listen(try identity.server(), on: group)
        defer { listener.close(promise: nil) }
        guard let port = listener.localAddress?.port else { throw BenchFailure("the floor has no port") }
        var peers: [ChildProcess] = []
        defer { for peer in peers { peer.stop() } }
        for first in stride(from: 0, to: connections, by: perProcess) {
            let peer = try ChildProcess.own([
                "fan-peers", "--port", String(port), "--seat", seat.root, "--count",
                String(min(perProcess, connections - first)),
            ])
            peers.append(peer)
            _ = try await peer.line { $0 == "up" }
        }
        let bytes = Double(ProcessFacts.read(own).pss - empty.pss) * 1024 / Double(connections)
        var times: [Double] = []
        for _ in 0..<5 { times.append(try await hub.round(of: connections)) }
        return Outcome(seconds: times.sorted()[2], bytes: bytes)
    }
}

/// The side that sends to all; everything happens on one loop.
private final class FanHub: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var awaited = 0
        var done: EventLoopPromise<Void>?
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    init(loop: any EventLoop) {
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    func listen(_ security: TransportSecurity, on group: MultiThreadedEventLoopGroup) async throws -> any Channel {
        guard case .mutualTLS(let context) = security else { throw BenchFailure("the floor has no TLS") }
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context),
                        FanEnd(size: FanFloor.message) { [self] in
                            answered()
                        } up: { [self] in
                            state.value.channels.append(channel)
                        },
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Sends to all, and returns when all have answered: after how many seconds.
    func round(of count: Int) async throws -> Double {
        let start = ContinuousClock.now
        try await loop.flatSubmit { [self, loop] in
            let done = loop.makePromise(of: Void.self)
            guard state.value.channels.count == count else {
                done.fail(BenchFailure("\(state.value.channels.count) of \(count) connections are up"))
                return done.futureResult
            }
            state.value.awaited = count
            state.value.done = done
            let message = ByteBuffer(repeating: 0, count: FanFloor.message)
            for channel in state.value.channels { channel.writeAndFlush(message, promise: nil) }
            return done.futureResult
        }.get()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    private func answered() {
        state.value.awaited -= 1
        if state.value.awaited == 0 { state.value.done?.succeed() }
    }
}

/// One end of a connection: tells of the handshake's end and of each whole message.
private final class FanEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let size: Int
    private let heard: () -> Void
    private let up: () -> Void
    private var bytes = 0

    init(size: Int, heard: @escaping () -> Void, up: @escaping () -> Void) {
        self.size = size
        self.heard = heard
        self.up = up
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { up() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        while bytes >= size {
            bytes -= size
            heard()
        }
    }
}

/// The side that answers: a process of `fan-peers`.
struct FanPeers {
    let port: Int
    let seat: String
    let count: Int

    /// Connects them all, prints `up`, and answers until standard input ends.
    func run() async throws {
        let identity = try TLSIdentity(IssuedIdentity.Files(folder: seat))
        guard case .mutualTLS(let security) = try identity.client() else { throw BenchFailure("the floor has no TLS") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let atOnce = 64
        for first in stride(from: 0, to: count, by: atOnce) {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in first..<min(first + atOnce, count) {
                    tasks.addTask { try await Self.connect(port, security, group) }
                }
                try await tasks.waitForAll()
            }
        }
        StandardInput.answer("up")
        await StandardInput.ended()
    }

    /// Returns once the handshake is over.
    private static func connect(
        _ port: Int, _ security: NIOSSLContext, _ group: MultiThreadedEventLoopGroup
    ) async throws {
        let up = group.next().makePromise(of: Void.self)
        _ = try await ClientBootstrap(group: group).channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let answer = ByteBuffer(repeating: 0, count: FanFloor.message)
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: security, serverHostname: nil),
                        FanEnd(size: FanFloor.message) {
                            channel.writeAndFlush(answer, promise: nil)
                        } up: {
                            up.succeed()
                        },
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await up.futureResult.get()
    }
}
