package import ElvesContracts
import ElvesCore
import ServiceCore
package import Thrift

/// `elves-heartbeat` over Thrift.
package struct ThriftHeartbeat: HeartbeatPort {
    private let client: HeartbeatServiceClient
    private let component: ComponentServiceClient

    /// Speaks over the connection.
    package init(_ caller: any ThriftCaller) {
        client = HeartbeatServiceClient(caller)
        component = ComponentServiceClient(caller)
    }

    package func resolve(_ targets: String, exclude: String, _ call: PortCall) async throws -> Resolution {
        try await call.run { try await client.resolve(targets: targets, exclude: exclude, options: $0) }
    }

    package func agents(_ targets: String, after: Int64, limit: Int32, _ call: PortCall) async throws -> AgentPage {
        try await call.run { try await client.agents(targets: targets, after: after, limit: limit, options: $0) }
    }

    package func agent(_ ref: String, _ call: PortCall) async throws -> AgentInfo {
        try await call.run { try await client.agent(ref: ref, options: $0) }
    }

    package func status(_ call: PortCall) async throws -> ComponentStatus {
        try await call.run { try await component.status(options: $0) }
    }
}

/// `elves-supervisor` over Thrift.
package struct ThriftSupervisor: SupervisorPort {
    private let client: SupervisorServiceClient
    private let component: ComponentServiceClient

    /// Speaks over the connection.
    package init(_ caller: any ThriftCaller) {
        client = SupervisorServiceClient(caller)
        component = ComponentServiceClient(caller)
    }

    package func apps(_ call: PortCall) async throws -> [AppInfo] {
        try await call.run { try await client.apps(options: $0) }
    }

    package func app(_ name: String, _ call: PortCall) async throws -> AppInfo {
        try await call.run { try await client.app(app: name, options: $0) }
    }

    package func appVersion(_ app: String, version: String, _ call: PortCall) async throws -> AppVersion {
        try await call.run { try await client.appVersion(app: app, version: version, options: $0) }
    }

    package func beginPush(_ upload: PackageUpload, _ call: PortCall) async throws -> String {
        try await call.run { try await client.beginPush(upload: upload, options: $0) }
    }

    package func pushChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws {
        try await call.run { try await client.pushChunk(upload: upload, offset: offset, bytes: bytes, options: $0) }
    }

    package func finishPush(_ upload: String, _ call: PortCall) async throws -> PushResult {
        try await call.run { try await client.finishPush(upload: upload, options: $0) }
    }

    package func abortPush(_ upload: String, _ call: PortCall) async throws {
        try await call.run { try await client.abortPush(upload: upload, options: $0) }
    }

    package func activate(_ app: String, version: String, _ call: PortCall) async throws -> AppInfo {
        try await call.run { try await client.activate(app: app, version: version, options: $0) }
    }

    package func bind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo {
        try await call.run { try await client.bind(app: app, targets: targets, options: $0) }
    }

    package func unbind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo {
        try await call.run { try await client.unbind(app: app, targets: targets, options: $0) }
    }

    package func remove(_ app: String, _ call: PortCall) async throws {
        try await call.run { try await client.remove(app: app, options: $0) }
    }

    package func createKey(_ request: KeyRequest, _ call: PortCall) async throws -> NewKey {
        try await call.run { try await client.createKey(request: request, options: $0) }
    }

    package func keys(_ call: PortCall) async throws -> [KeyInfo] {
        try await call.run { try await client.keys(options: $0) }
    }

    package func revokeKey(_ id: String, _ call: PortCall) async throws -> KeyInfo {
        try await call.run { try await client.revokeKey(id: id, options: $0) }
    }

    package func keyChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> KeyChanges {
        try await call.run { try await client.keyChanges(after: after, waitMs: waitMs, options: $0) }
    }

    package func catalogChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> CatalogChanges {
        try await call.run { try await client.catalogChanges(after: after, waitMs: waitMs, options: $0) }
    }

    package func status(_ call: PortCall) async throws -> ComponentStatus {
        try await call.run { try await component.status(options: $0) }
    }
}

extension PortCall {
    /// Makes one Thrift call; what it throws becomes an entry of the registry.
    func run<Value>(_ body: (CallOptions) async throws -> Value) async throws -> Value {
        do {
            return try await body(
                CallOptions(
                    timeout: patience, trace: trace.isEmpty ? nil : trace, caller: caller.isEmpty ? nil : caller))
        } catch let error as ThriftError {
            throw ElvesError(error)
        } catch let fault as Fault {
            throw ElvesError(fault)
        }
    }
}

extension ElvesError {
    /// A call that did not come to an answer.
    init(_ error: ThriftError) {
        self.init(error.registered, error.message, cause: error)
    }
}
