import ElvesContracts
import ElvesCore
import HTTPTypes
import Hummingbird

/// `/api/v3/keys`.
struct KeyRoutes: Sendable {
    let supervisor: any SupervisorPort
    let access: Access
    let catchUp: CatchUp

    func routes(_ gateway: V3Gateway) -> [Route] {
        [
            gateway.route(.post, "/api/v3/keys", Self.createDescription, create),
            gateway.route(.get, "/api/v3/keys", Self.listDescription, list),
            gateway.route(.delete, "/api/v3/keys/{id}", Self.revokeDescription, revoke),
        ]
    }

    @Sendable private func create(_ call: V3Call) async throws -> Response {
        try access.requireAdmin(call.key)
        let fields = try Fields(call.body, known: SchemaNames.members(of: "KeyRequest"))
        let scope = KeyScope(
            apps: try fields.texts("apps"), functions: try fields.texts("functions"),
            agents: try fields.texts("agents"), admin: try fields.flag("admin"))
        guard call.key.scope.covers(KeyEntry.Scope(scope)) else {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(call.key.id)\" cannot make a key with more rights than its own")
        }
        let request = KeyRequest(
            comment: try fields.text("comment") ?? "", scope: scope, legacyMd5: try fields.flag("legacy_md5"),
            requireNonce: try fields.flag("require_nonce"))
        let made = try await supervisor.createKey(request, call.port)
        let id = made.info.id
        await catchUp.until { _, keys in keys.current?.key(id: id) != nil }
        return Answer.json(.created, headers: [.cacheControl: "no-store"]) { json in
            json.key(made.info, secret: (made.secret, made.token))
        }
    }

    @Sendable private func list(_ call: V3Call) async throws -> Response {
        try access.requireAdmin(call.key)
        let keys = try await supervisor.keys(call.port)
        return Answer.json { json in
            json.object { json in
                json.key("keys")
                json.array(keys) { $0.key($1) }
            }
        }
    }

    @Sendable private func revoke(_ call: V3Call) async throws -> Response {
        try access.requireAdmin(call.key)
        let id = call.part("id")
        if let key = catchUp.keys.current?.key(id: id), !call.key.scope.covers(key.scope) {
            throw ElvesError(
                .openapiAuthDenied, "key \"\(call.key.id)\" cannot revoke a key with more rights than its own")
        }
        let info = try await supervisor.revokeKey(id, call.port)
        await catchUp.until { _, keys in keys.current?.key(id: id) == nil }
        return Answer.json { $0.key(info) }
    }
}
