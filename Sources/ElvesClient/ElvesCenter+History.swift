public import Foundation

/// Which tasks of the history; what is not given does not matter.
public struct TaskQuery: Sendable, Hashable {
    /// The app.
    public var app: String?
    /// The function of the app.
    public var function: String?
    /// The agent: ip, name or id.
    public var agent: String?
    /// Any of these states.
    public var states: [TaskState] = []
    /// All of these labels.
    public var labels: [String: String] = [:]
    /// Id of the key that asked.
    public var caller: String?
    /// Id of the batch.
    public var batch: String?
    /// Created then or later.
    public var since: Date?
    /// Created before then.
    public var until: Date?

    /// Every task that the key may see.
    public init() {}

    var parameters: [(String, String?)] {
        [
            ("app", app), ("function", function), ("agent", agent),
            ("state", states.isEmpty ? nil : states.map(\.rawValue).joined(separator: ",")), ("caller", caller),
            ("batch", batch), ("since", since.map(RESTCoding.text)), ("until", until.map(RESTCoding.text)),
        ] + labels.sorted { $0.key < $1.key }.map { ("label", "\($0.key):\($0.value)") }
    }
}

/// Tasks, newest first.
public struct TaskPage: Sendable, Hashable, Codable {
    /// The tasks of this page; it may be short, even empty, before the end.
    public var tasks: [TaskRecord]
    /// What to pass for the next page; nil at the end.
    public var next: Cursor?
}

extension ElvesCenter {
    /// One page of what was run, newest first.
    public func tasks(
        _ query: TaskQuery = TaskQuery(), after cursor: Cursor? = nil, limit: Int = 100
    ) async throws(CenterError) -> TaskPage {
        try await ask(
            Call(
                .get, ["api", "v3", "tasks"],
                query: query.parameters + [("after", cursor?.text), ("limit", String(limit))]))
    }

    /// Ends a task that has not started; waits up to `wait` for its end.
    public func cancel(
        _ id: String, reason: String? = nil, wait: Duration = .zero
    ) async throws(CenterError) -> TaskRecord {
        try await end(id, "cancel", reason: reason, wait: wait)
    }

    /// Ends a task, also one that runs; waits up to `wait` for its end.
    public func kill(
        _ id: String, reason: String? = nil, wait: Duration = .zero
    ) async throws(CenterError) -> TaskRecord {
        try await end(id, "kill", reason: reason, wait: wait)
    }

    private func end(
        _ id: String, _ how: String, reason: String?, wait: Duration
    ) async throws(CenterError) -> TaskRecord {
        try await ask(
            try .posting(
                ["api", "v3", "tasks", id, how], reason.map { ["reason": $0] } ?? [:],
                query: [("wait", wait.seconds)], patience: wait + .seconds(30)))
    }

    /// Does an ended task again, as a new task; waits up to `wait` for its end.
    ///
    /// With an idempotency key, the same call sent again gives the same new task.
    public func retry(
        _ id: String, wait: Duration = .zero, idempotencyKey: String? = nil
    ) async throws(CenterError) -> TaskRecord {
        try await ask(
            Call(
                .post, ["api", "v3", "tasks", id, "retry"], query: [("wait", wait.seconds)],
                headers: idempotencyKey.map { [("Idempotency-Key", $0)] } ?? [], patience: wait + .seconds(30)))
    }

    /// What a worker wrote, from a place on; waits up to `wait` for news where there is none.
    public func output(
        of task: String, stream: OutputPiece.Stream? = nil, after cursor: Cursor? = nil, wait: Duration = .zero
    ) async throws(CenterError) -> OutputPage {
        try await ask(
            Call(
                .get, ["api", "v3", "tasks", task, "output"],
                query: [
                    ("format", "json"), ("stream", stream?.rawValue), ("after", cursor?.text), ("wait", wait.seconds),
                ], patience: wait + .seconds(30)))
    }

    /// A file that a task's worker returned, at most 64 MiB.
    public func returnedFile(_ name: String, of task: String) async throws(CenterError) -> [UInt8] {
        try await send(Call(.get, ["api", "v3", "tasks", task, "files", name], patience: .seconds(300))).body
    }
}
