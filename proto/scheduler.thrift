/** Runs tasks on agents and keeps their records. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.scheduler

include "common.thrift"

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
  25: list<common.Hop> hops
  26: map<string, string> labels
  /** Milliseconds; 0 means no limit. */
  27: i64 timeoutMs
  /** The agent's name, if it gave one. */
  28: string agentName
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
}
