import ElvesCore

/// What `/openapi.json` says of the `/api/v3` calls, beside the code that they describe.
extension RouteDescription.Parameter {
    static let wait = Self(
        name: "wait", text: "Seconds to wait for the end, 0 to 3600; may have a fraction.",
        schema: ["type": "number", "minimum": 0, "maximum": 3600])
    static let on = Self(
        name: "on", text: "Which agents: selector, ips, names, or a comma list; absent means all.")
    static let exclude = Self(name: "exclude", text: "Which of them not, in the same words.")
    static let after = Self(name: "after", text: "The cursor that the last page gave as `next`.")
    static let limit = Self(
        name: "limit", text: "Entries of the page.",
        schema: ["type": "integer", "minimum": 1, "maximum": 1000, "default": 100])
    static let idempotencyKey = Self(
        name: "Idempotency-Key", text: "The same key with the same request is answered with the same record.",
        schema: ["type": "string", "minLength": 1, "maxLength": 255])
    static let lastEventID = Self(
        name: "Last-Event-ID", text: "What the stream that was cut off gave as its last id: it goes on behind it.")
    static let contentDigest = Self(
        name: "Content-Digest",
        text: "RFC 9530, `sha-256=:BASE64:` of the body; a signed package over 4 MiB needs it.")
}

extension TaskRoutes {
    static let createDescription = RouteDescription(
        id: "createTask", tag: "tasks",
        summary: "Run a function on one agent; without `wait` it is recorded before the answer", query: [.wait],
        headers: [.idempotencyKey], body: .json("TaskRequest"),
        outcomes: [
            .init(status: 200, text: "The task ended within the wait.", schema: "Task"),
            .init(status: 202, text: "The task has not ended yet.", schema: "Task"),
        ])
    static let listDescription = RouteDescription(
        id: "listTasks", tag: "tasks", summary: "What was run, newest first",
        query: [
            .init(name: "app", text: "Of this app."), .init(name: "function", text: "Of this function."),
            .init(name: "agent", text: "On this agent: ip, name or id."),
            .init(
                name: "state", text: "In any of these states; repeatable, or with commas between them.",
                schema: SchemaNames.list(SchemaNames.ref("TaskState")), isRepeatable: true),
            .init(
                name: "label", text: "With this label, NAME:VALUE; repeatable: with all of them.",
                schema: SchemaNames.texts, isRepeatable: true),
            .init(name: "caller", text: "Asked for by the key of this id."),
            .init(name: "batch", text: "Of the batch of this id."),
            .init(name: "since", text: "Created at this time or later, RFC 3339.", schema: Self.moment),
            .init(name: "until", text: "Created before this time, RFC 3339.", schema: Self.moment),
            .after, .limit,
        ],
        outcomes: [
            .init(
                status: 200, text: "A page of tasks. It may be short, even empty, before the end, which has no `next`.",
                schema: "TaskPage")
        ])
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    static let cancelDescription = RouteDescription(
        id: "cancelTask", tag: "tasks", summary: "End a task that has not started", query: [.wait],
        body: .optionalJSON("StopRequest"),
        outcomes: [.init(status: 200, text: "The task; one that ended before is as it was.", schema: "Task")])
    static let killDescription = RouteDescription(
        id: "killTask", tag: "tasks", summary: "End a task, also one that runs", query: [.wait],
        body: .optionalJSON("StopRequest"),
        outcomes: [.init(status: 200, text: "The task as it stands.", schema: "Task")])
    static let retryDescription = RouteDescription(
        id: "retryTask", tag: "tasks", summary: "Do an ended task again, as a new task", query: [.wait],
        headers: [.idempotencyKey],
        outcomes: [
            .init(status: 200, text: "The new task ended within the wait.", schema: "Task"),
            .init(status: 202, text: "The new task has not ended yet.", schema: "Task"),
        ])
    static let getDescription = RouteDescription(
        id: "getTask", tag: "tasks", summary: "How a task stands", query: [.wait],
        outcomes: [.init(status: 200, text: "The task.", schema: "Task")])
    static let explainDescription = RouteDescription(
        id: "explainTask", tag: "tasks", summary: "Each step on a task's way, with its time and rule",
        outcomes: [.init(status: 200, text: "The task and its hops.", schema: "TaskExplanation")])
}

extension BatchRoutes {
    static let createDescription = RouteDescription(
        id: "createBatch", tag: "batches", summary: "Run a function on many agents", headers: [.idempotencyKey],
        body: .json("BatchRequest"),
        outcomes: [.init(status: 201, text: "The batch, begun.", schema: "Batch")])
    static let listDescription = RouteDescription(
        id: "listBatches", tag: "batches", summary: "Batches that the key may see, newest first",
        query: [.init(name: "app", text: "Of this app."), .after, .limit],
        outcomes: [.init(status: 200, text: "A page of batches.", schema: "BatchPage")])
    static let groupsDescription = RouteDescription(
        id: "listBatchGroups", tag: "batches", summary: "Ended tasks of a batch, those that ended alike together",
        query: [.limit],
        outcomes: [.init(status: 200, text: "The groups, the largest first.", schema: "BatchGroups")])
    static let stopDescription = RouteDescription(
        id: "stopBatch", tag: "batches", summary: "Start no more tasks of a batch; with `kill` end those that run",
        body: .optionalJSON("BatchStopRequest"),
        outcomes: [.init(status: 200, text: "The batch as it stands.", schema: "Batch")])
    static let getDescription = RouteDescription(
        id: "getBatch", tag: "batches", summary: "How a batch stands", query: [.wait],
        outcomes: [.init(status: 200, text: "The batch.", schema: "Batch")])
    static let endsDescription = RouteDescription(
        id: "listBatchEnds", tag: "batches", summary: "Tasks of a batch in the order they ended",
        query: [.after, .limit, .wait],
        outcomes: [.init(status: 200, text: "A page of ended tasks.", schema: "BatchEnds")])
}

extension OutputRoutes {
    static let description = RouteDescription(
        id: "getTaskOutput", tag: "tasks", summary: "What a worker wrote, until now or as it writes",
        query: [
            .init(
                name: "stream", text: "Only this one of the two.",
                schema: ["type": "string", "enum": ["stdout", "stderr"]]),
            .init(
                name: "format", text: "`text` (the default), or `json`, which `Accept: application/json` means too.",
                schema: ["type": "string", "enum": ["text", "json"]]),
            .init(
                name: "follow", text: "Stream it as Server-Sent Events `output` and, when the task ended, `end`.",
                schema: ["type": "boolean", "default": false]),
            .init(name: "after", text: "The place that the last page gave as `next`, or the last event's id."),
            .init(
                name: "limit", text: "Bytes of the page, about; only with JSON.",
                schema: ["type": "integer", "minimum": 1, "maximum": 1_048_576, "default": 262_144]),
            .wait,
        ],
        headers: [.lastEventID],
        outcomes: [
            .init(
                status: 200, text: "A page of output.", schema: "OutputPage",
                others: ["text/plain", "text/event-stream"])
        ])
}

extension ReturnedFileRoutes {
    static let description = RouteDescription(
        id: "getTaskFile", tag: "tasks", summary: "A file that a worker returned",
        outcomes: [.init(status: 200, text: "Its content.", type: "application/octet-stream")])
}

extension BlobRoutes {
    static let uploadDescription = RouteDescription(
        id: "uploadBlob", tag: "files", summary: "Upload a file for calls to name",
        query: [.init(name: "digest", text: "The SHA-256 that the body must have, 64 hex digits.")],
        headers: [.contentDigest], body: .bytes,
        outcomes: [.init(status: 201, text: "The center has it.", schema: "Blob")])
    static let getDescription = RouteDescription(
        id: "getBlob", tag: "files", summary: "Whether the center has a content, by its SHA-256",
        outcomes: [.init(status: 200, text: "It has.", schema: "Blob")])
}

extension EventRoutes {
    static let description = RouteDescription(
        id: "listEvents", tag: "events", summary: "What happens, as Server-Sent Events; or a page of what happened",
        query: [
            .init(
                name: "kinds", text: "Only these kinds; repeatable, or with commas between them.",
                schema: SchemaNames.list(SchemaNames.ref("EventKind")), isRepeatable: true),
            .init(name: "app", text: "Only of this app."),
            .init(name: "after", text: "The id of the last event that you have, or a page's `next`."),
            .init(
                name: "last", text: "Begin so many events before the newest.",
                schema: ["type": "integer", "minimum": 1, "maximum": 1000]),
            .init(
                name: "format", text: "`stream` (the default), or `json`, which `Accept: application/json` means too.",
                schema: ["type": "string", "enum": ["stream", "json"]]),
            .limit, .wait,
        ],
        headers: [.lastEventID],
        outcomes: [.init(status: 200, text: "Events.", schema: "EventPage", others: ["text/event-stream"])])
}

extension WebhookRoutes {
    static let createDescription = RouteDescription(
        id: "createWebhook", tag: "events", summary: "Send events to an address; its secret is shown this once",
        body: .json("WebhookRequest"),
        outcomes: [.init(status: 201, text: "The webhook with its secret.", schema: "NewWebhook")])
    static let listDescription = RouteDescription(
        id: "listWebhooks", tag: "events", summary: "Every webhook that the key may see, without secrets",
        outcomes: [.init(status: 200, text: "The webhooks.", schema: "WebhookList")])
    static let deleteDescription = RouteDescription(
        id: "deleteWebhook", tag: "events", summary: "Send nothing more to an address",
        outcomes: [.init(status: 204, text: "It is gone.")])
    static let deadDescription = RouteDescription(
        id: "listDeadLetters", tag: "events", summary: "Events that a webhook did not take, newest first",
        query: [.after, .limit],
        outcomes: [.init(status: 200, text: "A page of dead letters.", schema: "DeadLetterPage")])
    static let redeliverDescription = RouteDescription(
        id: "redeliverDeadLetter", tag: "events", summary: "Try a dead letter again",
        outcomes: [.init(status: 204, text: "It is on its way again.")])
}

extension AgentRoutes {
    static let listDescription = RouteDescription(
        id: "listAgents", tag: "agents", summary: "Agents that the key may reach",
        query: [.on, .exclude, .after, .limit],
        outcomes: [.init(status: 200, text: "A page of agents.", schema: "AgentPage")])
    static let getDescription = RouteDescription(
        id: "getAgent", tag: "agents", summary: "One agent, by id, ip or name",
        outcomes: [.init(status: 200, text: "The agent.", schema: "Agent")])
    static let resolveDescription = RouteDescription(
        id: "resolveTargets", tag: "agents", summary: "Which agents a target text hits now", query: [.on, .exclude],
        outcomes: [.init(status: 200, text: "The agents, and words that hit none.", schema: "Resolution")])
}

extension AppRoutes {
    static let listDescription = RouteDescription(
        id: "listApps", tag: "apps", summary: "Every app that the key may use",
        outcomes: [.init(status: 200, text: "The apps.", schema: "AppList")])
    static let getDescription = RouteDescription(
        id: "getApp", tag: "apps", summary: "An app with the functions of its live version",
        outcomes: [.init(status: 200, text: "The app.", schema: "App")])
    static let activateDescription = RouteDescription(
        id: "activateApp", tag: "apps", summary: "Choose the version that agents run", body: .json("ActivateRequest"),
        outcomes: [.init(status: 200, text: "The app.", schema: "App")])
    static let bindDescription = RouteDescription(
        id: "bindApp", tag: "apps", summary: "Let agents run an app", body: .json("BindRequest"),
        outcomes: [.init(status: 200, text: "The app.", schema: "App")])
    static let unbindDescription = RouteDescription(
        id: "unbindApp", tag: "apps", summary: "Take a binding back",
        query: [.init(name: "targets", text: "The binding's targets, as they were given.", isRequired: true)],
        outcomes: [.init(status: 200, text: "The app.", schema: "App")])
    static let removeDescription = RouteDescription(
        id: "removeApp", tag: "apps", summary: "Remove an app from the center and its agents",
        outcomes: [.init(status: 204, text: "It is gone.")])
}

extension PushRoute {
    static let description = RouteDescription(
        id: "pushApp", tag: "apps", summary: "Push a package",
        query: [.init(name: "filename", text: "The file's name, such as hello_1.0.0.zip.", isRequired: true)],
        headers: [.contentDigest], body: .zip,
        outcomes: [.init(status: 201, text: "The version is stored.", schema: "PushResult")])
}

extension KeyRoutes {
    static let createDescription = RouteDescription(
        id: "createKey", tag: "keys", summary: "Make a key; secret and token are shown this once",
        body: .json("KeyRequest"),
        outcomes: [.init(status: 201, text: "The key with its secret and token.", schema: "NewKey")])
    static let listDescription = RouteDescription(
        id: "listKeys", tag: "keys", summary: "Every key, without secrets",
        outcomes: [.init(status: 200, text: "The keys.", schema: "KeyList")])
    static let revokeDescription = RouteDescription(
        id: "revokeKey", tag: "keys", summary: "Revoke a key",
        outcomes: [.init(status: 200, text: "The revoked key.", schema: "Key")])
}

extension ComponentRoutes {
    static let listDescription = RouteDescription(
        id: "listComponents", tag: "components", summary: "What each component says of itself",
        outcomes: [.init(status: 200, text: "The components.", schema: "ComponentList")])
    static let metricsDescription = RouteDescription(
        id: "metrics", tag: "components", summary: "This process's numbers as Prometheus text",
        outcomes: [.init(status: 200, text: "Prometheus text, version 0.0.4.")])
}
