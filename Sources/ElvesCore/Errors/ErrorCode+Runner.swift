/// The process beside an agent that starts and ends workers.
extension ErrorCode {
    /// The runner has as many workers as it may.
    package static let runnerFull = ErrorCode(
        "runner.full", "The runner has as many workers as it may", 503, .operator, retryable: true, elves2: .rejected,
        hint: "Wait until some end.")
    /// That attempt's worker was already started.
    package static let runnerAttemptTaken = ErrorCode(
        "runner.attempt.taken", "That attempt's worker was already started", 409, .elves, elves2: .rejected,
        hint: "An attempt starts at most once.")
    /// The runner knows no such attempt.
    package static let runnerAttemptUnknown = ErrorCode(
        "runner.attempt.unknown", "The runner knows no such attempt", 404, .operator,
        hint: "It was never started here, or its end was taken.")
    /// A worker that cannot be described to the system.
    package static let runnerSpawnInvalid = ErrorCode(
        "runner.spawn.invalid", "A worker that cannot be described to the system", 400, .elves,
        hint: "Commands and environment must be free of NUL bytes, and the program's path absolute.")
    /// The system could not start the worker.
    package static let runnerSpawnFailed = ErrorCode(
        "runner.spawn.failed", "The system could not start the worker", 500, .operator, retryable: true,
        hint: "The message has the system's reason.")
    /// Processes of a task outlived KILL.
    package static let runnerSurvivors = ErrorCode(
        "runner.survivors", "Processes of a task outlived KILL", 500, .operator,
        hint: "They hang in the kernel, often on a network file system: see their state with ps.")

    static let runner: [ErrorCode] = [
        runnerFull, runnerAttemptTaken, runnerAttemptUnknown, runnerSpawnInvalid, runnerSpawnFailed, runnerSurvivors,
    ]
}
