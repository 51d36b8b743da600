internal import ElvesCore
package import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Thrift
package import ThriftNIO

/// A Thrift listener as a part of a process: it listens when it starts; on stop it takes no more connections,
/// gives the calls under way a few seconds, and ends what is left.
package struct ThriftServerService: Service {
    private let server: ThriftServer
    private let address: ThriftAddress
    private let logger: Logger
    private let listening: @Sendable (ThriftAddress) -> Void
    /// Long enough for calls that are about to end; `elves up` and service managers wait longer than that.
    private static let patience = Duration.seconds(3)

    /// Creates the service; `listening` gets the real address.
    package init(
        _ server: ThriftServer, at address: ThriftAddress, logger: Logger,
        listening: @escaping @Sendable (ThriftAddress) -> Void = { _ in }
    ) {
        self.server = server
        self.address = address
        self.logger = logger
        self.listening = listening
    }

    package func run() async throws {
        let bound = try await server.listen(on: address)
        logger.info("listening", metadata: ["address": "\(bound)"])
        listening(bound)
        try? await gracefulShutdown()
        await server.close(patience: Self.patience)
    }
}

/// A client's connection as a part of a process: up until the process stops.
package struct ThriftClientService: Service {
    private let client: ThriftClient

    /// Creates the service.
    package init(_ client: ThriftClient) { self.client = client }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await client.run() }
    }
}

extension ThriftClient {
    /// Creates a client that logs when its connection comes, and when it cannot be made: the first time, when
    /// the reason changes, and otherwise once a minute, not at every try. `connected` gets each new connection.
    package convenience init(
        _ dialer: ThriftDialer, patience: Duration = .seconds(2), logger: Logger,
        connected: @escaping @Sendable (ThriftConnection) -> Void = { _ in }
    ) {
        let tries = Mutex(ConnectionTries())
        self.init(dialer, patience: patience) { outcome in
            var facts: Logger.Metadata = ["address": "\(dialer.address)"]
            switch outcome {
            case .success(let connection):
                let failures = tries.withLock { $0.succeeded() }
                facts["peer"] = "\(connection.peer)"
                if failures > 0 { facts["failed.tries"] = "\(failures)" }
                logger.info("connected", metadata: facts)
                connected(connection)
            case .failure(let error):
                let known = error as? ThriftError
                let reason = known?.message ?? "\(error)"
                facts["code"] = "\(known?.registered.code ?? "elves.internal")"
                facts["error"] = "\(reason)"
                guard let failures = tries.withLock({ $0.failed(reason, at: .now) }) else {
                    return logger.debug("cannot connect", metadata: facts)
                }
                if failures > 1 { facts["failed.tries"] = "\(failures)" }
                logger.warning("cannot connect", metadata: facts)
            }
        }
    }
}
