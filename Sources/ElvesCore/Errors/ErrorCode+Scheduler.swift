/// Tasks, attempts and batches.
extension ErrorCode {
    /// The agent is not connected.
    package static let schedulerAgentUnreachable = ErrorCode(
        "scheduler.agent.unreachable", "The agent is not connected",
        503, .operator, retryable: true, elves2: .unreachable,
        hint: "Start elves-agent there, or check its way to the center: elves agents.")
    /// The connection broke and the task's end is not known.
    package static let schedulerAgentLost = ErrorCode(
        "scheduler.agent.lost", "The connection broke and the task's end is not known",
        502, .operator, elves2: .unknown,
        hint: "elves-agent status on its machine shows how it ended; elves task explain ID shows each hop.")
    /// The agent refused the task.
    package static let schedulerAgentRejected = ErrorCode(
        "scheduler.agent.rejected", "The agent refused the task", 503, .operator, elves2: .rejected,
        hint: "The message says why.")
    /// Too many calls in flight to one agent.
    package static let schedulerAgentOverloaded = ErrorCode(
        "scheduler.agent.overloaded", "Too many calls in flight to one agent",
        503, .operator, retryable: true, elves2: .rejected,
        hint: "Wait until some end, or lower the batch's concurrency.")
    /// A request that cannot be a task.
    package static let schedulerRequestInvalid = ErrorCode(
        "scheduler.request.invalid", "A request that cannot be a task", 400, .caller,
        hint: "The message names the field and what it may hold.")
    /// Unknown task.
    package static let schedulerTaskUnknown = ErrorCode(
        "scheduler.task.unknown", "Unknown task", 404, .caller,
        hint: "Check the id; records are kept for as long as retention says.")
    /// Its start-by time passed.
    package static let schedulerTaskExpired = ErrorCode(
        "scheduler.task.expired", "Its start-by time passed", 504, .operator, elves2: .expired,
        hint: "Allow more time, or look why the agent was not connected.")
    /// The task was stopped.
    package static let schedulerTaskKilled = ErrorCode(
        "scheduler.task.killed", "The task was stopped", 409, .caller, elves2: .stopped,
        hint: "It was stopped by request; start it again if that was a mistake.")
    /// The task was cancelled before it started.
    package static let schedulerTaskCancelled = ErrorCode(
        "scheduler.task.cancelled", "The task was cancelled before it started", 409, .caller, elves2: .stopped,
        hint: "Start it again if that was a mistake.")
    /// The task is not in a state for that.
    package static let schedulerTaskState = ErrorCode(
        "scheduler.task.state", "The task is not in a state for that", 409, .caller,
        hint: "See where it stands: elves task get ID.")
    /// The task has started and can only be killed.
    package static let schedulerTaskStarted = ErrorCode(
        "scheduler.task.started", "The task has started and can only be killed", 409, .caller,
        hint: "Kill it: elves task kill ID.")
    /// The task has ended.
    package static let schedulerTaskEnded = ErrorCode(
        "scheduler.task.ended", "The task has ended", 409, .caller,
        hint: "See how: elves task get ID.")
    /// The task has not ended.
    package static let schedulerTaskRunning = ErrorCode(
        "scheduler.task.running", "The task has not ended", 409, .caller,
        hint: "Wait for its end, or kill it: elves task kill ID.")
    /// As many tasks of the app are in flight as the limit says.
    package static let schedulerAppFull = ErrorCode(
        "scheduler.app.full", "As many tasks of the app are in flight as the limit says",
        503, .operator, retryable: true, elves2: .rejected,
        hint: "Wait until some end; a call that does not wait takes its turn instead.")
    /// As many tasks of the key are in flight as the limit says.
    package static let schedulerKeyFull = ErrorCode(
        "scheduler.key.full", "As many tasks of the key are in flight as the limit says",
        503, .operator, retryable: true, elves2: .rejected,
        hint: "Wait until some end; a call that does not wait takes its turn instead.")
    /// More tasks failed than the batch allows.
    package static let schedulerBatchFailures = ErrorCode(
        "scheduler.batch.failures", "More tasks failed than the batch allows", 409, .caller,
        hint: "See why: elves batch show ID; then run it again on what is left.")
    /// The batch was stopped.
    package static let schedulerBatchStopped = ErrorCode(
        "scheduler.batch.stopped", "The batch was stopped", 409, .caller, elves2: .stopped,
        hint: "Start it again if that was a mistake.")
    /// A result that the scheduler could not record yet.
    package static let schedulerRecordWaiting = ErrorCode(
        "scheduler.record.waiting", "A result that the scheduler could not record yet",
        503, .operator, retryable: true, hint: "The agent sends it again.")
    /// No such file.
    package static let schedulerBlobUnknown = ErrorCode(
        "scheduler.blob.unknown", "No such file", 404, .caller,
        hint: "Upload it again: files are kept for some days after their last use.")
    /// A file over the limit.
    package static let schedulerBlobTooLong = ErrorCode(
        "scheduler.blob.tooLong", "A file over the limit", 413, .caller,
        hint: "A file holds at most 64 MiB: put larger ones into an app, or where workers can fetch them.")
    /// A file whose content is not what was announced.
    package static let schedulerBlobDigest = ErrorCode(
        "scheduler.blob.digest", "A file whose content is not what was announced", 400, .caller, retryable: true,
        hint: "Upload it again.")
    /// An upload that is not open.
    package static let schedulerBlobUpload = ErrorCode(
        "scheduler.blob.upload", "An upload that is not open, or not at that place", 409, .caller, retryable: true,
        hint: "Begin the upload again.")
    /// The files take all the room that they may.
    package static let schedulerBlobFull = ErrorCode(
        "scheduler.blob.full", "The files take all the room that they may", 507, .operator, retryable: true,
        hint: "Wait until old ones are deleted, or raise blobs.bytes.")
    /// Unknown webhook.
    package static let schedulerWebhookUnknown = ErrorCode(
        "scheduler.webhook.unknown", "Unknown webhook or dead letter", 404, .caller,
        hint: "elves webhook list shows what there is.")
    /// A webhook that cannot be.
    package static let schedulerWebhookInvalid = ErrorCode(
        "scheduler.webhook.invalid", "A webhook that cannot be", 400, .caller,
        hint: "The message names the field and what it may hold.")
    /// Unknown attempt.
    package static let schedulerAttemptUnknown = ErrorCode(
        "scheduler.attempt.unknown", "Unknown attempt", 404, .operator,
        hint: "The attempt was never sent, or its record is gone.")
    /// The attempt was already taken.
    package static let schedulerAttemptTaken = ErrorCode(
        "scheduler.attempt.taken", "The attempt was already taken", 409, .elves, elves2: .rejected,
        hint: "An attempt starts at most once: make a new one.")
    /// Unknown batch.
    package static let schedulerBatchUnknown = ErrorCode(
        "scheduler.batch.unknown", "Unknown batch", 404, .caller,
        hint: "Check the id; records are kept for as long as retention says.")
    /// A batch without targets.
    package static let schedulerBatchEmpty = ErrorCode(
        "scheduler.batch.empty", "A batch without targets", 400, .caller, elves2: .ip,
        hint: "Name at least one agent.")
    /// A batch of too many targets.
    package static let schedulerBatchTooLarge = ErrorCode(
        "scheduler.batch.tooLarge", "A batch of too many targets", 413, .caller,
        hint: "Split it; the message names the limit.")
    /// A cursor that is not of this batch.
    package static let schedulerBatchCursor = ErrorCode(
        "scheduler.batch.cursor", "A cursor that is not of this batch", 400, .caller,
        hint: "Use the cursor of the last page, or none.")
    /// An idempotency key that was used for another request.
    package static let schedulerIdempotencyConflict = ErrorCode(
        "scheduler.idempotency.conflict", "An idempotency key that was used for another request", 409, .caller,
        hint: "Use a new key for a new request.")
    /// The scheduler has as many tasks as it takes.
    package static let schedulerFull = ErrorCode(
        "scheduler.full", "The scheduler has as many tasks as it takes",
        503, .operator, retryable: true, elves2: .sendFailed,
        hint: "Wait until some end, or raise the limit.")
    /// A param over the limit.
    package static let schedulerParamTooLong = ErrorCode(
        "scheduler.param.tooLong", "A param over the limit", 413, .caller, elves2: .param,
        hint: "A param holds at most 1 MiB.")

    static let scheduler: [ErrorCode] = [
        schedulerAgentUnreachable, schedulerAgentLost, schedulerAgentRejected, schedulerAgentOverloaded,
        schedulerRequestInvalid, schedulerTaskUnknown, schedulerTaskExpired, schedulerTaskKilled,
        schedulerTaskCancelled, schedulerTaskState, schedulerTaskStarted, schedulerTaskEnded, schedulerTaskRunning,
        schedulerAppFull, schedulerKeyFull, schedulerBatchFailures, schedulerBatchStopped, schedulerRecordWaiting,
        schedulerBlobUnknown, schedulerBlobTooLong, schedulerBlobDigest, schedulerBlobUpload, schedulerBlobFull,
        schedulerWebhookUnknown, schedulerWebhookInvalid,
        schedulerAttemptUnknown, schedulerAttemptTaken, schedulerBatchUnknown, schedulerBatchEmpty,
        schedulerBatchTooLarge, schedulerBatchCursor, schedulerIdempotencyConflict, schedulerFull,
        schedulerParamTooLong,
    ]
}
