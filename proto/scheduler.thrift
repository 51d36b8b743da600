/** Runs tasks on agents and keeps their records. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.scheduler

include "common.thrift"
include "agent.thrift"

/** New attempts after one that ended badly: only for functions that their manifest calls idempotent. */
struct RetryRule {
  /** Attempts in all, the first among them. */
  1: i32 attempts
  /** Milliseconds before the second; doubles from attempt to attempt, with jitter. */
  2: i64 firstDelayMs
  3: i64 longestDelayMs
}

/** One function on one agent, once. */
struct ExecuteRequest {
  1: string app
  2: string func
  3: optional string param
  /** The agent, by id or, when that is 0, by ip. */
  4: i64 agentId
  5: string ip
  6: optional i64 timeoutMs
  7: optional string proxy
  /** Milliseconds within which the agent must be connected; 0: at once or unreachable. */
  8: i64 startByMs
  /** Same key, same request: the same task. Empty: none. */
  9: string idempotencyKey
  /** Labels of the task, such as `ticket` = `OPS-12`. */
  10: map<string, string> labels
  /** The agent's name, for the record alone: it decides nothing. */
  11: optional string agentName
  /** The task is recorded before the call is answered, and waits its turn instead of being refused. */
  12: optional bool durable
  13: optional RetryRule retryRule
  /** Whose results cursor its end goes to; empty: nobody's. */
  14: optional string owner
  15: optional list<common.FileRef> files
  /** The task that this one does again; 0: none. */
  16: optional i64 retryOf
}

/** A task as its record says. */
struct TaskRecord {
  1: i64 id
  /** 0 when it is not part of a batch. */
  2: i64 batchId
  3: string app
  4: string func
  5: optional string param
  6: i64 agentId
  7: string ip
  8: common.TaskState state
  9: i32 attempt
  /** Id of the key that asked. */
  10: string caller
  11: string trace
  /** UTC milliseconds; 0 when it has not happened. */
  12: i64 createdAt
  13: i64 dispatchedAt
  14: i64 endedAt
  /** As in agent.TaskResult. */
  15: i32 flag
  16: string message
  17: optional string result
  18: i64 costMs
  19: optional i32 exitCode
  20: optional i32 signal
  21: common.OutputText stdout
  22: common.OutputText stderr
  23: string code
  24: string version
  /** Empty in what `execute` answers. */
  25: list<common.Hop> hops
  26: map<string, string> labels
  /** Milliseconds; 0 means no limit. */
  27: i64 timeoutMs
  /** The agent's name, if it gave one. */
  28: string agentName
  29: optional string owner
  30: optional i64 retryOf
  31: optional RetryRule retryRule
  /** UTC milliseconds before which the next attempt does not start; 0 outside of retries. */
  32: optional i64 nextAttemptAt
  /** UTC milliseconds when the worker was first known to run; 0 before. */
  33: optional i64 startedAt
  /** As in agent.TaskResult. */
  34: optional string worker
  35: optional list<common.FileRef> files
  36: optional list<common.FileRef> returned
  37: optional i64 stdoutBytes
  38: optional i64 stderrBytes
  39: optional i32 survivors
  /** UTC milliseconds by which it must have started; 0 without a limit. */
  40: optional i64 startBy
}

/** Which tasks of the history. What is empty or 0 does not matter. */
struct TaskQuery {
  1: string app
  2: string func
  3: i64 agentId
  4: string ip
  /** Any of these. */
  5: list<common.TaskState> states
  /** All of these. */
  6: map<string, string> labels
  7: string caller
  8: i64 batchId
  /** Created in [createdSince, createdBefore), UTC milliseconds. */
  9: i64 createdSince
  10: i64 createdBefore
  /** Tasks older than this one: `nextBefore` of the page before. */
  11: i64 before
  /** 1 to 1000. */
  12: i32 limit
}

/** Tasks, newest first. */
struct TaskPage {
  1: list<TaskRecord> tasks
  /** Pass as `before` for the next page; 0 at the end. A page may be short, even empty, before the end. */
  2: i64 nextBefore
}

/** Ends of an owner's tasks, in the order in which they were recorded. */
struct ResultPage {
  1: list<TaskRecord> tasks
  /** Pass as `after` for the next page. */
  2: i64 nextAfter
  /**
   * Whether results after `after` are gone: retention took some that were not read, or the store is another one, restored
   * or made anew. In the latter case the page starts at the first result that there is.
   */
  3: optional bool lost
}

/** Output of a task from a place on. */
struct OutputPage {
  1: list<agent.OutputPart> parts
  /** Pass as `after` for the next page. */
  2: i64 nextAfter
  /** Whether the task ended and nothing follows. */
  3: bool done
  4: common.TaskState state
  /** Whose output it is: a new attempt begins its output anew. */
  5: i32 attempt
}

/** A file's content at the center. */
struct BlobInfo {
  1: binary digest
  2: i64 size
}

/** Something that happened. */
struct Event {
  1: i64 id
  /** UTC milliseconds. */
  2: i64 at
  /** `task.ended`, `batch.ended`, `agent.up`, `agent.down`, `app.installed`, `app.failed`. */
  3: string kind
  4: i64 taskId
  5: i64 batchId
  6: i64 agentId
  7: string ip
  8: string agentName
  9: string app
  10: string func
  11: string version
  /** Of a task's end; 0 otherwise. */
  12: i32 state
  13: string code
  14: string caller
  15: map<string, string> labels
  /** Why, in words. */
  16: string message
}

struct EventPage {
  1: list<Event> events
  /** Pass as `after` for the next page. */
  2: i64 nextAfter
  /** Whether events after `after` are gone: retention took them. */
  3: bool lost
}

/** Where events are sent. */
struct Webhook {
  1: i64 id
  /** http or https. */
  2: string url
  /** Kinds of events; empty: all. */
  3: list<string> kinds
  /** Apps; empty: all. */
  4: list<string> apps
  /** States of task ends; empty: all. */
  5: list<i32> states
  6: i64 createdAt
  7: string caller
  /** HMAC-SHA256 key; shown when it is made, empty later. */
  8: string secret
  /** Deliveries that wait, and dead letters. */
  9: i64 waiting
  10: i64 dead
}

/** An event that a webhook did not take. */
struct DeadLetter {
  1: i64 id
  2: i64 webhookId
  3: Event event
  4: i32 tries
  /** UTC milliseconds of the last try. */
  5: i64 lastTryAt
  /** What went wrong at the last try. */
  6: string problem
}

struct BatchTarget {
  1: i64 agentId
  2: string ip
  3: string name
}

/** One function on many agents. */
struct BatchRequest {
  1: string app
  2: string func
  3: optional string param
  4: list<BatchTarget> targets
  5: optional i64 timeoutMs
  /** Tasks running at once; 0: the scheduler's limit. */
  6: i32 concurrency
  7: string idempotencyKey
  8: map<string, string> labels
  /** The inventory's generation that `targets` came from. */
  9: i64 generation
  /** More tasks than this that end badly stop the batch; absent: no limit. */
  10: optional i32 maxFailures
  /** The same in percent of its tasks. */
  11: optional i32 maxFailurePercent
  /** Milliseconds within which an agent must be connected; 0: at once or unreachable. */
  12: optional i64 startByMs
  13: optional RetryRule retryRule
  14: optional string owner
  15: optional list<common.FileRef> files
}

struct BatchRecord {
  1: i64 id
  2: string app
  3: string func
  4: i32 total
  /** Tasks by state; the sum is `total`. */
  5: map<common.TaskState, i32> states
  6: i64 createdAt
  /** 0 until every task ended. */
  7: i64 endedAt
  8: string caller
  9: i32 concurrency
  /** As the request gave them. */
  10: optional map<string, string> labels
  /** No more of its tasks are started. */
  11: optional bool stopping
  /** Why; empty while it is not. */
  12: optional string stopReason
  13: optional i32 maxFailures
  14: optional i32 maxFailurePercent
  15: optional string owner
  16: optional i64 startByMs
  17: optional RetryRule retryRule
  18: optional list<common.FileRef> files
}

/** Batches, newest first. */
struct BatchPage {
  1: list<BatchRecord> batches
  /** Pass as `before` for the next page; 0 at the end. */
  2: i64 nextBefore
}

/** Tasks of a batch that ended alike. */
struct OutputGroup {
  1: common.TaskState state
  2: optional i32 exitCode
  /** What they all answered or wrote. */
  3: string text
  4: string code
  5: list<BatchTarget> targets
  6: list<i64> taskIds
}

/** Ends of a batch's tasks in the order they ended. */
struct BatchEnds {
  1: list<TaskRecord> tasks
  /** Pass as `after` for the next page. */
  2: i64 nextAfter
  /** Whether every task ended and no page follows. */
  3: bool done
}

/** Served by `elves-scheduler`. */
service SchedulerService {
  /** Runs the task and answers with its end, or with how it stands after `waitMs`. */
  TaskRecord execute(1: ExecuteRequest request, 2: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** The task; waits up to `waitMs` for its end. */
  TaskRecord task(1: i64 id, 2: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  BatchRecord createBatch(1: BatchRequest request) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** The batch; waits up to `waitMs` for its end. */
  BatchRecord batch(1: i64 id, 2: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** Ends after `after` (0: from the first); waits up to `waitMs` for at least one. */
  BatchEnds batchEnds(1: i64 id, 2: i64 after, 3: i32 limit, 4: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** Ids of the agents that are connected now. */
  list<i64> connectedAgents() throws (1: common.Fault fault) (roles = "openapi,heartbeat")

  TaskPage tasks(1: TaskQuery query) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /**
   * Ends a task that has not started; with `kill` also one that runs. Answers with its end, or with how it stands after
   * `waitMs`. A task that ended is answered as it is.
   */
  TaskRecord cancel(1: i64 id, 2: bool kill, 3: string reason, 4: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** A new task that does an ended one again; `once`: without its retry rule, so that it has one attempt. */
  TaskRecord retryTask(1: i64 id, 2: string idempotencyKey, 3: i64 waitMs, 4: bool once) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /**
   * Ends of the owner's tasks after `after` (0: from the first kept); waits up to `waitMs` for at least one. `lost` is
   * said at once, also of an empty page: whoever hears it asks for its tasks by id.
   */
  ResultPage results(1: string owner, 2: i64 after, 3: i32 limit, 4: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  BatchPage batches(1: string app, 2: i64 before, 3: i32 limit) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** Starts no more of its tasks; with `kill` also ends those that run. */
  BatchRecord stopBatch(1: i64 id, 2: bool kill, 3: string reason) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  /** Ended tasks of a batch, those that ended alike together, the largest group first. */
  list<OutputGroup> batchGroups(1: i64 id, 2: i32 limit) throws (1: common.Fault fault) (roles = "openapi")

  /** Output after `after` (0: from the start); waits up to `waitMs` for some. At most about 1 MiB a page. */
  OutputPage output(1: i64 taskId, 2: i64 after, 3: i32 limit, 4: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi")

  /** Opens an upload; the answer names it in the next calls. */
  string beginBlob(1: i64 size) throws (1: common.Fault fault) (roles = "openapi")
  /** At most 1 MiB a call, in order. */
  void blobChunk(1: string upload, 2: i64 offset, 3: binary bytes) throws (1: common.Fault fault) (roles = "openapi")
  BlobInfo finishBlob(1: string upload) throws (1: common.Fault fault) (roles = "openapi")
  void abortBlob(1: string upload) throws (1: common.Fault fault) (roles = "openapi")
  BlobInfo blob(1: binary digest) throws (1: common.Fault fault) (roles = "openapi")
  /** At most 1 MiB a call; shorter only at the end. */
  binary readBlob(1: binary digest, 2: i64 offset, 3: i32 length) throws (1: common.Fault fault) (roles = "openapi")

  /** Events after `after` (-1: only what is to come); waits up to `waitMs` for at least one. */
  EventPage events(1: i64 after, 2: i32 limit, 3: i64 waitMs) throws (1: common.Fault fault) (roles = "openapi,queue,cron")
  Webhook createWebhook(1: Webhook webhook) throws (1: common.Fault fault) (roles = "openapi")
  list<Webhook> webhooks() throws (1: common.Fault fault) (roles = "openapi")
  void deleteWebhook(1: i64 id) throws (1: common.Fault fault) (roles = "openapi")
  /** Newest first. */
  list<DeadLetter> deadLetters(1: i64 webhookId, 2: i64 before, 3: i32 limit) throws (1: common.Fault fault) (roles = "openapi")
  /** Tries a dead letter again. */
  void redeliver(1: i64 id) throws (1: common.Fault fault) (roles = "openapi")
}
