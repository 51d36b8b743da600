/// Queues: tasks with dependencies.
extension ErrorCode {
    /// Unknown queue.
    package static let queueUnknown = ErrorCode(
        "queue.unknown", "Unknown queue", 404, .caller, elves2: .queueNotFound,
        hint: "Check the id that queue/create answered.")
    /// The queue is not in a state for that.
    package static let queueState = ErrorCode(
        "queue.state", "The queue is not in a state for that", 409, .caller, elves2: .queueStatus,
        hint: "Add tasks and commit only while it is pending.")
    /// A task of the queue could not be stopped.
    package static let queueStop = ErrorCode(
        "queue.stop", "A task of the queue could not be stopped", 500, .operator, retryable: true, elves2: .stopTask,
        hint: "Try again; see the tasks' states with queue/result.")
    /// The task to depend on is not in this queue.
    package static let queueDependencyUnknown = ErrorCode(
        "queue.dependency.unknown", "The task to depend on is not in this queue",
        404, .caller, elves2: .dependTaskNotFound,
        hint: "Use an id that addtask of the same queue answered.")
    /// A task that this one depends on ended badly.
    package static let queueDependencyFailed = ErrorCode(
        "queue.dependency.failed", "A task that this one depends on ended badly",
        424, .app, elves2: .dependTaskFailed,
        hint: "Mend the first task, and commit a new queue.")

    static let queue: [ErrorCode] = [
        queueUnknown, queueState, queueStop, queueDependencyUnknown, queueDependencyFailed,
    ]
}
