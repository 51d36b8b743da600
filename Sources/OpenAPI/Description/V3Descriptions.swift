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
    static let contentDigest = Self(
        name: "Content-Digest",
        text: "RFC 9530, `sha-256=:BASE64:` of the body; a signed package over 4 MiB needs it.")
}

extension TaskRoutes {
    static let createDescription = RouteDescription(
        id: "createTask", tag: "tasks", summary: "Run a function on one agent", query: [.wait],
        headers: [.idempotencyKey], body: .json("TaskRequest"),
        outcomes: [
            .init(status: 200, text: "The task ended within the wait.", schema: "Task"),
            .init(status: 202, text: "The task has not ended yet.", schema: "Task"),
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
    static let getDescription = RouteDescription(
        id: "getBatch", tag: "batches", summary: "How a batch stands", query: [.wait],
        outcomes: [.init(status: 200, text: "The batch.", schema: "Batch")])
    static let endsDescription = RouteDescription(
        id: "listBatchEnds", tag: "batches", summary: "Tasks of a batch in the order they ended",
        query: [.after, .limit, .wait],
        outcomes: [.init(status: 200, text: "A page of ended tasks.", schema: "BatchEnds")])
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
