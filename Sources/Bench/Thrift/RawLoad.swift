internal import Histogram
internal import NIOCore
internal import NIOPosix
internal import Thrift
internal import ThriftNIO

/// As little Thrift client as will do, the same for every server: one thread that sends a prepared call over
/// and over and counts the answers, so that the server is what is measured.
struct RawLoad {
    /// What came of a load.
    struct Outcome {
        let rate: Double
        let latency: Histogram<UInt32>
        /// Answers that were no results.
        let failures: Int

        /// A percentile in milliseconds.
        func percentile(_ percent: Double) -> Double { Double(latency.valueAtPercentile(percent)) / 1000 }
    }

    let address: ThriftAddress
    let connections: Int
    /// Calls in flight on each connection.
    let depth: Int

    /// Sends `call`, a message without its frame's length, for `warmUp` and then `duration`.
    func run(_ call: [UInt8], warmUp: Duration = .milliseconds(500), for duration: Duration) async throws -> Outcome {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let loop = group.next()
        var callers: [NIOLoopBound<RawCaller>] = []
        for _ in 0..<connections { callers.append(try await connect(call, on: loop)) }
        let open = callers
        try await loop.submit { for caller in open { caller.value.begin() } }.get()
        try await Task.sleep(for: warmUp)
        let start = ContinuousClock.now
        try await loop.submit { for caller in open { caller.value.reset() } }.get()
        try await Task.sleep(for: duration)
        return try await loop.submit {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            var latency = RawCaller.emptyHistogram
            var failures = 0
            for caller in open {
                latency.add(caller.value.latency)
                failures += caller.value.failures
                caller.value.end()
            }
            return Outcome(rate: Double(latency.totalCount) / seconds, latency: latency, failures: failures)
        }.get()
    }

    private func connect(_ call: [UInt8], on loop: any EventLoop) async throws -> NIOLoopBound<RawCaller> {
        guard case .tcp(let host, let port) = address else { throw BenchFailure("\(address) is no TCP address") }
        let depth = depth
        return try await ClientBootstrap(group: loop).channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
            .flatMapThrowing { channel in
                let caller = try RawCaller(call, depth: depth)
                try channel.pipeline.syncOperations.addHandler(caller)
                return NIOLoopBound(caller, eventLoop: loop)
            }.get()
    }
}

/// One connection of a `RawLoad`: each of `depth` slots has one call in flight, numbered as the slot.
final class RawCaller: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static var emptyHistogram: Histogram<UInt32> {
        Histogram(lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: .three)
    }

    private(set) var latency = RawCaller.emptyHistogram
    private(set) var failures = 0
    private let framed: [UInt8]
    private let sequenceOffset: Int
    private var sent: [NIODeadline]
    private var gathered = ByteBuffer()
    private var out = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var ended = false

    /// - Parameter call: a message of the Binary protocol.
    init(_ call: [UInt8], depth: Int) throws {
        guard case .binary = try ThriftMessage(parsing: call).encoding else { throw BenchFailure("not Binary") }
        var frame = ByteBuffer()
        frame.writeInteger(UInt32(call.count))
        frame.writeBytes(call)
        framed = Array(frame.readableBytesView)
        sequenceOffset = Self.sequenceOffset(ByteBuffer(bytes: framed), at: 0)
        sent = [NIODeadline](repeating: .now(), count: depth)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func begin() {
        for slot in sent.indices { send(slot, at: .now()) }
        flush()
    }

    func reset() {
        latency = Self.emptyHistogram
        failures = 0
    }

    func end() {
        ended = true
        context?.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if gathered.readableBytes > 0 {
            gathered.writeBuffer(&bytes)
        } else {
            gathered = bytes
        }
        let now = NIODeadline.now()
        while let length = gathered.getInteger(at: gathered.readerIndex, as: UInt32.self),
            gathered.readableBytes >= 4 + Int(length)
        {
            take(now)
            gathered.moveReaderIndex(forwardBy: 4 + Int(length))
        }
        gathered.discardReadBytes()
    }

    func channelReadComplete(context: ChannelHandlerContext) { flush() }

    func channelInactive(context: ChannelHandlerContext) {
        if !ended { failures += sent.count }
    }

    /// Takes the answer that begins at the reader index, and sends its slot's next call.
    private func take(_ now: NIODeadline) {
        let kind = gathered.getInteger(at: gathered.readerIndex + 7, as: UInt8.self)
        let offset = Self.sequenceOffset(gathered, at: gathered.readerIndex)
        let slot = Int(gathered.getInteger(at: offset, as: Int32.self) ?? -1)
        guard kind == ThriftMessageType.reply.rawValue, sent.indices.contains(slot) else {
            failures += 1
            return
        }
        _ = latency.record(UInt64(max(1, (now - sent[slot]).nanoseconds / 1000)))
        send(slot, at: now)
    }

    private func send(_ slot: Int, at now: NIODeadline) {
        guard !ended else { return }
        sent[slot] = now
        let start = out.writerIndex
        out.writeBytes(framed)
        out.setInteger(Int32(slot), at: start + sequenceOffset)
    }

    private func flush() {
        guard out.readableBytes > 0 else { return }
        context?.writeAndFlush(wrapOutboundOut(out), promise: nil)
        out = ByteBuffer()
    }

    /// Where a framed Binary message has its number: after length, version, and the name with its length.
    private static func sequenceOffset(_ frame: ByteBuffer, at start: Int) -> Int {
        start + 12 + Int(frame.getInteger(at: start + 8, as: UInt32.self) ?? 0)
    }
}
