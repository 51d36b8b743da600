package import ElvesCore

/// Where events are sent.
package struct WebhookRecord: Sendable, Hashable {
    package var id: Int64 = 0
    package var url: String
    /// Empty: all. The same holds for apps and states.
    package var kinds: Set<EventKind> = []
    package var apps: Set<String> = []
    /// States of task ends.
    package var states: Set<TaskState> = []
    /// UTC milliseconds.
    package var createdAt: Int64 = 0
    package var caller = ""
    /// Key of the signatures.
    package var secret = ""

    /// Creates a webhook that takes everything.
    package init(url: String) {
        self.url = url
    }

    /// Whether the event is sent there.
    func takes(_ event: SchedulerEvent) -> Bool {
        guard kinds.isEmpty || kinds.contains(event.kind) else { return false }
        guard apps.isEmpty || apps.contains(event.app) else { return false }
        guard !states.isEmpty, event.kind == .taskEnded else { return true }
        return event.state.map(states.contains) ?? false
    }
}

/// An event on its way to a webhook.
package struct WebhookDelivery: Sendable, Hashable {
    package let id: Int64
    package let webhook: Int64
    package let event: SchedulerEvent
    package var createdAt: Int64
    package var tries: Int
    /// UTC milliseconds before which it is not tried; 0 before the first try, which waits for no clock.
    package var nextAt: Int64
    /// UTC milliseconds of the last try; 0 before.
    package var lastAt: Int64
    /// What went wrong at the last try.
    package var problem: String
    package var isDead: Bool
}

/// What came of a try to deliver.
package enum DeliveryWord: Sendable, Hashable {
    case taken
    /// It is tried again at that time, UTC milliseconds.
    case retry(at: Int64, problem: String)
    /// It is not tried again by itself.
    case dead(problem: String)
}

/// How many deliveries of a webhook wait, and how many are dead letters.
package struct DeliveryCounts: Sendable, Hashable {
    package var waiting = 0
    package var dead = 0
}
