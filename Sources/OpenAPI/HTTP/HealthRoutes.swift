import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird
import Synchronization

/// `/healthz`, `/readyz` and `/openapi.json`, which need no key.
struct HealthRoutes: Sendable {
    let readiness: Readiness

    func routes() -> [Route] {
        let health = [HTTPRequest.Method.get, .head].flatMap { method in
            [
                Route(
                    method: method, path: "/healthz", description: Self.healthDescription(method), isBounded: false
                ) { _, _ in
                    Self.answer(reason: "")
                },
                Route(
                    method: method, path: "/readyz", description: Self.readyDescription(method), isBounded: false
                ) { _, _ in
                    Self.answer(reason: try await readiness.reason())
                },
            ]
        }
        return health
    }

    private static func answer(reason: String) -> Response {
        Answer.json(reason.isEmpty ? .ok : .serviceUnavailable) { json in
            json.object { json in
                json.member("status", reason.isEmpty ? "ok" : "not ready")
                json.member("reason", reason)
            }
        }
    }

    /// `/openapi.json` of these routes and itself.
    static func withDocument(_ routes: [Route], version: String) -> [Route] {
        let document = Mutex("")
        let own = Route(method: .get, path: "/openapi.json", description: documentDescription) { _, _ in
            Answer.json { json in json.raw(document.withLock { $0 }) }
        }
        let all = routes + [own]
        document.withLock { $0 = OpenAPIDocument.make(all, version: version).text() }
        return all
    }
}

/// Whether the edge can serve: it knows keys and apps, and scheduler and heartbeat answer, unless they were left
/// out of the configuration.
struct Readiness: Sendable {
    let keys: KeyRing
    let catalog: Catalog
    let ports: Ports
    let rules: SignatureRules
    /// The bound on requests; only whether it is closed counts here.
    let gate: Gate
    /// Nobody needs a key to ask, and each answer asks others: so not many at once.
    private let asking = Gate(limit: 64)

    init(ports: Ports, catalog: Catalog, rules: SignatureRules, gate: Gate) {
        keys = rules.keys
        self.catalog = catalog
        self.ports = ports
        self.rules = rules
        self.gate = gate
    }

    /// Why it cannot; empty when it can. Throws when too many ask at once.
    func reason() async throws(ElvesError) -> String {
        if gate.isClosed { return "the program is stopping" }
        try asking.enter()
        defer { asking.leave() }
        if !keys.isFresh { return "the keys are not loaded, or too old: is the supervisor running?" }
        if ports.hasSupervisor, !catalog.isLoaded {
            return "the list of apps is not loaded: is the supervisor running?"
        }
        if rules.areNoncesEarly { return "calls with a nonce are taken from the next second on" }
        let call = PortCall(timeout: .seconds(2))
        async let scheduler = Self.problem("scheduler", ports.hasScheduler) {
            _ = try await ports.scheduler.status(call)
        }
        async let heartbeat = Self.problem("heartbeat", ports.hasHeartbeat) {
            _ = try await ports.heartbeat.status(call)
        }
        return await [scheduler, heartbeat].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private static func problem(
        _ name: String, _ isThere: Bool, _ ask: @Sendable () async throws -> Void
    ) async -> String {
        guard isThere else { return "" }
        do {
            try await ask()
            return ""
        } catch {
            return "the \(name) does not answer: \(ElvesError(edge: error).message)"
        }
    }
}

extension HealthRoutes {
    private static func healthDescription(_ method: HTTPRequest.Method) -> RouteDescription {
        health(method == .get ? "health" : "healthHead", "Whether the program runs", failing: false)
    }

    private static func readyDescription(_ method: HTTPRequest.Method) -> RouteDescription {
        health(method == .get ? "ready" : "readyHead", "Whether calls would succeed", failing: true)
    }

    private static func health(_ id: String, _ summary: String, failing: Bool) -> RouteDescription {
        let outcomes = [RouteDescription.Outcome(status: 200, text: "It does.", schema: "Health")]
        let failure = RouteDescription.Outcome(status: 503, text: "Not yet, and why.", schema: "Health")
        return RouteDescription(
            id: id, tag: "health", summary: summary, security: .none, outcomes: outcomes + (failing ? [failure] : []))
    }

    private static let documentDescription = RouteDescription(
        id: "document", tag: "health", summary: "This document", security: .none,
        outcomes: [.init(status: 200, text: "OpenAPI 3.1.", schema: nil)])
}
