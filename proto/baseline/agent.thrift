/** What an agent serves on the connections that it dialled. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.agent

include "common.thrift"
include "heartbeat.thrift"

/** One attempt, to be run now. */
struct RunTask {
  1: i64 taskId
  2: i32 attempt
  3: string app
  4: string func
  /** JSON text as the caller wrote it; absent when the caller gave none. */
  5: optional string param
  /** Milliseconds from the worker's start; 0 means no limit. Absent: the manifest's. */
  6: optional i64 timeoutMs
  /** ELVES 2.0 `proxy`: `interpreter|file` or `file`. */
  7: optional string proxy
  /** Remaining milliseconds within which the worker must have started. */
  8: optional i64 startByMs
}

/** How an attempt ended. */
struct TaskResult {
  1: i64 taskId
  2: i32 attempt
  3: common.TaskState state
  /** 1 the worker said true, 0 it said something else, -1 it could not run, broke or timed out. */
  4: i32 flag
  /** The worker's own text, or why there is none. */
  5: string message
  /** JSON text of the result; absent for ELVES 2.0 workers. */
  6: optional string result
  /** Milliseconds from the worker's start to its end. */
  7: i64 costMs
  8: optional i32 exitCode
  9: optional i32 signal
  10: common.OutputText stdout
  11: common.OutputText stderr
  /** Registry code when the state is not SUCCEEDED; empty otherwise. */
  12: string code
  /** Version of the app that ran. */
  13: string version
  14: list<common.Hop> hops
}

/** Served by `elves-agent` to scheduler and heartbeat. */
service AgentService {
  /** Starts the worker and answers with its end. An attempt that was already taken is refused. */
  TaskResult run(1: RunTask task) throws (1: common.Fault fault) (roles = "scheduler")
  /** TERM, grace, KILL; answers when nothing of the task is left. */
  void kill(1: i64 taskId, 2: string reason) throws (1: common.Fault fault) (roles = "scheduler")
  /** The desired state changed: beat now. */
  oneway void refresh(1: i64 generation) (roles = "heartbeat")
}
