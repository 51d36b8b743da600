public import Foundation

/// Something that happened.
public struct EventRecord: Sendable, Hashable, Codable {
    /// Its place among all events.
    public var id: Int
    /// When it happened.
    public var at: Date?
    /// `task.ended`, `batch.ended`, `agent.up`, `agent.down`, `app.installed`, `app.failed`.
    public var kind: String
    /// The task, if it is about one.
    public var taskID: String?
    /// The batch, if it is about one.
    public var batchID: String?
    /// The agent, if it is about one.
    public var agent: TaskRecord.Agent?
    /// The app.
    public var app: String?
    /// The function of the app.
    public var function: String?
    /// The app's version.
    public var version: String?
    /// How the task ended.
    public var state: TaskState?
    /// The error's code in the registry.
    public var code: String?
    /// Id of the key that asked.
    public var caller: String?
    /// The task's labels.
    public var labels: [String: String]
    /// Why, in words.
    public var message: String

    enum CodingKeys: String, CodingKey {
        case id, at, kind, agent, app, function, version, state, code, caller, labels, message
        case taskID = "task_id"
        case batchID = "batch_id"
    }
}

/// What came of following events.
public enum EventNews: Sendable, Hashable {
    /// Something happened.
    case event(EventRecord)
    /// Events before the next one are gone: the center keeps them only for so long.
    case lost
}

/// Events, oldest first.
public struct EventPage: Sendable, Hashable, Codable {
    /// The events of this page.
    public var events: [EventRecord]
    /// What to pass for the next page.
    public var next: Cursor
    /// Whether some before the first are gone.
    public var lost: Bool
}

/// Where events are to be sent. An empty list means all.
public struct WebhookRequest: Sendable, Hashable, Codable {
    /// http or https.
    public var url: String
    /// Kinds of events.
    public var kinds: [String]
    /// Apps.
    public var apps: [String]
    /// States of tasks that ended.
    public var states: [TaskState]

    /// A request for a webhook.
    public init(url: String, kinds: [String] = [], apps: [String] = [], states: [TaskState] = []) {
        self.url = url
        self.kinds = kinds
        self.apps = apps
        self.states = states
    }
}

/// Where events are sent.
public struct WebhookRecord: Sendable, Hashable, Codable {
    /// 16 hex digits.
    public var id: String
    /// http or https.
    public var url: String
    /// Kinds of events; empty: all.
    public var kinds: [String]
    /// Apps; empty: all.
    public var apps: [String]
    /// States of tasks that ended; empty: all.
    public var states: [TaskState]
    /// When it was made.
    public var createdAt: Date?
    /// Id of the key that made it.
    public var caller: String
    /// Events on their way.
    public var waiting: Int
    /// Events that it did not take.
    public var dead: Int
    /// The key of the signatures; only in the answer that makes it.
    public var secret: String?

    enum CodingKeys: String, CodingKey {
        case id, url, kinds, apps, states, caller, waiting, dead, secret
        case createdAt = "created_at"
    }
}

/// An event that a webhook did not take.
public struct DeadLetter: Sendable, Hashable, Codable {
    /// 16 hex digits.
    public var id: String
    /// The webhook.
    public var webhookID: String
    /// What it should have been told.
    public var event: EventRecord
    /// How often it was tried.
    public var tries: Int
    /// When it was tried last.
    public var lastTryAt: Date?
    /// What went wrong then.
    public var problem: String

    enum CodingKeys: String, CodingKey {
        case id, event, tries, problem
        case webhookID = "webhook_id"
        case lastTryAt = "last_try_at"
    }
}

/// Dead letters, newest first.
public struct DeadLetterPage: Sendable, Hashable, Codable {
    /// The letters of this page.
    public var dead: [DeadLetter]
    /// What to pass for the next page; nil at the end.
    public var next: Cursor?
}
