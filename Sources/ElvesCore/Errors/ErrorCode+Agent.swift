/// What a machine says of a task, its apps and itself.
extension ErrorCode {
    /// The app is not installed there.
    package static let agentAppNotInstalled = ErrorCode(
        "agent.app.notInstalled", "The app is not installed there", 409, .operator,
        hint: "Bind it: elves app bind APP --on TARGETS; then elves agents shows it.")
    /// The app is being installed.
    package static let agentAppInstalling = ErrorCode(
        "agent.app.installing", "The app is being installed", 503, .operator, retryable: true,
        hint: "Try again after a moment.")
    /// The app could not be installed.
    package static let agentAppInstallFailed = ErrorCode(
        "agent.app.installFailed", "The app could not be installed", 500, .operator, retryable: true,
        hint: "elves agents and elves-agent status say why.")
    /// The installed version has no such function.
    package static let agentFunctionUnknown = ErrorCode(
        "agent.function.unknown", "The installed version has no such function", 404, .caller,
        hint: "The functions are in the app's manifest: elves app list APP.")
    /// A proxy that cannot be used.
    package static let agentProxyInvalid = ErrorCode(
        "agent.proxy.invalid", "A proxy that cannot be used", 400, .caller,
        hint: "Give \"file\" or \"interpreter|file\", the file inside the app.")
    /// The worker ended with an error.
    package static let agentWorkerExit = ErrorCode(
        "agent.worker.exit", "The worker ended with an error", 502, .app,
        hint: "Look at its standard error: elves task get ID.")
    /// A signal ended the worker.
    package static let agentWorkerSignal = ErrorCode(
        "agent.worker.signal", "A signal ended the worker", 502, .app,
        hint: "Signal 9 is often the kernel's out-of-memory killer; see the worker's standard error.")
    /// The worker ran out of time.
    package static let agentWorkerTimeout = ErrorCode(
        "agent.worker.timeout", "The worker ran out of time", 504, .app,
        hint: "Give more time with --timeout, or find what it waits for; its whole tree was ended.")
    /// The worker was stopped by request.
    package static let agentWorkerKilled = ErrorCode(
        "agent.worker.killed", "The worker was stopped by request", 409, .caller, elves2: .stopped,
        hint: "Start it again if that was a mistake.")
    /// The worker printed no result tags.
    package static let agentWorkerTagMissing = ErrorCode(
        "agent.worker.tagMissing", "The worker printed no result tags", 502, .app,
        hint: "Print <ElvesWFlag>true</ElvesWFlag> and <ElvesWResult>text</ElvesWResult>.")
    /// The worker's interpreter is not on the machine.
    package static let agentWorkerInterpreterMissing = ErrorCode(
        "agent.worker.interpreterMissing", "The worker's interpreter is not on the machine", 500, .operator,
        hint: "Install it, or name another one in the agent's configuration.")
    /// The worker's program is not in the app.
    package static let agentWorkerEntryMissing = ErrorCode(
        "agent.worker.entryMissing", "The worker's program is not in the app", 500, .app,
        hint: "Correct entry in app.yaml, or the proxy, and push a new version.")
    /// The worker's program cannot be executed.
    package static let agentWorkerNotExecutable = ErrorCode(
        "agent.worker.notExecutable", "The worker's program cannot be executed", 500, .app,
        hint: "Set its bit, chmod +x FILE, or give it an interpreter; then push a new version.")
    /// The worker could not be started.
    package static let agentWorkerSpawn = ErrorCode(
        "agent.worker.spawn", "The worker could not be started", 500, .operator, retryable: true,
        hint: "The message has the system's reason, such as too many processes.")
    /// The worker wrote no result.
    package static let agentWorkerResultMissing = ErrorCode(
        "agent.worker.resultMissing", "The worker wrote no result", 502, .app,
        hint: "Write one JSON value to descriptor 3 before exit 0.")
    /// The worker's result is not JSON.
    package static let agentWorkerResultInvalid = ErrorCode(
        "agent.worker.resultInvalid", "The worker's result is not JSON", 502, .app,
        hint: "Write exactly one JSON value in UTF-8 to descriptor 3.")
    /// The worker's result is too long.
    package static let agentWorkerResultTooLong = ErrorCode(
        "agent.worker.resultTooLong", "The worker's result is too long", 502, .app,
        hint: "A result holds at most 1 MiB: store the rest elsewhere and answer where.")
    /// The worker said no.
    package static let agentWorkerFailed = ErrorCode(
        "agent.worker.failed", "The worker said no", 502, .app,
        hint: "The app's own text is in the result.")
    /// The agent runs as many workers as it may.
    package static let agentFull = ErrorCode(
        "agent.full", "The agent runs as many workers as it may", 503, .operator, retryable: true, elves2: .rejected,
        hint: "Wait until some end, or raise the agent's limit.")
    /// The machine's disk is full.
    package static let agentDiskFull = ErrorCode(
        "agent.diskFull", "The machine's disk is full", 507, .operator, retryable: true, elves2: .rejected,
        hint: "Free space on the disk of the agent's folder.")
    /// The agent is stopping.
    package static let agentStopping = ErrorCode(
        "agent.stopping", "The agent is stopping", 503, .operator, retryable: true, elves2: .rejected,
        hint: "Try again after its restart.")
    /// The attempt was already taken.
    package static let agentAttemptTaken = ErrorCode(
        "agent.attempt.taken", "The attempt was already taken", 409, .elves, elves2: .rejected,
        hint: "An attempt starts at most once: make a new one.")
    /// Its start-by time passed on the way.
    package static let agentAttemptExpired = ErrorCode(
        "agent.attempt.expired", "Its start-by time passed on the way", 504, .operator, elves2: .expired,
        hint: "Allow more time, or look why the agent answers slowly.")
    /// The agent never took the attempt.
    package static let agentAttemptUnknown = ErrorCode(
        "agent.attempt.unknown", "The agent never took the attempt", 404, .elves, elves2: .unreachable,
        hint: "It did not start: make a new one.")
    /// The agent cannot tell any more whether it took the attempt.
    package static let agentAttemptForgotten = ErrorCode(
        "agent.attempt.forgotten", "The agent cannot tell any more whether it took the attempt", 410, .operator,
        elves2: .unknown, hint: "Look at the machine before running it again.")
    /// As many tasks of the app run or wait there as it allows.
    package static let agentAppFull = ErrorCode(
        "agent.app.full", "As many tasks of the app run or wait there as it allows", 503, .operator, retryable: true,
        elves2: .rejected, hint: "Wait until some end, or raise limits.running or limits.waiting in app.yaml.")
    /// The journal holds as many results as it may that the center has not recorded.
    package static let agentJournalFull = ErrorCode(
        "agent.journal.full", "The journal holds as many unrecorded results as it may", 503, .operator,
        retryable: true, elves2: .rejected,
        hint: "The agent sends them when the scheduler is back; see elves-agent status.")
    /// A file of the call could not be laid beside the worker.
    package static let agentFilesMissing = ErrorCode(
        "agent.files.missing", "A file of the call could not be laid beside the worker", 502, .operator,
        retryable: true, hint: "The message says which and why; the worker did not start.")
    /// A file that the worker returned could not be taken.
    package static let agentFilesReturned = ErrorCode(
        "agent.files.returned", "A file that the worker returned could not be taken", 502, .app,
        hint: "At most 64 MiB together, regular files without links, right in ELVES_OUTPUT_DIR.")
    /// The agent does not run that task.
    package static let agentTaskUnknown = ErrorCode(
        "agent.task.unknown", "The agent does not run that task", 404, .caller,
        hint: "It has ended: elves task get ID.")
    /// The runner died and its workers with it.
    package static let agentRunnerLost = ErrorCode(
        "agent.runner.lost", "The runner died and its workers with it", 502, .operator, elves2: .unknown,
        hint: "The end of the task is not known; look at the machine before running it again.")
    /// The agent restarted and cannot say how the task ended.
    package static let agentRestarted = ErrorCode(
        "agent.restarted", "The agent restarted and cannot say how the task ended", 502, .operator, elves2: .unknown,
        hint: "Look at the machine before running it again.")
    /// The agent's journal cannot be written.
    package static let agentJournal = ErrorCode(
        "agent.journal", "The agent's journal cannot be written", 500, .operator, retryable: true, elves2: .rejected,
        hint: "Check space and permissions of the agent's folder.")
    /// A fetched file has the wrong digest.
    package static let agentFileDigest = ErrorCode(
        "agent.file.digest", "A fetched file has the wrong digest", 502, .elves, retryable: true,
        hint: "The agent fetches it again; if it stays so, push the version anew.")
    /// A package tree that cannot be installed.
    package static let agentTreeInvalid = ErrorCode(
        "agent.tree.invalid", "A package tree that cannot be installed", 400, .elves,
        hint: "Push the version again with this center's version.")
    /// A param over the limit.
    package static let agentParamTooLong = ErrorCode(
        "agent.param.tooLong", "A param over the limit", 413, .caller,
        hint: "A param holds at most 1 MiB.")
    /// The agent has no usable identity.
    package static let agentEnrolIdentity = ErrorCode(
        "agent.enrol.identity", "The agent has no usable identity", 500, .operator,
        hint: "Give it its key and certificate; elves up makes them in its data folder.")

    static let agent: [ErrorCode] = [
        agentAppNotInstalled, agentAppInstalling, agentAppInstallFailed, agentFunctionUnknown, agentProxyInvalid,
        agentWorkerExit, agentWorkerSignal, agentWorkerTimeout, agentWorkerKilled, agentWorkerTagMissing,
        agentWorkerInterpreterMissing, agentWorkerEntryMissing, agentWorkerNotExecutable, agentWorkerSpawn,
        agentWorkerResultMissing, agentWorkerResultInvalid, agentWorkerResultTooLong, agentWorkerFailed, agentFull,
        agentDiskFull, agentStopping, agentAttemptTaken, agentAttemptExpired, agentTaskUnknown, agentRunnerLost,
        agentRestarted, agentAttemptUnknown, agentAttemptForgotten, agentAppFull, agentJournalFull,
        agentFilesMissing, agentFilesReturned, agentJournal, agentFileDigest, agentTreeInvalid, agentParamTooLong,
        agentEnrolIdentity,
    ]
}
