import ElvesContracts
package import Foundation
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOPosix
import ThriftNIO

/// What the edge is started with.
package struct OpenAPIConfiguration: Sendable {
    package var host: String
    package var port: Int
    /// Instance name, for `/api/v3/components`.
    package var instance: String
    package var version: String
    package var limits: EdgeLimits
    /// The center's time zone, in which `/api/v2` writes times.
    package var timeZone: TimeZone
    /// The key of a center without a supervisor; with one it is not used.
    package var key: ConfiguredKey?
    /// Writes this process's numbers as Prometheus text, for `/metrics`.
    package var metricsText: @Sendable () -> String

    /// Creates a configuration.
    package init(
        host: String = "127.0.0.1", port: Int, instance: String, version: String,
        limits: EdgeLimits = EdgeLimits(), timeZone: TimeZone = .current, key: ConfiguredKey? = nil,
        metricsText: @escaping @Sendable () -> String = { "" }
    ) {
        self.host = host
        self.port = port
        self.instance = instance
        self.version = version
        self.limits = limits
        self.timeZone = timeZone
        self.key = key
        self.metricsText = metricsText
    }
}

/// The HTTP edge: `/api/v2`, `/api/v3`, health and the description of itself.
package struct OpenAPIService: Sendable {
    /// The keys that calls are checked with.
    let keys: KeyRing
    /// The apps that may be called.
    let catalog: Catalog

    private let configuration: OpenAPIConfiguration
    private let ports: Ports
    private let clock: EdgeClock
    private let logger: Logger
    private let group: any EventLoopGroup
    private let gate: Gate
    private let streams: Gate
    private let uploads: Gate
    private let nonces = NonceCache()
    private let counters = EdgeCounters()
    private let startedAt: Int64

    /// Builds the edge in front of the components; nothing runs yet.
    package init(
        configuration: OpenAPIConfiguration, ports: Ports, clock: EdgeClock = .system, logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.configuration = configuration
        self.ports = ports
        self.clock = clock
        self.logger = logger
        self.group = group
        keys = KeyRing(clock: clock, configured: ports.hasSupervisor ? nil : configuration.key)
        catalog = Catalog(logger: logger)
        gate = Gate(limit: configuration.limits.requests)
        streams = Gate(limit: configuration.limits.streams, what: "answers are being streamed")
        uploads = Gate(limit: configuration.limits.uploads, what: "files are being uploaded")
        startedAt = clock.ticks()
    }

    /// Follows the supervisor's keys and apps until the task is cancelled; without a supervisor there is nothing
    /// to follow.
    package func follow() async {
        guard ports.hasSupervisor else {
            while (try? await Task.sleep(for: .seconds(3600))) != nil {}
            return
        }
        let keyFeed = ChangeFeed.keys(
            keys, nonces: nonces, from: ports.supervisor, clock: clock, logger: logger)
        let catalogFeed = ChangeFeed.catalog(catalog, from: ports.supervisor, clock: clock, logger: logger)
        await withTaskGroup { group in
            group.addTask { await keyFeed.run() }
            group.addTask { await catalogFeed.run() }
        }
    }

    /// Answers what still waits, and everything new, with `elves.stopping`.
    func stop() {
        for gate in [gate, streams, uploads] { gate.close() }
    }

    /// Why calls cannot succeed yet, as far as it can be told without asking anyone; nil when they can.
    package var problem: String? {
        if !keys.isFresh { return "the keys are not loaded, or older than ten minutes" }
        if ports.hasSupervisor, !catalog.isLoaded { return "the list of apps is not loaded" }
        return nil
    }

    /// Counters and gauges by name.
    package var numbers: [String: Int64] {
        var numbers = counters.numbers
        numbers["requests_now"] = Int64(gate.count)
        numbers["streams_now"] = Int64(streams.count)
        numbers["uploads_now"] = Int64(uploads.count)
        return numbers
    }

    /// The edge's own account of its state.
    var status: ComponentStatus {
        ComponentStatus(
            role: "openapi", instance: configuration.instance, version: configuration.version,
            uptimeMs: clock.ticks() - startedAt, ready: problem == nil, reason: problem ?? "", numbers: numbers)
    }

    /// The HTTP application; running it serves until graceful shutdown.
    ///
    /// - Parameter onServerRunning: gets the port once the listener is up.
    package func application(
        onServerRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<EdgeContext>> {
        let limits = configuration.limits
        let executors = LoopExecutors(group)
        return Application(
            router: router(routes: routes()),
            server: HTTPServerBuilder { responder in
                EdgeChannel(responder: responder, limits: limits, executors: executors)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                backlog: 1024,
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(group), logger: logger)
    }

    /// Every route of the edge.
    func routes() -> [Route] {
        let limits = configuration.limits
        let rules = SignatureRules(keys: keys, nonces: nonces, clock: clock)
        let access = Access(heartbeat: ports.heartbeat, clock: clock)
        let callables = Callables(catalog: ports.hasSupervisor ? catalog : nil, limits: limits)
        let catchUp = CatchUp(catalog: catalog, keys: keys, clock: clock)
        let readiness = Readiness(ports: ports, catalog: catalog, rules: rules, gate: gate)
        let v2 = v2Routes(rules, access, callables)
        let v3 = v3Routes(V3Authenticator(rules: rules), access, callables, catchUp)
        let all = HealthRoutes(readiness: readiness).routes() + v2 + v3
        return HealthRoutes.withDocument(all, version: configuration.version)
    }

    private func v2Routes(_ rules: SignatureRules, _ access: Access, _ callables: Callables) -> [Route] {
        let limits = configuration.limits
        let gateway = V2Gateway(authenticator: V2Authenticator(rules: rules), access: access, limits: limits)
        let exec = V2ExecRoute(scheduler: ports.scheduler, callables: callables, limits: limits)
        let info = V2InfoRoutes(
            isEnabled: ports.hasSupervisor, supervisor: ports.supervisor, heartbeat: ports.heartbeat, access: access,
            timeZone: configuration.timeZone)
        return exec.routes(gateway) + info.routes(gateway) + V2ModuleRoutes().routes(gateway)
    }

    private func v3Routes(
        _ authenticator: V3Authenticator, _ access: Access, _ callables: Callables, _ catchUp: CatchUp
    ) -> [Route] {
        let limits = configuration.limits
        let gateway = V3Gateway(authenticator: authenticator, limits: limits)
        let agents = AgentDirectory(heartbeat: ports.heartbeat, clock: clock)
        let tasks = TaskRoutes(
            scheduler: ports.scheduler, agents: agents, callables: callables, access: access, limits: limits)
        let batches = BatchRoutes(
            scheduler: ports.scheduler, heartbeat: ports.heartbeat, callables: callables, access: access,
            limits: limits)
        let output = OutputRoutes(
            scheduler: ports.scheduler, access: access, keys: keys, clock: clock, streams: streams, limits: limits)
        let returned = ReturnedFileRoutes(scheduler: ports.scheduler, access: access, streams: streams)
        let blobs = BlobRoutes(
            scheduler: ports.scheduler, authenticator: authenticator, uploads: uploads, limits: limits)
        let events = EventRoutes(
            scheduler: ports.scheduler, access: access, keys: keys, clock: clock, streams: streams, limits: limits)
        let push = PushRoute(
            supervisor: ports.supervisor, authenticator: authenticator, access: access, catchUp: catchUp,
            limits: limits)
        let components = ComponentRoutes(ports: ports, metricsText: configuration.metricsText) { status }
        return tasks.routes(gateway) + output.routes(gateway) + returned.routes(gateway) + batches.routes(gateway)
            + blobs.routes(gateway) + events.routes(gateway)
            + WebhookRoutes(scheduler: ports.scheduler, access: access).routes(gateway)
            + AgentRoutes(heartbeat: ports.heartbeat, access: access).routes(gateway)
            + AppRoutes(supervisor: ports.supervisor, access: access, catchUp: catchUp).routes(gateway)
            + [push.route]
            + KeyRoutes(supervisor: ports.supervisor, access: access, catchUp: catchUp).routes(gateway)
            + components.routes(gateway)
    }

    private func router(routes: [Route]) -> Router<EdgeContext> {
        let router = Router(context: EdgeContext.self)
        router.add(
            middleware: EdgeMiddleware(gate: gate, counters: counters) { path in
                routes.filter { $0.takes(path) }.map(\.method.rawValue)
            })
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { [gate] request, context in
                guard route.isBounded else { return try await route.handle(request, context) }
                try gate.enter()
                defer { gate.leave() }
                return try await route.handle(request, context)
            }
        }
        return router
    }
}
