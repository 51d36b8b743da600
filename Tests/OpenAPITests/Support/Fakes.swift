import ElvesContracts
import ElvesCore
import Synchronization

@testable import OpenAPI

/// A scheduler that answers what the test says and remembers what it was asked.
final class FakeScheduler: SchedulerPort {
    struct State {
        var executed: [ExecuteRequest] = []
        var batches: [BatchRequest] = []
        var calls: [PortCall] = []
        var answer: @Sendable (ExecuteRequest) throws -> TaskRecord = { request in
            TaskRecord(
                id: 0x0123_4567_89ab_cdef, app: request.app, func: request.func, param: request.param, agentId: 7,
                ip: request.ip, state: .succeeded, attempt: 1, createdAt: 1_767_323_045_678,
                endedAt: 1_767_323_045_690, flag: 1, message: "hello", costMs: 12, timeoutMs: request.timeoutMs ?? 0)
        }
        var failure: ElvesError?
        var delay: Duration?
        var history: [TaskRecord] = []
        var queries: [TaskQuery] = []
        var cancelled: [(id: Int64, kill: Bool, reason: String)] = []
        var retried: [(idempotencyKey: String, once: Bool)] = []
        var batchRecords: [BatchRecord] = []
        var stopped: [(id: Int64, kill: Bool, reason: String)] = []
        var webhooks: [Webhook] = []
        var redelivered: [Int64] = []
    }

    let state = Mutex(State())
    let output = PlayedOutput()
    let blobs = PlayedBlobs()
    let events = PlayedEvents()

    func delay(_ time: Duration?) { state.withLock { $0.delay = time } }

    var executed: [ExecuteRequest] { state.withLock(\.executed) }
    var batches: [BatchRequest] { state.withLock(\.batches) }

    func answers(_ answer: @escaping @Sendable (ExecuteRequest) throws -> TaskRecord) {
        state.withLock { $0.answer = answer }
    }

    func fails(_ error: ElvesError?) { state.withLock { $0.failure = error } }

    func check(_ call: PortCall) throws {
        if let failure = state.withLock({ state in
            state.calls.append(call)
            return state.failure
        }) {
            throw failure
        }
    }

    func execute(_ request: ExecuteRequest, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        try check(call)
        let answer = state.withLock { state in
            state.executed.append(request)
            return state.answer
        }
        if let delay = state.withLock(\.delay) { try await Task.sleep(for: delay) }
        return try answer(request)
    }

    func task(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> TaskRecord {
        try check(call)
        guard id == 0x0123_4567_89ab_cdef else { throw ElvesError(.schedulerTaskUnknown, "no such task") }
        var task = try state.withLock(\.answer)(ExecuteRequest(app: "hello", func: "greet", ip: "10.0.0.1"))
        task.hops = [Hop(place: "scheduler", event: "dispatched", atMicros: 40, rule: "")]
        return task
    }

    func createBatch(_ request: BatchRequest, _ call: PortCall) async throws -> BatchRecord {
        try check(call)
        state.withLock { $0.batches.append(request) }
        return BatchRecord(
            id: 9, app: request.app, func: request.func, total: Int32(request.targets.count),
            states: [.running: Int32(request.targets.count)], createdAt: 1, concurrency: 500, labels: request.labels)
    }

    func batch(_ id: Int64, waitMs: Int64, _ call: PortCall) async throws -> BatchRecord {
        try check(call)
        if let batch = state.withLock({ $0.batchRecords.first { $0.id == id } }) { return batch }
        guard id == 9 else { throw ElvesError(.schedulerBatchUnknown, "no such batch") }
        return BatchRecord(
            id: 9, app: "hello", func: "greet", total: 2, states: [.succeeded: 2], createdAt: 1,
            labels: ["why": "test"])
    }

    func batchEnds(_ id: Int64, after: Int64, limit: Int32, waitMs: Int64, _ call: PortCall) async throws -> BatchEnds {
        try check(call)
        let task = try state.withLock(\.answer)(ExecuteRequest(app: "hello", func: "greet", ip: "10.0.0.1"))
        return BatchEnds(tasks: [task], nextAfter: after + 1, done: true)
    }

    func status(_ call: PortCall) async throws -> ComponentStatus {
        try check(call)
        return ComponentStatus(role: "scheduler", instance: "s1", version: "1", ready: true)
    }
}

/// An inventory of four agents: 10.0.0.1 to 10.0.0.4, named a1 to a4; the first two have zone=bj.
final class FakeHeartbeat: HeartbeatPort {
    let resolved = Mutex<[String]>([])
    /// Names that more than one agent has.
    let shared = Mutex<Set<String>>([])
    let failure = Mutex<ElvesError?>(nil)
    /// Agents that `*` and `role=many` hit, when they are not the four.
    let many = Mutex<[AgentInfo]>([])

    static let agents = (1...4).map { AgentInfo(id: $0, ip: "10.0.0.\($0)", name: "a\($0)", alive: true) }

    func fails(_ error: ElvesError?) { failure.withLock { $0 = error } }

    private func check() throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func hit(_ word: String) -> [AgentInfo] {
        let many = many.withLock { $0 }
        switch word {
        case "*" where !many.isEmpty, "role=many": return many
        default: break
        }
        return switch word {
        case "*": Self.agents
        case "zone=bj": Array(Self.agents.prefix(2))
        default: Self.agents.filter { $0.ip == word || $0.name == word || ElvesID(word)?.rawValue == $0.id }
        }
    }

    func resolve(_ targets: String, exclude: String, _ call: PortCall) async throws -> Resolution {
        try check()
        resolved.withLock { $0.append(targets) }
        let words = targets.split(separator: ",").map(String.init)
        if let word = words.first(where: { word in shared.withLock { $0.contains(word) } }) {
            throw ElvesError(.heartbeatAgentAmbiguous, "2 agents are called \"\(word)\"")
        }
        let out = Set(exclude.split(separator: ",").flatMap { hit(String($0)).map(\.id) })
        let agents = words.flatMap(hit).filter { !out.contains($0.id) }
        return Resolution(
            agents: agents.map { AgentRef(id: $0.id, ip: $0.ip, name: $0.name, alive: true) }, generation: 42,
            unmatched: words.filter { hit($0).isEmpty })
    }

    func agents(_ targets: String, after: Int64, limit: Int32, _ call: PortCall) async throws -> AgentPage {
        try check()
        let page = hit(targets).filter { $0.id > after }.prefix(Int(limit))
        let more = (page.last?.id ?? 4) < 4
        return AgentPage(agents: Array(page), nextAfter: more ? page.last?.id ?? 0 : 0)
    }

    func agent(_ ref: String, _ call: PortCall) async throws -> AgentInfo {
        try check()
        guard let agent = hit(ref).first else { throw ElvesError(.heartbeatAgentUnknown, "no agent \(ref)") }
        return agent
    }

    func status(_ call: PortCall) async throws -> ComponentStatus {
        try check()
        return ComponentStatus(role: "heartbeat", instance: "h1", version: "1", ready: true)
    }
}

/// A supervisor with the apps hello and elder, which keeps pushed bytes and made keys.
final class FakeSupervisor: SupervisorPort {
    struct State {
        var pushed: [UInt8] = []
        var chunks: [Int] = []
        var begun = 0
        var finished = 0
        var aborted = 0
        var keyChanges = KeyChanges(generation: 1, complete: true)
        var catalog = CatalogChanges(generation: 1, complete: true)
        var failure: ElvesError?
        var keyPolls = 0
        var revoked: [String] = []
    }

    let state = Mutex(State())

    func fails(_ error: ElvesError?) { state.withLock { $0.failure = error } }

    private func check() throws {
        if let failure = state.withLock(\.failure) { throw failure }
    }

    private static let hello = AppInfo(
        app: "hello", summary: "Says hello", liveVersion: "1.0.0", versions: ["1.0.0"],
        bindings: [Binding(app: "hello", targets: "*", createdAt: 1_767_323_045_678)], updatedAt: 1_767_323_045_678)

    func apps(_ call: PortCall) async throws -> [AppInfo] {
        try check()
        return [Self.hello, AppInfo(app: "elder")]
    }

    func app(_ name: String, _ call: PortCall) async throws -> AppInfo {
        try check()
        guard name == "hello" else { throw ElvesError(.supervisorAppUnknown, "no app") }
        return Self.hello
    }

    func appVersion(_ app: String, version: String, _ call: PortCall) async throws -> AppVersion {
        AppVersion(app: app, version: version, manifest: AppManifest(functions: [AppFunction(name: "greet")]))
    }

    func beginPush(_ upload: PackageUpload, _ call: PortCall) async throws -> String {
        try check()
        state.withLock { $0.begun += 1 }
        return "u1"
    }

    func pushChunk(_ upload: String, offset: Int64, bytes: [UInt8], _ call: PortCall) async throws {
        try check()
        state.withLock { state in
            precondition(offset == state.pushed.count)
            state.pushed += bytes
            state.chunks.append(bytes.count)
        }
    }

    func finishPush(_ upload: String, _ call: PortCall) async throws -> PushResult {
        try check()
        state.withLock { $0.finished += 1 }
        return PushResult(version: AppVersion(app: "hello", version: "2.0.0", tree: Tree(digest: [1, 2])))
    }

    /// As over a connection: a caller that was cancelled reaches nobody.
    func abortPush(_ upload: String, _ call: PortCall) async throws {
        try Task.checkCancellation()
        state.withLock { $0.aborted += 1 }
    }

    func activate(_ app: String, version: String, _ call: PortCall) async throws -> AppInfo {
        try await self.app(app, call)
    }
    func bind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo {
        try await self.app(app, call)
    }
    func unbind(_ app: String, targets: String, _ call: PortCall) async throws -> AppInfo {
        try await self.app(app, call)
    }
    func remove(_ app: String, _ call: PortCall) async throws { _ = try await self.app(app, call) }

    func createKey(_ request: KeyRequest, _ call: PortCall) async throws -> NewKey {
        let info = KeyInfo(id: "new", comment: request.comment, scope: request.scope)
        return NewKey(info: info, secret: "s3cret", token: "t0ken")
    }

    func keys(_ call: PortCall) async throws -> [KeyInfo] { [KeyInfo(id: "admin")] }

    func revokeKey(_ id: String, _ call: PortCall) async throws -> KeyInfo {
        state.withLock { $0.revoked.append(id) }
        return KeyInfo(id: id, revoked: true)
    }

    func keyChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> KeyChanges {
        try check()
        return try await news(after: after, waitMs: waitMs) { state in
            state.keyPolls += 1
            return (state.keyChanges, state.keyChanges.generation)
        }
    }

    func catalogChanges(after: Int64, waitMs: Int64, _ call: PortCall) async throws -> CatalogChanges {
        try check()
        return try await news(after: after, waitMs: waitMs) { ($0.catalog, $0.catalog.generation) }
    }

    /// A long poll that looks every 2 ms.
    private func news<Changes: Sendable>(
        after: Int64, waitMs: Int64, _ read: (inout State) -> (Changes, Int64)
    ) async throws -> Changes {
        let end = ContinuousClock.now + .milliseconds(waitMs)
        while true {
            try check()
            let (changes, generation) = state.withLock { read(&$0) }
            if generation > after || ContinuousClock.now >= end { return changes }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    func status(_ call: PortCall) async throws -> ComponentStatus {
        try check()
        return ComponentStatus(role: "supervisor", instance: "p1", version: "1", ready: true)
    }
}
