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

    /// Reads what the settings say of identity, logs and threads.
    package init(role: String, settings: ComponentSettings) throws {
        self.role = role
        self.settings = settings
        instance = settings.text("instance") ?? "\(role)-1"
        let level = settings.text("log.level") ?? "info"
        guard let level = Logger.Level(rawValue: level) else {
            throw SettingError(
                key: "log.level",
                problem: "\"\(level)\" is none of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        ElvesLogHandler.bootstrap(
            level: level, format: settings.text("log.format").flatMap(ElvesLogHandler.Format.init))
        logger = Logger(label: role)
        metrics = MetricsRegistry()
        health = HealthChecks()
        group = MultiThreadedEventLoopGroup(
            numberOfThreads: try settings.number("threads", default: Self.usualThreads, in: 1...256))
        identity = try TLSIdentity(
            certificate: try settings.required("tls.certificate"), key: try settings.required("tls.key"),
            authority: try settings.required("tls.ca"))
        started = SystemClock.now()
    }

    /// Half the cores: several components share a machine, and more threads than work only wake each other.
    private static var usualThreads: Int { max(1, System.coreCount / 2) }

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
    /// While it is not connected the component is not ready.
    package func client(_ role: String, options: ConnectionOptions? = nil) throws -> ThriftClient {
        let dialer = ThriftDialer(
            try settings.requiredAddress("peers.\(role)"), security: try identity.client(), expecting: role,
            options: options ?? connectionOptions, group: group)
        let client = ThriftClient(dialer, logger: logger)
        health.add(role) { client.connection == nil ? "not connected to \(role)" : nil }
        return client
    }

    /// A client of another component, nil when the setting `peers.ROLE` is absent: the center runs without it.
    package func optionalClient(_ role: String, options: ConnectionOptions? = nil) throws -> ThriftClient? {
        try settings.address("peers.\(role)") == nil ? nil : try client(role, options: options)
    }

    /// Runs a component from its program's first line to its last: settings, parts, signals, exit code.
    ///
    /// - Parameter build: makes the parts; the first that ends or fails ends all.
    package static func main(
        _ role: String, build: @Sendable (Component) async throws -> [any Service]
    ) async {
        let arguments = CommandLine.arguments
        if arguments.dropFirst().contains("--version") { return print("elves-\(role) \(ElvesVersion.current)") }
        do {
            let settings = try await ComponentSettings(
                arguments: arguments, environment: ProcessEnvironment.current)
            let component = try Component(role: role, settings: settings)
            var services = try await build(component)
            if let address = try settings.address("health.listen") {
                services.append(try component.healthService(at: address))
            }
            try await component.run(services)
        } catch {
            ProcessExit.fail("elves-\(role): \(error)")
        }
    }

    private func run(_ services: [any Service]) async throws {
        logger.info("starting", metadata: ["instance": "\(instance)", "version": "\(ElvesVersion.current)"])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
                }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        logger.info("stopped")
    }
}
