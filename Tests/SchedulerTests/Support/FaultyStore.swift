import ElvesCore
import Scheduler
import Synchronization
import TestSupport

/// A store that fails or dawdles when told to.
final class FaultyStore: SchedulerStore {
    struct Full: Error {}

    private struct State {
        var fails = false
        var delay: Duration = .zero
        var writes = 0
        var gaps = 0
        var lists = 0
        var commits: [Commit] = []
    }

    /// One write that was carried out.
    struct Commit: Sendable {
        let executions: [Execution]
        let durability: RecordDurability
    }

    private let inner: any SchedulerStore
    private let state = Mutex(State())

    init(_ inner: any SchedulerStore = InMemorySchedulerStore()) {
        self.inner = inner
    }

    /// Writes of tasks that were carried out.
    var commits: [Commit] { state.withLock { $0.commits } }

    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }
    var delay: Duration {
        get { state.withLock { $0.delay } }
        set { state.withLock { $0.delay = newValue } }
    }
    /// Holds claims of idempotency keys.
    let claims = Gate()
    /// Batches that were written as ended while records of their tasks were missing.
    var gaps: Int { state.withLock { $0.gaps } }
    /// Lists that were asked for.
    var lists: Int { state.withLock { $0.lists } }
    /// Writes that were tried.
    var writes: Int { state.withLock { $0.writes } }

    private func act() async throws {
        let (fails, delay) = state.withLock { state in
            state.writes += 1
            return (state.fails, state.delay)
        }
        if delay > .zero { try? await Task.sleep(for: delay) }
        if fails { throw Full() }
    }

    func create(_ execution: Execution, claim: IdempotencyClaim?) async throws -> ClaimResult {
        try await claims.pass()
        try await act()
        return try await inner.create(execution, claim: claim)
    }

    func create(_ batch: Batch, tasks: [PlannedTask], claim: IdempotencyClaim?) async throws -> ClaimResult {
        try await act()
        return try await inner.create(batch, tasks: tasks, claim: claim)
    }

    func write(_ executions: [Execution], batches: [Batch], _ durability: RecordDurability) async throws {
        try await act()
        try await inner.write(executions, batches: batches, durability)
        if !executions.isEmpty {
            state.withLock { $0.commits.append(Commit(executions: executions, durability: durability)) }
        }
        for batch in batches where batch.endedAt > 0 {
            let recorded = try await inner.progress(of: batch.id).states.values.reduce(0, +)
            if recorded < batch.total { state.withLock { $0.gaps += 1 } }
        }
    }

    func execution(_ id: ElvesID) async throws -> Execution? { try await inner.execution(id) }
    func executions(_ ids: [ElvesID]) async throws -> [Execution] { try await inner.executions(ids) }
    func batch(_ id: ElvesID) async throws -> Batch? { try await inner.batch(id) }
    func batchEnds(_ id: ElvesID, after: Int64, limit: Int) async throws -> [Execution] {
        try await inner.batchEnds(id, after: after, limit: limit)
    }
    func unfinished(limit: Int) async throws -> [Execution] { try await inner.unfinished(limit: limit) }
    func batches(of app: String, before: ElvesID?, limit: Int) async throws -> [Batch] {
        try await inner.batches(of: app, before: before, limit: limit)
    }
    func unfinishedBatches(limit: Int) async throws -> [Batch] { try await inner.unfinishedBatches(limit: limit) }
    func unrecorded(of batch: ElvesID, limit: Int) async throws -> [PlannedTask] {
        try await inner.unrecorded(of: batch, limit: limit)
    }
    func progress(of batch: ElvesID) async throws -> BatchProgress { try await inner.progress(of: batch) }
    func lastID() async throws -> ElvesID? { try await inner.lastID() }
    func retain(_ bounds: RetentionBounds) async throws -> Int { try await inner.retain(bounds) }

    var feed: RecordFeed { inner.feed }
    func history(_ query: HistoryQuery) async throws -> HistoryPage {
        state.withLock { $0.lists += 1 }
        return try await inner.history(query)
    }
    func index(threshold: Int) async throws -> Int { try await inner.index(threshold: threshold) }
    func results(of owner: String, after: Int64, limit: Int) async throws -> PlacedEnds {
        try await inner.results(of: owner, after: after, limit: limit)
    }
    func events(after: Int64, limit: Int) async throws -> EventList {
        try await inner.events(after: after, limit: limit)
    }
    func record(_ events: [SchedulerEvent], cursor: FleetCursor) async throws {
        try await act()
        try await inner.record(events, cursor: cursor)
    }
    func fleetCursor() async throws -> FleetCursor? { try await inner.fleetCursor() }
    func retainEvents(_ bounds: EventBounds) async throws -> Int { try await inner.retainEvents(bounds) }
    func add(_ webhook: WebhookRecord) async throws -> Int64 { try await inner.add(webhook) }
    func webhooks() async throws -> [WebhookRecord] { try await inner.webhooks() }
    func removeWebhook(_ id: Int64) async throws -> Bool { try await inner.removeWebhook(id) }
    func deliveryCounts() async throws -> [Int64: DeliveryCounts] { try await inner.deliveryCounts() }
    func dueDeliveries(_ webhook: Int64, now: Int64, limit: Int) async throws -> [WebhookDelivery] {
        try await inner.dueDeliveries(webhook, now: now, limit: limit)
    }
    func nextDelivery(_ webhook: Int64) async throws -> Int64? { try await inner.nextDelivery(webhook) }
    func settle(_ words: [Int64: DeliveryWord], now: Int64) async throws {
        try await inner.settle(words, now: now)
    }
    func trimDeliveries(
        _ webhook: Int64, keep: Int, problem: String, keepDead: Int, deadBefore: Int64
    ) async throws -> Int {
        try await inner.trimDeliveries(
            webhook, keep: keep, problem: problem, keepDead: keepDead, deadBefore: deadBefore)
    }
    func deadLetters(_ webhook: Int64, before: Int64, limit: Int) async throws -> [WebhookDelivery] {
        try await inner.deadLetters(webhook, before: before, limit: limit)
    }
    func revive(_ delivery: Int64, now: Int64) async throws -> Bool { try await inner.revive(delivery, now: now) }
}
