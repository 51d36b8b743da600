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
///
/// TERM ends the agent alone: its runner and the workers go on, and the next agent takes them over. INT ends them too.
package struct AgentProcess: Sendable {
    /// How long tasks may go on by themselves once the agent was told to stop.
    package static let taskPatience = Duration.seconds(1)
    /// The status socket, relative to the agent's folder.
    static let socket = "run/agent.sock"
    /// Held by the one agent of a folder, relative to it.
    static let lock = "run/agent.lock"

    private let configuration: AgentConfiguration
    private let runner: [String]

    /// `runner`: the command that starts a runner for the folder.
    package init(_ configuration: AgentConfiguration, runner: [String]) {
        self.configuration = configuration
        self.runner = runner
    }

    /// Runs until TERM, which leaves the runner and its workers alone, or INT, which ends them.
    package func run() async throws {
        let logger = Logger(label: "agent")
        let identity = try AgentIdentity(certificate: configuration.certificate)
        let tls = try TLSIdentity(
            certificate: configuration.certificate, key: configuration.key, authority: configuration.authority)
        let folder = AgentFolder(root: configuration.root)
        try folder.prepare()
        guard chdir(folder.root) == 0 else { throw Disk.error("enter", folder.root) }
        let lock = try FolderLock(Self.lock)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let ending = Ending()
        logger.info("starting", metadata: ["agent": "\(identity.peer.instance)", "root": "\(folder.root)"])
        do {
            try await serve(
                identity, security: try tls.client(), folder: folder, group: group, logger: logger,
                signals: SignalService(signals: signals, ending: ending, logger: logger))
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        // The connection to a runner that stays ends with the process, so that nobody takes it for the runner's end.
        if ending.isOfAll { try await group.shutdownGracefully() }
        withExtendedLifetime((lock, signals)) { logger.info("stopped") }
    }

    private func serve(
        _ identity: AgentIdentity, security: TransportSecurity, folder: AgentFolder,
        group: MultiThreadedEventLoopGroup, logger: Logger, signals: SignalService
    ) async throws {
        let options = Self.options(identity.peer.instance, configuration)
        let link = RunnerLink(command: runner, group: group, logger: logger)
        let refresh = Refresh()
        let center = LateCaller()
        let delivery = Delivery()
        let executor = LoopExecutors(group).executor(of: group.next())
        let parts = try AgentParts(
            configuration, folder: folder, workers: link,
            executor: executor, center: center, rest: executor.sleep(for:), now: SystemClock.now,
            unheard: { delivery.hurry() }, bring: { await refresh.bring(within: $0) })
        let followed = { @Sendable (taskId: Int64) async in
            await link.copyOutput(taskId: taskId)
            parts.output?.follow(taskId: taskId)
        }
        let handler = AgentHandler(parts.tasks, followed: followed) { _ in refresh.now() }
        for problem in parts.journal.problems {
            logger.warning("the journal was cut", metadata: ["error": "\(problem.message)"])
        }
        let client = { (address: ThriftAddress, role: String) in
            ThriftClient(
                ThriftDialer(
                    address, security: security, expecting: role, options: options,
                    services: [AgentServiceProcessor(handler)], interceptors: [CallLog(logger)], group: group),
                logger: logger, connected: { _ in if role == "scheduler" { delivery.connected() } })
        }
        let scheduler = client(configuration.scheduler, "scheduler")
        center.aim(at: scheduler)
        let heartbeat = client(configuration.heartbeat, "heartbeat")
        let courier = ResultCourier(parts.journal, scheduler: scheduler, logger: logger)
        let starts = StartReports(parts.running, scheduler: scheduler, rest: executor.sleep(for:)) {
            scheduler.connection != nil
        }
        delivery.aim(at: courier, starts)
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
            admission: parts.admission, runner: { await link.pid }
        ) {
            ["scheduler": scheduler.connection?.isOpen == true ? .now : nil, "heartbeat": beats.lastContact]
        }
        let status = ThriftServer(
            [AgentLocalServiceProcessor(local)], security: .plaintext(peer: .local), options: options, group: group)
        await parts.tasks.adopt()
        let ending = signals.ending
        // Stopped from the last to the first: tasks while their answers can still be sent, the runner at the end.
        var services: [any Service] = [
            RunnerService(link: link, ending: ending, logger: logger),
            ThriftServerService(status, at: .unix(path: Self.socket), logger: logger),
            ThriftClientService(heartbeat), ThriftClientService(scheduler), beats, courier, starts,
            TaskService(tasks: parts.tasks, link: link, ending: ending),
        ]
        if let output = parts.output { services.append(output) }
        if configuration.handsBackMemory {
            let tasks = parts.tasks
            services.append(
                IdleMemory(logger: logger) { (await tasks.asked + beats.stateCount, await tasks.count > 0) })
        }
        var configuration = ServiceGroupConfiguration(services: services, logger: logger)
        configuration.services.append(
            .init(service: signals, successTerminationBehavior: .gracefullyShutdownGroup))
        try await ServiceGroup(configuration: configuration).run()
        parts.journal.close()
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

    /// How it greets: `instance` is its id.
    static func options(_ instance: String, _ configuration: AgentConfiguration) -> ConnectionOptions {
        var options = ConnectionOptions()
        options.encoding = .compact
        options.hello.instance = instance
        options.hello.epoch = SystemClock.now()
        options.hello.version = ElvesVersion.current
        options.hello.boot = BootIdentity.current
        options.hello.maxRunning = Int32(configuration.maxRunning)
        return options
    }
}
