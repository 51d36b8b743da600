internal import ElvesContracts
internal import ElvesCore
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Runner
internal import ServiceCore
internal import ServiceLifecycle
internal import Thrift
internal import ThriftNIO
internal import UnixSignals

/// The agent as a process: builds its parts, runs them until it is told to stop.
package struct AgentProcess: Sendable {
    /// How long tasks may go on by themselves once the agent was told to stop.
    package static let taskPatience = Duration.seconds(1)
    /// The status socket, relative to the agent's folder.
    static let socket = "run/agent.sock"

    private let configuration: AgentConfiguration
    private let runner: [String]

    /// `runner`: the command that starts a runner for the folder.
    package init(_ configuration: AgentConfiguration, runner: [String]) {
        self.configuration = configuration
        self.runner = runner
    }

    /// Runs until TERM or INT.
    package func run() async throws {
        let logger = Logger(label: "agent")
        let identity = try AgentIdentity(certificate: configuration.certificate)
        let tls = try TLSIdentity(
            certificate: configuration.certificate, key: configuration.key, authority: configuration.authority)
        let folder = AgentFolder(root: configuration.root)
        try folder.prepare()
        guard chdir(folder.root) == 0 else { throw Disk.error("enter", folder.root) }
        let lock = try FolderLock("run/agent.lock")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        logger.info("starting", metadata: ["agent": "\(identity.peer.instance)", "root": "\(folder.root)"])
        do {
            try await serve(identity, security: try tls.client(), folder: folder, group: group, logger: logger)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        withExtendedLifetime(lock) { logger.info("stopped") }
    }

    private func serve(
        _ identity: AgentIdentity, security: TransportSecurity, folder: AgentFolder,
        group: MultiThreadedEventLoopGroup, logger: Logger
    ) async throws {
        let options = Self.options(identity)
        let link = RunnerLink(command: runner, group: group, logger: logger)
        let refresh = Refresh()
        let center = LateCaller()
        let parts = try AgentParts(
            configuration, folder: folder, workers: link,
            executor: LoopExecutors(group).executor(of: group.next()), center: center, now: SystemClock.now,
            bring: { await refresh.bring(within: $0) })
        let followed = { @Sendable (taskId: Int64) async in
            await link.copyOutput(taskId: taskId)
            parts.output?.follow(taskId: taskId)
        }
        let handler = AgentHandler(parts.tasks, followed: followed) { _ in refresh.now() }
        let client = { (address: ThriftAddress, role: String) in
            ThriftClient(
                ThriftDialer(
                    address, security: security, expecting: role, options: options,
                    services: [AgentServiceProcessor(handler)], interceptors: [CallLog(logger)], group: group),
                logger: logger)
        }
        let scheduler = client(configuration.scheduler, "scheduler")
        center.aim(at: scheduler)
        let heartbeat = client(configuration.heartbeat, "heartbeat")
        let files = HeartbeatServiceClient(heartbeat)
        let installer = Installer(folder: folder, shelf: parts.shelf) { digest, offset, length in
            try await files.fetchFile(digest: digest, offset: offset, length: length)
        }
        await installer.load()
        let beats = Beats(
            heartbeat: heartbeat, installer: installer, shelf: parts.shelf, history: parts.history, logger: logger,
            describe: describe(parts))
        refresh.aim(at: beats)
        let local = LocalHandler(
            identity: identity.peer, agentId: identity.id.rawValue, shelf: parts.shelf, history: parts.history,
            tasks: parts.tasks, runner: { await link.pid }
        ) {
            ["scheduler": scheduler.connection?.isOpen == true ? .now : nil, "heartbeat": beats.lastContact]
        }
        let status = ThriftServer(
            [AgentLocalServiceProcessor(local)], security: .plaintext(peer: .local), options: options, group: group)
        await parts.tasks.adopt(parts.journal.open, journal: parts.journal, history: parts.history)
        // Stopped from the last to the first: tasks while their answers can still be sent, the runner at the end.
        var services: [any Service] = [
            RunnerService(link: link, logger: logger),
            ThriftServerService(status, at: .unix(path: Self.socket), logger: logger),
            ThriftClientService(heartbeat), ThriftClientService(scheduler), beats,
            Ending { await parts.tasks.stop(patience: Self.taskPatience) },
        ]
        if let output = parts.output { services.append(output) }
        if configuration.handsBackMemory {
            let tasks = parts.tasks
            services.append(
                IdleMemory(logger: logger) { (await tasks.asked + beats.stateCount, await tasks.count > 0) })
        }
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
    }

    private func describe(_ parts: AgentParts) -> @Sendable () -> Beat {
        let facts = MachineFacts.read()
        let configuration = configuration
        let admission = parts.admission
        return {
            Beat(
                name: configuration.name, version: ElvesVersion.current, labels: configuration.labels, facts: facts,
                numbers: ["tasks_running": Int64(admission.runningCount)])
        }
    }

    private static func options(_ identity: AgentIdentity) -> ConnectionOptions {
        var options = ConnectionOptions()
        options.encoding = .compact
        options.hello.instance = identity.peer.instance
        options.hello.epoch = SystemClock.now()
        options.hello.version = ElvesVersion.current
        return options
    }
}

/// Has a runner ready before the first task, and lets it end after the last.
private struct RunnerService: Service {
    let link: RunnerLink
    let logger: Logger

    func run() async throws {
        do { try await link.start() } catch {
            // The next task tries again, and answers with what is wrong.
            logger.error("no runner", metadata: ["error": "\(error)"])
        }
        try? await gracefulShutdown()
        await link.stop()
    }
}

/// Runs something when the process is told to stop.
private struct Ending: Service {
    let end: @Sendable () async -> Void

    func run() async throws {
        try? await gracefulShutdown()
        await end()
    }
}
