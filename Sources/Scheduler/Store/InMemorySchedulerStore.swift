package import ElvesCore
import Synchronization

/// A store that forgets everything when the process ends: for tests and trials.
package final class InMemorySchedulerStore: SchedulerStore {
    struct KeyName: Hashable {
        let caller: String
        let key: String
    }

    struct State {
        var executions: [ElvesID: Execution] = [:]
        var batches: [ElvesID: Batch] = [:]
        var plans: [ElvesID: [PlannedTask]] = [:]
        var keys: [KeyName: (subject: ElvesID, fingerprint: [UInt8])] = [:]
        var position: Int64 = 0
        var events: [SchedulerEvent] = []
        /// Events up to this one were deleted.
        var lost: Int64 = 0
        var places: [(owner: String, position: Int64, task: ElvesID)] = []
        /// Results of an owner up to this one were deleted, all or some.
        var lostResults: [String: Int64] = [:]
        var fleet: FleetCursor?
        var webhooks: [WebhookRecord] = []
        var deliveries: [WebhookDelivery] = []
        var lastWebhook: Int64 = 0
        var lastDelivery: Int64 = 0
    }

    let state = Mutex(State())
    package let feed = RecordFeed()

    /// Creates an empty store.
    package init() {}

    package func create(_ execution: Execution, claim: IdempotencyClaim?) async throws -> ClaimResult {
        state.withLock { state in
            if let claim, let taken = state.take(claim, for: execution.id) { return taken }
            state.executions[execution.id] = execution
            return .new
        }
    }

    package func create(
        _ batch: Batch, tasks: [PlannedTask], claim: IdempotencyClaim?
    ) async throws -> ClaimResult {
        state.withLock { state in
            if let claim, let taken = state.take(claim, for: batch.id) { return taken }
            state.batches[batch.id] = batch
            state.plans[batch.id] = tasks
            return .new
        }
    }

    package func write(
        _ executions: [Execution], batches: [Batch], _ durability: RecordDurability
    ) async throws {
        let topics = state.withLock { state in
            let before = state.position
            var owners: [RecordFeed.Topic: Int64] = [:]
            for execution in executions {
                let known = state.executions[execution.id]?.state
                if let known, !execution.state.mayReplace(known) { continue }
                state.executions[execution.id] = execution
                guard execution.state.isEnd else { continue }
                state.add(SchedulerEvent(end: execution))
                guard !execution.owner.isEmpty else { continue }
                state.places.append((execution.owner, state.position, execution.id))
                owners[.results(owner: execution.owner)] = state.position
            }
            for batch in batches {
                let hadEnded = state.batches[batch.id]?.endedAt ?? 0 > 0
                state.batches[batch.id] = batch
                if batch.endedAt > 0, !hadEnded { state.add(SchedulerEvent(end: batch)) }
            }
            return state.topics(since: before, owners)
        }
        feed.advance(topics)
    }

    package func execution(_ id: ElvesID) async throws -> Execution? {
        state.withLock { $0.executions[id] }
    }

    package func executions(_ ids: [ElvesID]) async throws -> [Execution] {
        state.withLock { state in ids.compactMap { state.executions[$0] } }
    }

    package func batch(_ id: ElvesID) async throws -> Batch? {
        state.withLock { $0.batches[id] }
    }

    package func batchEnds(_ id: ElvesID, after: Int64, limit: Int) async throws -> [Execution] {
        state.withLock { state in
            let ends = state.executions.values.filter { $0.batchID == id && $0.batchPlace > after }
            return Array(ends.sorted { $0.batchPlace < $1.batchPlace }.prefix(limit))
        }
    }

    package func unfinished(limit: Int) async throws -> [Execution] {
        state.withLock { state in
            let open = state.executions.values.filter { $0.endedAt == 0 }
            return Array(open.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    package func batches(of app: String, before: ElvesID?, limit: Int) async throws -> [Batch] {
        let found = state.withLock { state in
            state.batches.values.filter { batch in
                before.map { batch.id < $0 } ?? true && (app.isEmpty || batch.call.app == app)
            }
        }
        return found.sorted { $0.id > $1.id }.prefix(limit).map(\.withoutParam)
    }

    package func unfinishedBatches(limit: Int) async throws -> [Batch] {
        state.withLock { state in
            Array(state.batches.values.filter { $0.endedAt == 0 }.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    package func unrecorded(of batch: ElvesID, limit: Int) async throws -> [PlannedTask] {
        state.withLock { state in
            Array((state.plans[batch] ?? []).filter { state.executions[$0.id] == nil }.prefix(limit))
        }
    }

    package func progress(of batch: ElvesID) async throws -> BatchProgress {
        state.withLock { state in
            state.executions.values.filter { $0.batchID == batch }.reduce(into: BatchProgress()) {
                $0.states[$1.state, default: 0] += 1
                $0.lastPlace = max($0.lastPlace, $1.batchPlace)
            }
        }
    }

    package func lastID() async throws -> ElvesID? {
        state.withLock { state in
            let planned = state.plans.values.flatMap { $0.map(\.id) }
            return (Array(state.executions.keys) + Array(state.batches.keys) + planned).max()
        }
    }

    package func retain(_ bounds: RetentionBounds) async throws -> Int {
        state.withLock { $0.retain(bounds) }
    }
}

extension InMemorySchedulerStore.State {
    /// Records an event, and its deliveries.
    mutating func add(_ event: SchedulerEvent) {
        var event = event
        position += 1
        event.id = position
        events.append(event)
        for webhook in webhooks where webhook.takes(event) {
            lastDelivery += 1
            deliveries.append(
                WebhookDelivery(
                    id: lastDelivery, webhook: webhook.id, event: event, createdAt: event.at, tries: 0,
                    nextAt: 0, lastAt: 0, problem: "", isDead: false))
        }
    }

    /// Where what was recorded since `before` stands, for those who wait.
    func topics(
        since before: Int64, _ others: [RecordFeed.Topic: Int64] = [:]
    ) -> [RecordFeed.Topic: Int64] {
        guard position > before else { return [:] }
        var topics = others
        topics[.events] = position
        if let last = deliveries.last, last.event.id > before { topics[.deliveries] = last.event.id }
        return topics
    }

    /// Takes the key, or says who has it.
    fileprivate mutating func take(_ claim: IdempotencyClaim, for subject: ElvesID) -> ClaimResult? {
        let name = InMemorySchedulerStore.KeyName(caller: claim.caller, key: claim.key)
        if let owner = keys[name] { return .taken(by: owner.subject, fingerprint: owner.fingerprint) }
        keys[name] = (subject, claim.fingerprint)
        return nil
    }

    fileprivate mutating func retain(_ bounds: RetentionBounds) -> Int {
        let excess = executions.values.count { $0.endedAt > 0 } - bounds.keep
        // What has no record would be begun again: the tasks of a batch stay until it has ended.
        let ended = executions.values.filter { task in
            task.endedAt > 0 && task.batchID.flatMap { batches[$0] }?.endedAt != 0
        }.sorted { ($0.endedAt, $0.id) < ($1.endedAt, $1.id) }
        let old = ended.enumerated().filter { $0.offset < excess || $0.element.endedAt < bounds.before }
        let gone = Set(old.prefix(bounds.step).map(\.element.id))
        for id in gone { executions[id] = nil }
        for place in places where gone.contains(place.task) {
            lostResults[place.owner] = max(lostResults[place.owner] ?? 0, place.position)
        }
        places.removeAll { gone.contains($0.task) }
        let inUse = Set(executions.values.compactMap(\.batchID))
        let empty = batches.values.filter { $0.endedAt > 0 && !inUse.contains($0.id) }.map(\.id).sorted()
        let goneBatches = empty.prefix(max(0, bounds.step - gone.count))
        for id in goneBatches {
            batches[id] = nil
            plans[id] = nil
        }
        keys = keys.filter { executions[$0.value.subject] != nil || batches[$0.value.subject] != nil }
        return gone.count + goneBatches.count
    }
}
