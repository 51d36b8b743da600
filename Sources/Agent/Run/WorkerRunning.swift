package import Runner

/// Runs workers: the runner process, or in tests and benchmarks something else.
package protocol WorkerRunning: Sendable {
    /// Starts a worker and waits for its end.
    func run(_ order: WorkerOrder) async throws -> WorkerEnd
    /// Ends every worker of a task; returns when nothing of it is left.
    func kill(taskId: Int64) async throws
    /// The end of a worker that an earlier agent started; nil when nobody knows it.
    func adopt(_ key: AttemptKey) async -> WorkerEnd?
    /// Ends what is left of an attempt whose end nobody knows; answers with how many processes outlived it.
    func endStrays(of key: AttemptKey) async -> Int
    /// Has the outputs of a task's workers copied from now on, however short they are, if they can be.
    func copyOutput(taskId: Int64) async
}

extension WorkerRunning {
    package func copyOutput(taskId: Int64) async {}
    package func endStrays(of key: AttemptKey) async -> Int { await StrayWorkers.end(key) }
}

extension WorkerHost: WorkerRunning {
    package func adopt(_ key: AttemptKey) async -> WorkerEnd? { try? await end(of: key) }
}
