internal import ElvesContracts
internal import ElvesCore
internal import Glibc
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Thrift
internal import ThriftNIO
internal import UnixSignals

/// The process beside an agent that starts and ends its workers, and outlives it.
///
/// Its working folder is the agent's folder, so that the socket's path is short enough for the kernel.
package struct RunnerProcess: Sendable {
    /// The socket, relative to the agent's folder.
    package static let socket = "run/runner.sock"
    /// Held by the one runner of a folder, relative to it.
    package static let lock = "run/runner.lock"
    /// Ends that nobody took and that memory should not hold, relative to the agent's folder.
    static let ends = "run/ends"
    private static let lockPatience = Duration.seconds(3)

    private let root: String
    private let logger: Logger
    private let patience: Duration
    private let handsBackMemory: Bool
    private let groups: WorkerGroups.Setting
    private let endBytes: Int64

    /// `endBytes`: what ends that nobody takes may come to on the disk; 0: they stay in memory. `patience`: how long a
    /// runner without workers stays when no agent comes.
    package init(
        root: String, groups: WorkerGroups.Setting = .own, handsBackMemory: Bool = true, endBytes: Int64 = 1 << 30,
        logger: Logger,
        patience: Duration = .seconds(60)
    ) {
        self.root = root
        self.groups = groups
        self.handsBackMemory = handsBackMemory
        self.endBytes = endBytes
        self.logger = logger
        self.patience = patience
    }

    /// Serves until it is told to stop, or nobody needs it any more; its workers end with it.
    package func run() async throws {
        guard chdir(root) == 0 else { throw ElvesError(.elvesStoreUnavailable, "cannot enter the folder \(root)") }
        umask(0o077)
        guard let lock = await RunnerLock(root: ".", within: Self.lockPatience) else {
            throw ElvesError(
                .elvesStoreUnavailable,
                "cannot lock \(Self.lock) in the agent's folder: another runner serves it, or it cannot be written")
        }
        try await serve()
        withExtendedLifetime(lock) {}
    }

    private func serve() async throws {
        let ends = endBytes > 0 ? EndPlace(folder: Self.ends, bytes: endBytes) : nil
        let host = WorkerHost(ownsProcess: true, groups: await preparedGroups(), ends: ends, logger: logger)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var options = ConnectionOptions()
        options.hello.instance = "runner-\(getpid())"
        // The other end is on this machine: when it goes the kernel says so.
        options.keepAlive = .seconds(3600)
        let server = ThriftServer(
            [RunnerServiceProcessor(RunnerHandler(host))], security: .plaintext(peer: .local), options: options,
            group: loops)
        var services: [any Service] = [
            Listener(server: server, host: host, logger: logger),
            Loneliness(server: server, host: host, patience: patience),
        ]
        if handsBackMemory {
            services.append(
                IdleMemory(logger: logger) {
                    (await host.asked, await host.running().contains { $0.pid > 0 })
                })
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            await host.shutDown()
            throw error
        }
        await host.shutDown()
        try await loops.shutdownGracefully()
    }

    private func preparedGroups() async -> sending WorkerGroups? {
        switch await WorkerGroups.prepare(groups, root: ".") {
        case .success(let prepared):
            logger.info("workers are born in cgroups", metadata: ["cgroup": "\(prepared.path)"])
            return prepared
        case .failure(let unusable):
            let level: Logger.Level = groups == .own || groups == .off ? .info : .warning
            logger.log(level: level, "no cgroups for workers", metadata: ["reason": "\(unusable.reason)"])
            return nil
        }
    }
}

/// Serves the socket until the process stops, and until those who wait for workers know their ends.
private struct Listener: Service {
    let server: ThriftServer
    let host: WorkerHost
    let logger: Logger

    func run() async throws {
        _ = try await server.listen(on: .unix(path: RunnerProcess.socket))
        logger.info("runner listens")
        try? await gracefulShutdown()
        await host.endAll()
        await server.close(patience: .seconds(1))
    }
}

/// Ends when no agent was connected and nothing ran for a while.
private struct Loneliness: Service {
    let server: ThriftServer
    let host: WorkerHost
    let patience: Duration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            let clock = ContinuousClock()
            var needed = clock.now
            while clock.now - needed < patience {
                try await clock.sleep(for: min(patience / 4, .seconds(5)))
                let isNeeded = await !host.running().isEmpty
                if isNeeded || !server.openConnections.isEmpty { needed = clock.now }
            }
        }
    }
}
