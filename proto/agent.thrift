/** What an agent serves on the connections that it dialled, and what it reports over them. */
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
  /** The attempt is on the agent's disk before its worker starts. */
  9: optional bool durable
  /** Laid into the worker's folder before it starts. */
  10: optional list<common.FileRef> files
  /** Attempts whose results are recorded at the center: the agent need not keep them. */
  11: optional list<common.AttemptRef> recorded
  /** It may have been sent before: an agent that cannot rule out that it ran refuses it. */
  12: optional bool again
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
  /** What was asked for, for a center that has forgotten; present in results that are sent again. */
  15: optional string app
  16: optional string func
  /** UTC milliseconds by the agent's clock when it took the attempt; present in results that are sent again. */
  17: optional i64 takenAt
  /** How the worker was started, as JSON text: working folder, umask, environment. */
  18: optional string worker
  /** Files that the worker returned. */
  19: optional list<common.FileRef> files
  /** Bytes that the worker wrote to standard output and to standard error. */
  20: optional i64 stdoutBytes
  21: optional i64 stderrBytes
  /** Processes that outlived KILL; 0 is what is promised. */
  22: optional i32 survivors
  /** Bytes of both outputs that are sent beside the result; absent: the result holds all there is. */
  23: optional i64 copiedBytes
}

/** What an agent knows of an attempt. */
enum Standing {
  /** It never took it, and can tell. */
  NEVER = 1
  /** It waits for a place. */
  WAITING = 2
  RUNNING = 3
  ENDED = 4
  /** It may have taken it: what it knew of that time is gone. */
  FORGOTTEN = 5
}

/** An agent's word on an attempt. */
struct AttemptWord {
  1: common.AttemptRef ref
  2: Standing standing
  /** While the agent still keeps it. */
  3: optional TaskResult result
}

/** Served by `elves-agent` to scheduler and heartbeat. */
service AgentService {
  /**
   * Starts the worker and answers with its end. An attempt that was already taken is not started again: its end is
   * the answer, while the agent keeps it, else it is refused.
   */
  TaskResult run(1: RunTask task) throws (1: common.Fault fault) (roles = "scheduler")
  /** Waits for the end of an attempt that was taken before; `agent.attempt.unknown` when it never was. */
  TaskResult resume(1: common.AttemptRef attempt) throws (1: common.Fault fault) (roles = "scheduler")
  /** How attempts stand, without waiting. */
  list<AttemptWord> attempts(1: list<common.AttemptRef> attempts) throws (1: common.Fault fault) (roles = "scheduler")
  /** Results of these attempts are recorded at the center: the agent need not keep them. */
  oneway void recorded(1: list<common.AttemptRef> attempts) (roles = "scheduler")
  /** Someone reads the task's output: send it as it comes. */
  oneway void follow(1: i64 taskId) (roles = "scheduler")
  /** TERM, grace, KILL; answers when nothing of the task is left. */
  void kill(1: i64 taskId, 2: string reason) throws (1: common.Fault fault) (roles = "scheduler")
  /** The desired state changed: beat now. */
  oneway void refresh(1: i64 generation) (roles = "heartbeat")
}

enum OutputStream {
  STDOUT = 1
  STDERR = 2
}

/** A piece of a worker's output. */
struct OutputPart {
  1: OutputStream stream
  2: binary bytes
  /** Bytes of this stream that are missing before `bytes`. */
  3: i64 dropped
}

/** A piece of output on its way from agent to center. */
struct OutputChunk {
  1: i64 taskId
  2: i32 attempt
  /** Bytes of both outputs before this chunk: its number in the sequence. */
  3: i64 offset
  4: OutputPart part
  /** Nothing of this attempt follows. */
  5: bool last
}

/** What the center still takes of an attempt's output. */
struct OutputCredit {
  /** The offset that it wants next. */
  1: i64 wanted
  /** Bytes that it still takes; 0: the copy is full, send the last chunk only. */
  2: i64 credit
}

/** Served by `elves-scheduler` to the agents that dialled it. */
service TaskReportService {
  /** Results that the agent still keeps; the answer names those that are recorded now. */
  list<common.AttemptRef> report(1: list<TaskResult> results) throws (1: common.Fault fault) (roles = "agent")
  /** Workers that have started. */
  oneway void started(1: list<common.AttemptRef> attempts) (roles = "agent")
  /** The next piece of an attempt's output. One that was taken before is answered like the first time. */
  OutputCredit output(1: OutputChunk chunk) throws (1: common.Fault fault) (roles = "agent")
  /** A file that a task of this agent names; at most 256 KiB a call. */
  binary fetchBlob(1: common.AttemptRef attempt, 2: binary digest, 3: i64 offset, 4: i32 length) throws (1: common.Fault fault) (roles = "agent")
  /** A file that a worker returns, in pieces of at most 256 KiB; answers how many bytes the center has. */
  i64 putBlob(1: common.AttemptRef attempt, 2: common.FileRef file, 3: i64 offset, 4: binary bytes) throws (1: common.Fault fault) (roles = "agent")
}
