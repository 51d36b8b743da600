import ElvesContracts
import ElvesCore

/// A center without `elves-heartbeat`: every call says that it is not enabled.
struct AbsentHeartbeat: HeartbeatPort {
    private let error = ElvesError(.openapiModuleHeartbeat)

    func resolve(_ targets: String, exclude: String, _ call: PortCall) async throws -> Resolution { throw error }
    func agents(_ targets: String, after: Int64, limit: Int32, _ call: PortCall) async throws -> AgentPage {
        throw error
    }
    func agent(_ ref: String, _ call: PortCall) async throws -> AgentInfo { throw error }
    func status(_ call: PortCall) async throws -> ComponentStatus { throw error }
}

/// A center without `elves-supervisor`, ELVES 2.0's simple mode: every call says that it is not enabled.
struct AbsentSupervisor: SupervisorPort {
    private let error = ElvesError(.openapiModuleSupervisor)

    func apps(_ call: PortCall) async throws -> [AppInfo] { throw error }
    func app(_ name: String, _ call: PortCall) async throws -> AppInfo { throw error }
    func appVersion(_ app: String, version: String, _ call: PortCall) async throws -> AppVersion { throw error }
    func beginPush(_ upload: PackageUpload, _ call: PortCall) async throws -> String { throw error }
    func pushChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws { throw error }
    func finishPush(_ upload: String, _ call: PortCall) async throws -> PushResult { throw error }
    func abortPush(_ upload: String, _ call: PortCall) async throws { throw error }
    func activate(_ app: String, version: String, _ call: PortCall) async throws -> AppInfo { throw error }
    func bind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo { throw error }
    func unbind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo { throw error }
    func remove(_ app: String, _ call: PortCall) async throws { throw error }
    func createKey(_ request: KeyRequest, _ call: PortCall) async throws -> NewKey { throw error }
    func keys(_ call: PortCall) async throws -> [KeyInfo] { throw error }
    func revokeKey(_ id: String, _ call: PortCall) async throws -> KeyInfo { throw error }
    func keyChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> KeyChanges { throw error }
    func catalogChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> CatalogChanges { throw error }
    func status(_ call: PortCall) async throws -> ComponentStatus { throw error }
}
