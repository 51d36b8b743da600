import AgentLinks
import Logging

@testable import Heartbeat

extension HeartbeatService {
    /// A service that has loaded its store, without its loops.
    static func loaded(
        _ store: any HeartbeatStore = InMemoryHeartbeatStore(), _ supervisor: FakeSupervisor = FakeSupervisor(),
        catalog: [CatalogEntry]? = nil, time: Timekeeper = .system,
        _ configure: (inout HeartbeatLimits) -> Void = { _ in }
    ) async throws -> HeartbeatService {
        var limits = HeartbeatLimits()
        limits.writeInterval = .milliseconds(1)
        limits.refreshInterval = .milliseconds(1)
        limits.catalogRetry = .milliseconds(2)
        configure(&limits)
        if let catalog { try await store.save(CatalogChange(generation: 1, complete: true, entries: catalog)) }
        let service = HeartbeatService(
            store: store, catalog: supervisor, files: supervisor, limits: limits, time: time,
            probeLimit: .milliseconds(50), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await service.load()
        return service
    }

    /// Runs the service's loops beside `body`.
    @discardableResult
    func whileRunning<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        try await withThrowingTaskGroup { group in
            group.addTask { await self.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }
}
