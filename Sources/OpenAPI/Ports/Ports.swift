package import ElvesContracts

/// What travels beside a call to another component.
package struct PortCall: Sendable, Hashable {
    /// W3C traceparent of the request that the call is made for.
    package var trace: String
    /// Id of the key that asked; empty for the edge's own calls.
    package var caller: String
    /// How long the answer is waited for, unless the deadline is nearer.
    package var timeout: Duration
    /// When the caller of the edge is to have an answer; nil where it named no time.
    package var deadline: ContinuousClock.Instant?

    /// How long an answer may take beyond what the caller waits for.
    package static let slack = Duration.seconds(2)

    /// Creates the accompaniment of a call.
    package init(trace: String = "", caller: String = "", timeout: Duration = .seconds(10)) {
        self.trace = trace
        self.caller = caller
        self.timeout = timeout
    }

    /// How long the answer is waited for from now on.
    package var patience: Duration {
        guard let deadline else { return timeout }
        return min(timeout, max(deadline - .now, .milliseconds(1)))
    }

    /// What is left of the caller's wait, for the other side to spend; all of it without a deadline.
    func left(of waitMs: Int64) -> Int64 {
        guard let deadline else { return waitMs }
        return max(0, min(waitMs, (deadline - Self.slack - .now).milliseconds))
    }

    /// A call for a caller that came at `arrival` and waits so long; one that does not wait sets no deadline.
    func answering(within waitMs: Int64, since arrival: ContinuousClock.Instant) -> PortCall {
        guard waitMs > 0 else { return self }
        var call = self
        call.deadline = arrival + .milliseconds(waitMs) + Self.slack
        return call
    }

    /// The same call, waited for longer by what the other side itself may wait.
    func waiting(_ milliseconds: Int64) -> PortCall {
        var call = self
        call.timeout += .milliseconds(milliseconds)
        return call
    }
}

/// What the edge asks of `elves-heartbeat`. Errors are `ElvesError`.
package protocol HeartbeatPort: Sendable {
    func resolve(_ targets: String, exclude: String, _ call: PortCall) async throws -> Resolution
    func agents(_ targets: String, after: Int64, limit: Int32, _ call: PortCall) async throws -> AgentPage
    func agent(_ ref: String, _ call: PortCall) async throws -> AgentInfo
    func status(_ call: PortCall) async throws -> ComponentStatus
}

/// What the edge asks of `elves-supervisor`. Errors are `ElvesError`.
package protocol SupervisorPort: Sendable {
    func apps(_ call: PortCall) async throws -> [AppInfo]
    func app(_ name: String, _ call: PortCall) async throws -> AppInfo
    func appVersion(_ app: String, version: String, _ call: PortCall) async throws -> AppVersion
    func beginPush(_ upload: PackageUpload, _ call: PortCall) async throws -> String
    func pushChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws
    func finishPush(_ upload: String, _ call: PortCall) async throws -> PushResult
    func abortPush(_ upload: String, _ call: PortCall) async throws
    func activate(_ app: String, version: String, _ call: PortCall) async throws -> AppInfo
    func bind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo
    func unbind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo
    func remove(_ app: String, _ call: PortCall) async throws
    func createKey(_ request: KeyRequest, _ call: PortCall) async throws -> NewKey
    func keys(_ call: PortCall) async throws -> [KeyInfo]
    func revokeKey(_ id: String, _ call: PortCall) async throws -> KeyInfo
    func keyChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> KeyChanges
    func catalogChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> CatalogChanges
    func status(_ call: PortCall) async throws -> ComponentStatus
}

/// The components that the edge stands in front of. Each can be left out.
package struct Ports: Sendable {
    package let scheduler: any SchedulerPort
    package let heartbeat: any HeartbeatPort
    package let supervisor: any SupervisorPort
    let hasScheduler: Bool
    let hasHeartbeat: Bool
    let hasSupervisor: Bool

    /// Names the three; calls of one that is nil are answered with `openapi.module.…`.
    package init(
        scheduler: (any SchedulerPort)?, heartbeat: (any HeartbeatPort)?, supervisor: (any SupervisorPort)?
    ) {
        self.scheduler = scheduler ?? AbsentScheduler()
        self.heartbeat = heartbeat ?? AbsentHeartbeat()
        self.supervisor = supervisor ?? AbsentSupervisor()
        hasScheduler = scheduler != nil
        hasHeartbeat = heartbeat != nil
        hasSupervisor = supervisor != nil
    }
}
