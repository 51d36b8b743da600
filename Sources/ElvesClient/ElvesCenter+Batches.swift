/// What to run, on which agents.
public struct BatchRequest: Sendable, Hashable, Codable {
    /// The app.
    public var app: String
    /// The function of the app.
    public var function: String
    /// Selector, ips, names, or a comma list of them; `*` is every agent.
    public var targets: String
    /// Agents to leave out, in the same words.
    public var exclude: String?
    /// What the function is given.
    public var param: JSONValue?
    /// Seconds a worker may run; absent: what the app's manifest says.
    public var timeout: Double?
    /// Tasks running at once; absent: the center's limit.
    public var concurrency: Int?
    /// Your own labels.
    public var labels: [String: String]?
    /// Seconds within which the agent must be connected; absent: at once, or the task ends unreachable.
    public var startBy: Double?
    /// New attempts after one that ended badly; only for functions that their manifest calls idempotent.
    public var retries: Retries?
    /// Files that are laid beside the worker before it starts.
    public var files: [CallFile]?
    /// How many tasks may end badly before it stops; absent: no limit.
    public var maxFailures: FailureLimit?

    enum CodingKeys: String, CodingKey {
        case app, function, targets, exclude, param, timeout, concurrency, labels, retries, files
        case startBy = "start_by"
        case maxFailures = "max_failures"
    }

    /// A request for a batch.
    public init(
        app: String, function: String, targets: String, exclude: String? = nil, param: JSONValue? = nil,
        timeout: Double? = nil, concurrency: Int? = nil, labels: [String: String]? = nil, startBy: Double? = nil,
        retries: Retries? = nil, files: [CallFile]? = nil, maxFailures: FailureLimit? = nil
    ) {
        self.app = app
        self.function = function
        self.targets = targets
        self.exclude = exclude
        self.param = param
        self.timeout = timeout
        self.concurrency = concurrency
        self.labels = labels
        self.startBy = startBy
        self.retries = retries
        self.files = files
        self.maxFailures = maxFailures
    }
}

extension ElvesCenter {
    /// Starts a function on many agents and answers at once.
    public func createBatch(
        _ request: BatchRequest, idempotencyKey: String? = nil
    ) async throws(CenterError) -> BatchRecord {
        try await ask(try Self.creating(request, idempotencyKey: idempotencyKey))
    }

    /// The batch of that id; waits up to `wait` for its end.
    public func batch(_ id: String, wait: Duration = .zero) async throws(CenterError) -> BatchRecord {
        try await ask(
            Call(.get, ["api", "v3", "batches", id], query: [("wait", wait.seconds)], patience: wait + .seconds(30)))
    }

    /// One page of batches, newest first; of one app, or all that the key may see.
    public func batches(
        ofApp app: String? = nil, after cursor: Cursor? = nil, limit: Int = 100
    ) async throws(CenterError) -> BatchPage {
        try await ask(
            Call(
                .get, ["api", "v3", "batches"],
                query: [("app", app), ("after", cursor?.text), ("limit", String(limit))]))
    }

    /// Starts no more tasks of a batch; with `kill` also ends those that run.
    public func stopBatch(
        _ id: String, kill: Bool = false, reason: String? = nil
    ) async throws(CenterError) -> BatchRecord {
        struct Body: Encodable {
            var kill: Bool
            var reason: String?
        }
        return try await ask(try .posting(["api", "v3", "batches", id, "stop"], Body(kill: kill, reason: reason)))
    }

    /// Ended tasks of a batch, those that ended alike together, the largest group first.
    public func groups(ofBatch id: String, limit: Int = 100) async throws(CenterError) -> [BatchGroup] {
        struct Answer: Decodable { var groups: [BatchGroup] }
        let call = Call(.get, ["api", "v3", "batches", id, "groups"], query: [("limit", String(limit))])
        return try await ask(call, as: Answer.self).groups
    }

    /// Tasks that ended after a cursor; waits up to `wait` for at least one.
    public func ends(
        ofBatch id: String, after cursor: Cursor? = nil, limit: Int = 1000, wait: Duration = .zero
    ) async throws(CenterError) -> BatchEnds {
        try await ask(
            Call(
                .get, ["api", "v3", "batches", id, "ends"],
                query: [("after", cursor?.text), ("limit", String(limit)), ("wait", wait.seconds)],
                patience: wait + .seconds(30)))
    }

    /// The call that creates a batch.
    package static func creating(_ request: BatchRequest, idempotencyKey: String? = nil) throws(CenterError) -> Call {
        try .posting(
            ["api", "v3", "batches"], request,
            headers: idempotencyKey.map { [("Idempotency-Key", $0)] } ?? [], patience: .seconds(60))
    }
}
