package import ElvesCore

/// Which tasks of the history.
package struct HistoryQuery: Sendable, Hashable {
    /// Empty, nil: does not matter. The same holds for what follows.
    package var app = ""
    package var function = ""
    package var agent: ElvesID?
    package var ip = ""
    /// Any of these.
    package var states: Set<TaskState> = []
    /// All of these.
    package var labels: [String: String] = [:]
    package var caller = ""
    package var batch: ElvesID?
    /// The smallest id that may be in the page.
    package var from: Int64 = 0
    /// Ids in the page are smaller.
    package var before: Int64 = .max
    /// 1 to 1000.
    package var limit = 100

    /// All tasks.
    package init() {}
}

extension HistoryQuery {
    /// Whether the record is one of those asked for, whatever its id.
    func matches(_ entry: HistoryEntry) -> Bool {
        (states.isEmpty || states.contains(entry.state)) && (app.isEmpty || app == entry.app)
            && (function.isEmpty || function == entry.function) && (agent == nil || agent == entry.agent)
            && (ip.isEmpty || ip == entry.ip) && (caller.isEmpty || caller == entry.caller)
            && (batch == nil || batch == entry.batch)
            && (labels.isEmpty || labels.allSatisfy { entry.labels[$0.key] == $0.value })
    }

    /// Whether the page may hold that id.
    func covers(_ id: ElvesID) -> Bool { id.rawValue >= from && id.rawValue < before }
}

/// What a list filters by, of one task.
struct HistoryEntry: Sendable {
    let id: ElvesID
    let batch: ElvesID?
    let app: String
    let function: String
    let agent: ElvesID?
    let ip: String
    let caller: String
    let state: TaskState
    let labels: [String: String]

    init(_ record: Execution) {
        id = record.id
        batch = record.batchID
        app = record.call.app
        function = record.call.function
        agent = record.target.id
        ip = record.target.ip
        caller = record.caller
        state = record.state
        labels = record.call.labels
    }
}

/// Tasks, newest first.
package struct HistoryPage: Sendable, Hashable {
    package var executions: [Execution]
    /// Pass as `before` for the next page; nil at the end.
    package var nextBefore: Int64?

    /// Creates a page.
    package init(executions: [Execution], nextBefore: Int64?) {
        self.executions = executions
        self.nextBefore = nextBefore
    }
}
