internal import NIOCore
package import NIOPosix
internal import NIOSSL
package import Thrift

/// Opens connections to one address.
package struct ThriftDialer: Sendable {
    /// Where to dial.
    package let address: ThriftAddress
    private let security: TransportSecurity
    private let role: String?
    private let options: ConnectionOptions
    private let router: ThriftRouter
    private let group: MultiThreadedEventLoopGroup
    private let executors: LoopExecutors

    /// Creates a dialer.
    ///
    /// - Parameters:
    ///   - role: the role that the peer's certificate must name; nil takes any.
    ///   - services: what the peer may call on this side.
    package init(
        _ address: ThriftAddress, security: TransportSecurity, expecting role: String? = nil,
        options: ConnectionOptions = ConnectionOptions(), services: [any ThriftService] = [],
        interceptors: [any ThriftInterceptor] = [], group: MultiThreadedEventLoopGroup
    ) {
        self.address = address
        self.security = security
        self.role = role
        self.options = options
        self.group = group
        executors = LoopExecutors(group)
        let greeter = Greeter(
            mine: options.hello, admit: { _ in throw ThriftError(.refused, "the dialling side says hello") })
        router = ThriftRouter(services + [ChannelServiceProcessor(greeter)], interceptors: interceptors)
    }

    /// Connects, checks who answers, and exchanges hellos.
    package func dial() async throws -> ThriftConnection {
        let connection = try await connect()
        do {
            if let role, connection.peer.role != role {
                throw ThriftError(.refused, "\(address) is \(connection.peer), expected the role \(role)")
            }
            guard options.requiresHello else { return connection }
            let welcome = try await ChannelServiceClient(connection).hello(
                hello: options.hello, options: CallOptions(timeout: options.helloTimeout))
            connection.hello = Hello(
                oldest: welcome.agreed, newest: welcome.agreed, features: welcome.features,
                instance: welcome.instance, epoch: welcome.epoch, version: welcome.version)
            connection.isGreeted = true
            return connection
        } catch {
            connection.close()
            if let refused = error as? Refused { throw refused.error }
            guard let lost = error as? ThriftError, [.connectionLost, .notConnected].contains(lost.code) else {
                throw error
            }
            // Over TLS 1.3 this side is done before the other has looked at its certificate.
            throw ThriftError(
                connection.endedBecause ?? .refused,
                "\(address) ended the connection instead of answering the hello: \(lost.message)")
        }
    }

    private func connect() async throws -> ThriftConnection {
        let loop = group.next()
        let promise = loop.makePromise(of: ThriftConnection.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(options.helloTimeout))
            .channelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65536)
            )
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    if case .mutualTLS(let context) = security {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(
                            options: options, security: security, router: router, opened: promise, dialled: true,
                            executor: executors.executor(of: loop)))
                }
            }
        do {
            switch address {
            case .tcp(let host, let port):
                _ = try await bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: host, port: port).get()
            case .unix(let path): _ = try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        } catch {
            let reason = ThriftError(.notConnected, "cannot connect to \(address): \(error)")
            promise.fail(reason)
            throw reason
        }
        return try await promise.futureResult.get()
    }
}
