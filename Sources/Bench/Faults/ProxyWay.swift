internal import NIOCore
internal import NIOPosix

/// One connection through a proxy: both ends of it. Everything happens on the proxy's loop.
protocol ProxiedConnection: AnyObject, SendableMetatype {
    /// The way on is there.
    func open(_ upstream: any Channel)
    /// Ends both ends, and has the way forget it.
    func close()
}

/// A way between two programs that a proxy stands on: listens on loopback, dials on for whoever comes, and knows all
/// connections. What passes is their own affair.
final class ProxyWay<Connection: ProxiedConnection>: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var listener: (any Channel)?
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let upstream: (host: String, port: Int)
    private let accept: @Sendable (ProxyWay, any Channel) throws -> Connection
    private let join: @Sendable (Connection, any Channel) throws -> Void

    /// - Parameters:
    ///   - accept: makes a connection of the channel of who dialled, and sets up that end.
    ///   - join: sets up the other end of it.
    init(
        to upstream: (host: String, port: Int), loop: any EventLoop,
        accept: @escaping @Sendable (ProxyWay, any Channel) throws -> Connection,
        join: @escaping @Sendable (Connection, any Channel) throws -> Void
    ) {
        self.upstream = upstream
        self.loop = loop
        self.accept = accept
        self.join = join
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Listens on loopback; answers the port.
    func listen() async throws -> Int {
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try accept(self, channel)
                    state.value.connections[ObjectIdentifier(connection)] = connection
                    dial(for: connection)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return try await loop.submit { [self] in
            state.value.listener = listener
            return listener.localAddress?.port ?? 0
        }.get()
    }

    private func dial(for connection: Connection) {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        ClientBootstrap(group: loop).channelInitializer { [join] channel in
            channel.eventLoop.makeCompletedFuture { try join(bound.value, channel) }
        }.connect(host: upstream.host, port: upstream.port).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): bound.value.open(channel)
            case .failure: bound.value.close()
            }
        }
    }

    /// Has something done to all connections, on the loop; answers how many there were.
    func all(_ body: @escaping @Sendable ([Connection]) -> Void) async -> Int {
        let count = loop.submit { [self] in
            let connections = Array(state.value.connections.values)
            body(connections)
            return connections.count
        }
        return (try? await count.get()) ?? 0
    }

    /// The same without waiting for it.
    func later(_ body: @escaping @Sendable ([Connection]) -> Void) {
        loop.execute { [self] in body(Array(state.value.connections.values)) }
    }

    /// Ends every connection, both ends of it; answers how many there were.
    func cut() async -> Int { await all { for connection in $0 { connection.close() } } }

    /// Listens no more, and ends every connection.
    func stop() {
        loop.execute { [self] in state.value.listener?.close(promise: nil) }
        later { for connection in $0 { connection.close() } }
    }

    /// A connection has ended. On the loop.
    func forget(_ connection: Connection) { state.value.connections[ObjectIdentifier(connection)] = nil }
}
