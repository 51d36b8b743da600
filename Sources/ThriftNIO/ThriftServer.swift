internal import NIOCore
package import NIOPosix
internal import NIOSSL
internal import Synchronization
package import Thrift

/// Where a server listens or a client dials.
package enum ThriftAddress: Sendable, Hashable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

/// Accepts connections and serves a router's methods on each.
package final class ThriftServer: Sendable {
    private let router: ThriftRouter
    private let security: TransportSecurity
    private let options: ConnectionOptions
    private let group: MultiThreadedEventLoopGroup
    private let executors: LoopExecutors
    private let opened: @Sendable (ThriftConnection) -> Void
    private let turnedAway: @Sendable (String, ThriftError) -> Void
    private let connections = Mutex<[ObjectIdentifier: ThriftConnection]>([:])
    private let listener = Mutex<(any Channel)?>(nil)

    /// Creates a server that does not listen yet.
    ///
    /// - Parameters:
    ///   - admit: runs between hello and welcome; throw `ThriftError` with code `refused` to turn a peer away.
    ///   - opened: runs once for each connection, when its hello was admitted.
    ///   - turnedAway: gets the address and the reason of each connection that this side ended before its hello
    ///     was answered: a certificate that is not taken, bytes that make no sense, no common protocol.
    package init(
        _ services: [any ThriftService], interceptors: [any ThriftInterceptor] = [], security: TransportSecurity,
        options: ConnectionOptions = ConnectionOptions(), group: MultiThreadedEventLoopGroup,
        admit: @escaping @Sendable (ThriftConnection) async throws -> Void = { _ in },
        opened: @escaping @Sendable (ThriftConnection) -> Void = { _ in },
        turnedAway: @escaping @Sendable (String, ThriftError) -> Void = { _, _ in }
    ) {
        let greeter = Greeter(mine: options.hello) {
            turnedAway($0.address, $1)
        } admit: { connection in
            try await admit(connection)
            opened(connection)
        }
        self.turnedAway = turnedAway
        router = ThriftRouter(services + [ChannelServiceProcessor(greeter)], interceptors: interceptors)
        self.security = security
        self.options = options
        self.group = group
        executors = LoopExecutors(group)
        self.opened = opened
    }

    /// Every method that is served, for checks of the authorisation table.
    package var descriptors: [MethodDescriptor] { router.descriptors }

    /// Connections that are open now.
    package var openConnections: [ThriftConnection] { connections.withLock { Array($0.values) } }

    /// Starts to listen; answers with the address, whose port is the real one when 0 was asked for.
    package func listen(on address: ThriftAddress) async throws -> ThriftAddress {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in accept(channel) }
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65536))
        switch address {
        case .tcp(let host, let port):
            let channel = try await bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
            listener.withLock { $0 = channel }
            return .tcp(host: host, port: channel.localAddress?.port ?? port)
        case .unix(let path):
            let channel = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            listener.withLock { $0 = channel }
            return address
        }
    }

    /// Stops to listen, gives the calls under way `patience` to end, and ends every connection.
    package func close(patience: Duration = .zero) async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close()
        let open = openConnections
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline,
            open.contains(where: { $0.isOpen && $0.callsBeingServed + $0.callsInFlight > 0 })
        {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for connection in open { connection.close() }
        for connection in open { await connection.waitForClose() }
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            if case .mutualTLS(let context) = security {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
            }
            let promise = channel.eventLoop.makePromise(of: ThriftConnection.self)
            try channel.pipeline.syncOperations.addHandler(
                ConnectionHandler(
                    options: options, security: security, router: router, opened: promise, turnedAway: turnedAway,
                    executor: executors.executor(of: channel.eventLoop)))
            promise.futureResult.whenSuccess { connection in
                self.connections.withLock { $0[ObjectIdentifier(connection)] = connection }
                if !self.options.requiresHello { self.opened(connection) }
                channel.closeFuture.whenComplete { _ in
                    self.connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
                }
            }
        }
    }
}
