internal import Foundation
internal import Identity
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import ServiceCore
internal import ThriftNIO

/// The floor of `output`: a file read in pieces and sent over one bare mutual-TLS connection, whose other end counts.
struct OutputFloor {
    /// Where the certificate goes that both sides show.
    let folder: String
    let center: CenterFolder

    private static let piece = 64 << 10

    /// The median of some rounds, in MB/s.
    func run(bytes: Int, rounds: Int) async throws -> Double {
        let seat = try FleetSeat(number: 1_000, in: folder, center: center, authority: center.authority)
        let identity = try TLSIdentity(
            certificate: seat.files.certificate, key: seat.files.key, authority: seat.files.authority)
        guard case .mutualTLS(let server) = try identity.server(), case .mutualTLS(let client) = try identity.client()
        else { throw BenchFailure("the floor has no TLS") }
        let path = seat.root + "/floor"
        try Data(repeating: 0x61, count: bytes).write(to: URL(filePath: path))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: server), CountingEnd(bytes),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = listener.localAddress?.port else { throw BenchFailure("the floor has no port") }
        let answers = AsyncStream<Void>.makeStream()
        let connection = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: client, serverHostname: nil),
                        AnsweredEnd(answers.continuation),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var rates: [Double] = []
        var answered = answers.stream.makeAsyncIterator()
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            try await send(path, over: connection)
            _ = await answered.next()
            rates.append(Double(bytes) / 1e6 / ((ContinuousClock.now - start) / .seconds(1)))
        }
        try await connection.close()
        try await listener.close()
        try await group.shutdownGracefully()
        return rates.sorted()[rounds / 2]
    }

    private func send(_ path: String, over connection: any Channel) async throws {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? file.close() }
        var underWay: [EventLoopFuture<Void>] = []
        while let bytes = try file.read(upToCount: Self.piece), !bytes.isEmpty {
            underWay.append(connection.writeAndFlush(ByteBuffer(bytes: bytes)))
            // As much as a task's credit.
            if underWay.count >= 4 { try await underWay.removeFirst().get() }
        }
        for write in underWay { try await write.get() }
    }
}

/// Answers with a byte whenever so many have come.
private final class CountingEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let size: Int
    private var bytes = 0

    init(_ size: Int) { self.size = size }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        guard bytes >= size else { return }
        bytes -= size
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: [1])), promise: nil)
    }
}

private final class AnsweredEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let heard: AsyncStream<Void>.Continuation

    init(_ heard: AsyncStream<Void>.Continuation) { self.heard = heard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { heard.yield() }
}
