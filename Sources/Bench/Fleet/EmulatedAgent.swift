internal import Agent
internal import ElvesContracts
internal import ElvesCore
internal import Identity
internal import Logging
internal import NIOPosix
internal import Runner
internal import ServiceCore
internal import Synchronization
internal import Thrift
internal import ThriftNIO

/// A worker that ends as it starts: the part of an agent that the emulator leaves out.
struct InstantWorkers: WorkerRunning {
    func run(_ order: WorkerOrder) async throws -> WorkerEnd {
        var end = WorkerEnd(key: order.key, status: .exited(0))
        end.result = Array("{\"text\":\"hello\"}".utf8)
        return end
    }

    func kill(taskId: Int64) async throws {}
    func adopt(_ key: AttemptKey) async -> WorkerEnd? { nil }
}

/// Something that becomes true once.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

/// The real agent's channels, hooks, journal and beats, with an instant worker and one app on its shelf.
struct EmulatedAgent: Sendable {
    private let scheduler: ThriftClient
    private let heartbeat: ThriftClient
    private let report: [InstalledApp]
    private let name: String
    private let known = Flag()
    private let courier: ResultCourier
    private let starts: StartReports
    private let executor: EventLoopExecutor

    /// Sends workers' outputs; nil when they have none.
    private let output: OutputFeeder?

    /// - Parameters:
    ///   - disk: where the journals of the whole fleet block.
    ///   - sendsOutput: whether it also has what only workers with output or files need.
    init(
        _ seat: FleetSeat, group: MultiThreadedEventLoopGroup, executor: EventLoopExecutor, disk: JournalDisk,
        workers: any WorkerRunning = InstantWorkers(), sendsOutput: Bool = false
    ) throws {
        let settings = try Settings(
            file: nil, environment: [:],
            flags: [
                "root": seat.root, "name": seat.name, "scheduler": seat.scheduler, "heartbeat": seat.heartbeat,
                "certificate": seat.files.certificate, "key": seat.files.key, "authority": seat.files.authority,
                "max_running": sendsOutput ? "1000" : "64",
            ])
        self.executor = executor
        let configuration = try AgentConfiguration(settings)
        let identity = try AgentIdentity(certificate: seat.files.certificate)
        let folder = AgentFolder(root: seat.root)
        try folder.prepare()
        let delivery = Delivery()
        let center = LateCaller()
        let parts = try AgentParts(
            configuration, folder: folder, workers: workers, executor: executor, disk: disk,
            center: sendsOutput ? center : nil, rest: executor.sleep(for:), now: SystemClock.now,
            unheard: { delivery.hurry() })
        output = parts.output
        parts.shelf.put(
            ShelvedApp(
                manifest: AppManifest(
                    name: "hello", version: "1.0.0", workerProtocol: .json,
                    functions: [AppFunction(name: "greet", timeoutMs: 10_000)], entry: ["/bin/true"]),
                files: ["worker"]))
        report = parts.shelf.report
        name = seat.name
        let security = try TLSIdentity(
            certificate: seat.files.certificate, key: seat.files.key, authority: seat.files.authority
        ).client()
        var options = ConnectionOptions()
        options.encoding = .compact
        options.hello.instance = identity.peer.instance
        options.hello.epoch = SystemClock.now()
        options.hello.boot = BootIdentity.current
        let handler = AgentHandler(parts.tasks) { _ in }
        let client = { (address: ThriftAddress, role: String) in
            ThriftClient(
                ThriftDialer(
                    address, security: security, expecting: role, options: options,
                    services: [AgentServiceProcessor(handler)], group: group)
            ) { outcome in
                if role == "scheduler", case .success = outcome { delivery.connected() }
            }
        }
        let scheduler = client(configuration.scheduler, "scheduler")
        self.scheduler = scheduler
        center.aim(at: scheduler)
        courier = ResultCourier(parts.journal, scheduler: scheduler, logger: Logger(label: seat.name))
        starts = StartReports(parts.running, scheduler: scheduler, rest: executor.sleep(for:)) {
            scheduler.connection != nil
        }
        delivery.aim(at: courier, starts)
        heartbeat = client(configuration.heartbeat, "heartbeat")
    }

    /// Whether the scheduler is connected and heartbeat knows the agent.
    var isUp: Bool { scheduler.connection != nil && known.isSet }

    /// Keeps both connections up, beats and delivers, until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run() }
            group.addTask { await heartbeat.run() }
            group.addTask { await beat() }
            group.addTask { try? await courier.run() }
            group.addTask { try? await starts.run() }
            if let output { group.addTask { try? await output.run() } }
        }
    }

    private func beat() async {
        let calls = HeartbeatServiceClient(heartbeat)
        while !Task.isCancelled {
            let beat = Beat(name: name, version: ElvesVersion.current, labels: ["fleet": "bench"], apps: report)
            let answer = try? await calls.beat(beat: beat)
            if answer != nil { known.set() }
            let pause = answer?.intervalMs ?? 2000
            await executor.sleep(for: .milliseconds(max(pause, 1000)))
        }
    }
}
