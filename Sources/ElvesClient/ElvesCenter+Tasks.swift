/// What to run, on which one agent.
public struct TaskRequest: Sendable, Hashable, Codable {
    /// The app.
    public var app: String
    /// The function of the app.
    public var function: String
    /// An ip, a name or an id.
    public var target: String
    /// What the function is given.
    public var param: JSONValue?
    /// Seconds the worker may run; absent: what the app's manifest says.
    public var timeout: Double?
    /// ELVES 2.0's `proxy`: `interpreter|file` or `file`.
    public var proxy: String?
    /// Your own labels.
    public var labels: [String: String]?
    /// Seconds within which the agent must be connected; absent: at once, or the task ends unreachable.
    public var startBy: Double?
    /// New attempts after one that ended badly; only for functions that their manifest calls idempotent.
    public var retries: Retries?
    /// Files that are laid beside the worker before it starts.
    public var files: [CallFile]?
    /// Whether it is recorded before it starts even when its end is waited for.
    public var durable: Bool?

    enum CodingKeys: String, CodingKey {
        case app, function, target, param, timeout, proxy, labels, retries, files, durable
        case startBy = "start_by"
    }

    /// A request for one task.
    public init(
        app: String, function: String, target: String, param: JSONValue? = nil, timeout: Double? = nil,
        proxy: String? = nil, labels: [String: String]? = nil, startBy: Double? = nil, retries: Retries? = nil,
        files: [CallFile]? = nil, durable: Bool? = nil
    ) {
        self.app = app
        self.function = function
        self.target = target
        self.param = param
        self.timeout = timeout
        self.proxy = proxy
        self.labels = labels
        self.startBy = startBy
        self.retries = retries
        self.files = files
        self.durable = durable
    }
}

extension ElvesCenter {
    /// Runs a function on one agent and waits for its end.
    public func run(
        _ app: String, _ function: String, on target: String, param: JSONValue? = nil, timeout: Double? = nil
    ) async throws(CenterError) -> TaskRecord {
        let request = TaskRequest(app: app, function: function, target: target, param: param, timeout: timeout)
        var task = try await createTask(request, wait: .seconds(30))
        while !task.state.isEnd {
            task = try await self.task(task.id, wait: .seconds(30))
        }
        return task
    }

    /// Creates a task and waits up to `wait` for its end; the answer says how it stands then.
    ///
    /// Without `wait` the task is recorded before the answer, so that it outlives a restart of the center; so is one
    /// with a start-by or with retries.
    ///
    /// With an idempotency key, the same request sent again gives the same task.
    public func createTask(
        _ request: TaskRequest, wait: Duration = .zero, idempotencyKey: String? = nil
    ) async throws(CenterError) -> TaskRecord {
        try await ask(try Self.creating(request, wait: wait, idempotencyKey: idempotencyKey))
    }

    /// The task of that id; waits up to `wait` for its end.
    public func task(_ id: String, wait: Duration = .zero) async throws(CenterError) -> TaskRecord {
        try await ask(
            Call(.get, ["api", "v3", "tasks", id], query: [("wait", wait.seconds)], patience: wait + .seconds(30)))
    }

    /// How the task of that id went, hop by hop.
    public func explain(_ id: String) async throws(CenterError) -> TaskExplanation {
        try await ask(Call(.get, ["api", "v3", "tasks", id, "explain"]))
    }

    /// The call that creates a task.
    package static func creating(
        _ request: TaskRequest, wait: Duration, idempotencyKey: String? = nil
    ) throws(CenterError) -> Call {
        try .posting(
            ["api", "v3", "tasks"], request, query: [("wait", wait.seconds)],
            headers: idempotencyKey.map { [("Idempotency-Key", $0)] } ?? [], patience: wait + .seconds(30))
    }
}

extension Duration {
    /// Seconds as a query says them; nothing when zero.
    var seconds: String? {
        guard self > .zero else { return nil }
        let (seconds, attoseconds) = components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return String(seconds) }
        let digits = String(milliseconds)
        return "\(seconds)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
