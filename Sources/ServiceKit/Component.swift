internal import ElvesContracts
internal import ElvesCore
package import Logging
internal import NIOCore
package import NIOPosix
package import ServiceCore
package import ServiceLifecycle
package import Thrift
package import ThriftNIO
internal import UnixSignals

/// What every center component has: settings, identity, logs, numbers, health, and the run loop.
package struct Component: Sendable {
    /// The role's name, as certificates and method tables have it.
    package let role: String
    /// Name of this instance, unique among those of its role.
    package let instance: String
    package let settings: ComponentSettings
    package let logger: Logger
    package let metrics: MetricsRegistry
    package let health: HealthChecks
    package let group: MultiThreadedEventLoopGroup
    private let identity: TLSIdentity
    private let started: Int64

    /// Reads what the settings say of identity, logs and threads. Once a process: its logs go where they say.
    package init(role: String, settings: ComponentSettings) throws {
        ElvesLogHandler.bootstrap(level: try settings.logLevel(), format: try settings.logFormat())
        try self.init(role: role, settings: settings, logger: Logger(label: role))
    }

    /// The same, with a logger of the caller's.
    init(role: String, settings: ComponentSettings, logger: Logger) throws {
        self.role = role
        self.settings = settings
        self.logger = logger
        instance = settings.text("instance") ?? "\(role)-1"
        metrics = MetricsRegistry()
        health = HealthChecks()
        group = MultiThreadedEventLoopGroup(
            numberOfThreads: try settings.number("threads", default: Self.usualThreads, in: 1...256))
        identity = try TLSIdentity(
            certificate: try settings.file("tls.certificate"), key: try settings.file("tls.key"),
            authority: try settings.file("tls.ca"))
        started = SystemClock.now()
    }

    /// Half the cores: several components share a machine, and more threads than work only wake each other.
    package static var usualThreads: Int { max(1, System.coreCount / 2) }

    /// Options of this component's connections.
    package var connectionOptions: ConnectionOptions {
        var options = ConnectionOptions()
        options.hello = Hello(
            oldest: 1, newest: 1, features: [], instance: instance, epoch: started, version: ElvesVersion.current)
        return options
    }

    /// The component's listener, at the setting `listen`, with `ComponentService` beside the given services.
    package func server(
        _ services: [any ThriftService], options: ConnectionOptions? = nil,
        admit: @escaping @Sendable (ThriftConnection) async throws -> Void = { _ in },
        opened: @escaping @Sendable (ThriftConnection) -> Void = { _ in }
    ) throws -> ThriftServerService {
        let server = ThriftServer(
            services + [ComponentServiceProcessor(StatusHandler(component: self, started: started))],
            interceptors: [CallMetrics(metrics), CallLog(logger)], security: try identity.server(),
            options: options ?? connectionOptions, group: group, admit: admit, opened: opened,
            turnedAway: { [logger] address, error in
                logger.warning(
                    "a connection was turned away",
                    metadata: [
                        "address": "\(address)", "code": "\(error.registered.code)", "error": "\(error.message)",
                    ])
            })
        return ThriftServerService(server, at: try settings.requiredAddress("listen"), logger: logger)
    }

    /// A client of another component, at the setting `peers.ROLE`; run it as a service of the component.
    ///
    /// While it is not connected the component is not ready, unless it does without (`isNeeded`).
    package func client(
        _ role: String, options: ConnectionOptions? = nil, isNeeded: Bool = true
    ) throws -> ThriftClient {
        let dialer = ThriftDialer(
            try settings.requiredAddress("peers.\(role)"), security: try identity.client(), expecting: role,
            options: options ?? connectionOptions, group: group)
        let client = ThriftClient(dialer, logger: logger)
        if isNeeded { health.add(role) { client.connection == nil ? "not connected to \(role)" : nil } }
        return client
    }

    /// A client of another component, nil when the setting `peers.ROLE` is absent: the center runs without it.
    package func optionalClient(
        _ role: String, options: ConnectionOptions? = nil, isNeeded: Bool = true
    ) throws -> ThriftClient? {
        try settings.address("peers.\(role)") == nil
            ? nil : try client(role, options: options, isNeeded: isNeeded)
    }

    /// How the component's program is started.
    static func usage(of role: String) -> String {
        """
        elves-\(role) --config FILE [--KEY VALUE …]

        Settings come from a YAML file, over it from the environment (ELVES_…), over that from flags: the setting
        tls.key is --tls-key and ELVES_TLS_KEY. docs/components/\(role).md names them all. `elves up` starts every
        component of a center on one machine.
        """
    }

    /// Runs a component from its program's first line to its last: settings, parts, signals, exit code.
    ///
    /// - Parameter build: makes the parts; the first that ends or fails ends all.
    package static func main(
        _ role: String, build: @Sendable (Component) async throws -> [any Service]
    ) async {
        let arguments = CommandLine.arguments
        let words = arguments.dropFirst()
        if words.contains("--version") { return print("elves-\(role) \(ElvesVersion.current)") }
        if words.contains("--help") || words.contains("-h") { return print(usage(of: role)) }
        do {
            let settings = try await ComponentSettings(
                arguments: arguments, environment: ProcessEnvironment.current)
            let component = try Component(role: role, settings: settings)
            try await component.run(try await build(component), until: [.sigterm, .sigint])
        } catch {
            ProcessExit.fail("elves-\(role): \(error)")
        }
    }

    /// Runs the parts, and the health service where the settings want one, until a signal comes or one of them
    /// ends; then stops them from the last to the first.
    ///
    /// - Parameter started: gets the group before it runs, to be stopped without a signal.
    func run(
        _ parts: [any Service], until signals: [UnixSignal], started: (ServiceGroup) -> Void = { _ in }
    ) async throws {
        var services = parts
        if let address = try settings.address("health.listen") { services.append(try healthService(at: address)) }
        logger.info("starting", metadata: ["instance": "\(instance)", "version": "\(ElvesVersion.current)"])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: signals, logger: logger))
        started(group)
        try await group.run()
        logger.info("stopped")
    }
}
