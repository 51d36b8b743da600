import ElvesContracts
import ElvesCore

// Between the words of scheduler.thrift and those of history and events.

extension HistoryQuery {
    init(_ query: TaskQuery) throws(ElvesError) {
        self.init()
        guard query.limit >= 0, query.limit <= 1_000 else {
            throw ElvesError(.schedulerRequestInvalid, "a page of \(query.limit) tasks; it holds 1 to 1000")
        }
        app = query.app
        function = query.func
        agent = ElvesID(rawValue: query.agentId)
        ip = query.ip
        for state in query.states {
            guard let known = ElvesCore.TaskState(rawValue: state.rawValue) else {
                throw ElvesError(.schedulerRequestInvalid, "there is no state \(state.rawValue)")
            }
            states.insert(known)
        }
        labels = query.labels
        caller = query.caller
        batch = ElvesID(rawValue: query.batchId)
        guard query.before >= 0 else {
            throw ElvesError(.schedulerRequestInvalid, "a page before \(query.before); it must be an id or 0")
        }
        if query.before > 0 { before = query.before }
        // Ids hold the time at which they were given.
        if query.createdSince > 0 { from = ElvesID(createdAtMs: query.createdSince)?.rawValue ?? 0 }
        if query.createdBefore > 0 { before = min(before, ElvesID(createdAtMs: query.createdBefore)?.rawValue ?? 0) }
        if query.limit > 0 { limit = Int(query.limit) }
    }
}

extension Event {
    init(_ event: SchedulerEvent) {
        self.init(
            id: event.id, at: event.at, kind: event.kind.name, taskId: event.task?.rawValue ?? 0,
            batchId: event.batch?.rawValue ?? 0, agentId: event.target.id?.rawValue ?? 0, ip: event.target.ip,
            agentName: event.target.name, app: event.app, func: event.function, version: event.version,
            state: event.state?.rawValue ?? 0, code: event.code, caller: event.caller, labels: event.labels,
            message: event.message)
    }
}

extension WebhookRecord {
    init(_ webhook: Webhook) throws(ElvesError) {
        self.init(url: webhook.url)
        for name in webhook.kinds {
            guard let kind = EventKind(name: name) else {
                throw ElvesError(
                    .schedulerWebhookInvalid,
                    "kinds has \"\(name)\"; there are \(EventKind.allCases.map(\.name).joined(separator: ", "))")
            }
            kinds.insert(kind)
        }
        for state in webhook.states {
            guard let known = ElvesCore.TaskState(rawValue: state), known.isEnd else {
                throw ElvesError(
                    .schedulerWebhookInvalid, "states has \(state), which no task ends in")
            }
            states.insert(known)
        }
        guard !webhook.apps.contains("") else {
            throw ElvesError(.schedulerWebhookInvalid, "apps has an empty name")
        }
        apps = Set(webhook.apps)
    }
}

extension Webhook {
    /// - Parameter secret: shown when it is made only.
    init(_ webhook: WebhookRecord, _ counts: DeliveryCounts = DeliveryCounts(), secret: String = "") {
        self.init(
            id: webhook.id, url: webhook.url, kinds: webhook.kinds.map(\.name).sorted(), apps: webhook.apps.sorted(),
            states: webhook.states.map(\.rawValue).sorted(), createdAt: webhook.createdAt, caller: webhook.caller,
            secret: secret, waiting: Int64(counts.waiting), dead: Int64(counts.dead))
    }
}

extension DeadLetter {
    init(_ delivery: WebhookDelivery) {
        self.init(
            id: delivery.id, webhookId: delivery.webhook, event: Event(delivery.event), tries: Int32(delivery.tries),
            lastTryAt: delivery.lastAt, problem: delivery.problem)
    }
}
