import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/apps`, but for the push.
struct AppRoutes: Sendable {
    let supervisor: any SupervisorPort
    let access: Access
    let catchUp: CatchUp

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.get, "/api/v3/apps", Self.listDescription, list),
            gateway.route(.get, "/api/v3/apps/{app}", Self.getDescription, get),
            gateway.route(.post, "/api/v3/apps/{app}/activate", Self.activateDescription, activate),
            gateway.route(.post, "/api/v3/apps/{app}/bindings", Self.bindDescription, bind),
            gateway.route(.delete, "/api/v3/apps/{app}/bindings", Self.unbindDescription, unbind),
            gateway.route(.delete, "/api/v3/apps/{app}", Self.removeDescription, remove),
        ]
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        let scope = call.key.scope.apps
        let apps = try await supervisor.apps(call.port).filter { scope.isEmpty || scope.contains($0.app) }
        return Answer.json { json in
            json.object { json in
                json.key("apps")
                json.array(apps) { $0.app($1) }
            }
        }
    }

    @Sendable private func get(_ call: V3Call) async throws -> Response {
        let name = call.part("app")
        try access.require(call.key, app: name)
        let app = try await known(name) { try await supervisor.app(name, call.port) }
        let functions =
            app.liveVersion.isEmpty
            ? []
            : try await supervisor.appVersion(name, version: app.liveVersion, call.port).manifest.functions
        return Answer.json { $0.app(app, functions: functions) }
    }

    @Sendable private func activate(_ call: V3Call) async throws -> Response {
        let name = call.part("app")
        try access.requireAppAdmin(call.key, app: name)
        let version = try Fields(call.body, known: ["version"]).required("version")
        let app = try await known(name) { try await supervisor.activate(name, version: version, call.port) }
        await catchUp.until { catalog, _ in catalog[name]?.liveVersion == app.liveVersion }
        return Answer.json { $0.app(app) }
    }

    @Sendable private func bind(_ call: V3Call) async throws -> Response {
        let name = call.part("app")
        try access.requireAppAdmin(call.key, app: name)
        let targets = try Fields(call.body, known: ["targets"]).required("targets")
        let app = try await known(name) { try await supervisor.bind(name, targets: targets, call.port) }
        return Answer.json { $0.app(app) }
    }

    @Sendable private func unbind(_ call: V3Call) async throws -> Response {
        let name = call.part("app")
        try access.requireAppAdmin(call.key, app: name)
        guard let targets = call.query["targets"] else {
            throw ElvesError(
                .openapiRequestQuery, "the query names no targets: ?targets=…", details: ["parameter": "targets"])
        }
        let app = try await known(name) { try await supervisor.unbind(name, targets: targets, call.port) }
        return Answer.json { $0.app(app) }
    }

    @Sendable private func remove(_ call: V3Call) async throws -> Response {
        let name = call.part("app")
        try access.requireAppAdmin(call.key, app: name)
        try await known(name) { try await supervisor.remove(name, call.port) }
        await catchUp.until { catalog, _ in catalog[name] == nil }
        return Response(status: .noContent)
    }

    /// Runs the call; an unknown app comes back with the name that was perhaps meant.
    private func known<Value>(_ app: String, _ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch let error as ElvesError where error.code == .supervisorAppUnknown {
            throw ElvesError(
                .openapiAppUnknown, "no app \"\(app)\"" + Suggestion.phrase(for: app, in: catchUp.catalog.names),
                details: ["app": app])
        }
    }
}
