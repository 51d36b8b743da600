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

    /// A request for a batch.
    public init(
        app: String, function: String, targets: String, exclude: String? = nil, param: JSONValue? = nil,
        timeout: Double? = nil, concurrency: Int? = nil, labels: [String: String]? = nil
    ) {
        self.app = app
        self.function = function
        self.targets = targets
        self.exclude = exclude
        self.param = param
        self.timeout = timeout
        self.concurrency = concurrency
        self.labels = labels
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
