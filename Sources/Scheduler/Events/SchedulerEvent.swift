package import ElvesCore

/// What may happen.
package enum EventKind: Int, Sendable, Hashable, CaseIterable {
    case taskEnded = 1
    case batchEnded = 2
    case agentUp = 3
    case agentDown = 4
    case appInstalled = 5
    case appFailed = 6

    /// The word for it, such as `task.ended`.
    package var name: String {
        switch self {
        case .taskEnded: "task.ended"
        case .batchEnded: "batch.ended"
        case .agentUp: "agent.up"
        case .agentDown: "agent.down"
        case .appInstalled: "app.installed"
        case .appFailed: "app.failed"
        }
    }

    /// The kind of that word, nil when there is none.
    package init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

/// Something that happened.
package struct SchedulerEvent: Sendable, Hashable {
    /// Its place in the order in which events were recorded; 0 before it is.
    package var id: Int64 = 0
    /// UTC milliseconds.
    package let at: Int64
    package let kind: EventKind
    package var task: ElvesID?
    package var batch: ElvesID?
    package var target = TaskTarget(id: nil)
    package var app = ""
    package var function = ""
    package var version = ""
    /// Of a task's end.
    package var state: TaskState?
    package var code = ""
    package var caller = ""
    package var labels: [String: String] = [:]
    /// Why, in words; at most 1 KiB.
    package var message = ""

    /// Creates an event that is not recorded yet.
    package init(at: Int64, kind: EventKind) {
        self.at = at
        self.kind = kind
    }

    /// A task's end; at the time that its record says, unless it is another.
    init(end record: Execution, at: Int64? = nil) {
        self.init(at: at ?? record.endedAt, kind: .taskEnded)
        task = record.id
        batch = record.batchID
        target = record.target
        app = record.call.app
        function = record.call.function
        version = record.outcome.version
        state = record.state
        code = record.outcome.code
        caller = record.caller
        labels = record.call.labels
        if record.state != .succeeded { message = record.outcome.message.cut(to: HistoryLimits.textBytes) }
    }

    /// A batch's end.
    init(end batch: Batch) {
        self.init(at: batch.endedAt, kind: .batchEnded)
        self.batch = batch.id
        app = batch.call.app
        function = batch.call.function
        caller = batch.caller
        labels = batch.call.labels
        message = batch.stopReason.cut(to: HistoryLimits.textBytes)
    }
}

/// Events in the order in which they were recorded.
package struct EventList: Sendable, Hashable {
    package var events: [SchedulerEvent]
    /// Pass as `after` for the next ones.
    package var nextAfter: Int64
    /// Whether events after the given place are gone: retention took them.
    package var lost: Bool

    /// Creates a list.
    package init(events: [SchedulerEvent], nextAfter: Int64, lost: Bool) {
        self.events = events
        self.nextAfter = nextAfter
        self.lost = lost
    }
}

/// How far heartbeat's events were taken over.
package struct FleetCursor: Sendable, Hashable {
    /// Of heartbeat's start: ids of another mean nothing.
    package var epoch: Int64
    package var after: Int64

    /// Creates a cursor.
    package init(epoch: Int64, after: Int64) {
        self.epoch = epoch
        self.after = after
    }
}

/// What a step of a retention run may delete of the events.
package struct EventBounds: Sendable, Hashable {
    /// This many stay at most.
    package var keep: Int
    /// UTC milliseconds before which they go.
    package var before: Int64
    /// Deleted in one step, at most.
    package var step: Int

    /// Creates bounds.
    package init(keep: Int, before: Int64, step: Int) {
        self.keep = keep
        self.before = before
        self.step = step
    }
}
