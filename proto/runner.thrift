/** Between an agent and the runner process beside it, over a Unix socket. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.runner

include "common.thrift"

/** A worker to start. */
struct Spawn {
  1: i64 taskId
  2: i32 attempt
  /** Absolute path of the program, then its arguments. */
  3: list<string> command
  4: string workingFolder
  /** The whole environment. */
  5: map<string, string> environment
  /** Bytes for standard input, which is then closed. */
  6: binary input
  /** Milliseconds; 0 means no limit. */
  7: i64 timeoutMs
  /** Milliseconds between TERM and KILL. */
  8: i64 graceMs
  /** Bytes of standard output and of standard error that are kept, head and tail together. */
  9: i32 outputLimit
  /** Bytes of descriptor 3 that are kept; one byte more and the result is refused. */
  10: i32 resultLimit
  /** Whether descriptor 3 is the result. */
  11: bool wantsResult
  /** File that takes a copy of both outputs once they are long or the worker runs for a while; absent: no copy. */
  12: optional string copyPath
  /** Bytes of output that the copy holds at most. */
  13: optional i64 copyLimit
  /** Milliseconds that a worker runs before its output is copied, however short it is. */
  14: optional i64 copyAfterMs
  /** Absent: 18 (022). */
  15: optional i32 umask
}

/** Bytes that a worker wrote, shortened to a limit. */
struct Captured {
  1: binary head
  2: binary tail
  3: i64 dropped
}

/** How a worker ended. */
struct Exit {
  1: i64 taskId
  2: i32 attempt
  /** Exit code; absent when a signal ended it or it never started. */
  3: optional i32 exitCode
  4: optional i32 signal
  5: bool timedOut
  6: bool killed
  /** Why it never started, such as `no such file`; empty when it did. */
  7: string spawnProblem
  8: Captured output
  9: Captured errors
  /** Descriptor 3. */
  10: binary result
  11: bool resultTooLong
  /** Milliseconds from start to end. */
  12: i64 costMs
  /** Processes that outlived KILL; 0 is what is promised. */
  13: i32 survivors
  /** Microseconds from request to start. */
  14: i64 spawnMicros
  /** Bytes that the worker wrote to each output. */
  15: optional i64 outputBytes
  16: optional i64 errorBytes
  /** Bytes of output in the copy; absent without one. */
  17: optional i64 copiedBytes
}

struct Running {
  1: i64 taskId
  2: i32 attempt
  3: i32 pid
  /** Milliseconds since start. */
  4: i64 ageMs
}

/** Served by the runner. */
service RunnerService {
  /** Starts the worker and answers with its end. */
  Exit run(1: Spawn spawn) throws (1: common.Fault fault) (roles = "local")
  void kill(1: i64 taskId, 2: string reason) throws (1: common.Fault fault) (roles = "local")
  /** Workers alive, and ends that no agent has taken yet. */
  list<Running> running() throws (1: common.Fault fault) (roles = "local")
  /** Waits for the end of a worker that an earlier agent started, and takes it. */
  Exit awaitEnd(1: i64 taskId, 2: i32 attempt) throws (1: common.Fault fault) (roles = "local")
  /** Copies the output of a task from now on, however short it is. */
  void copyOutput(1: i64 taskId) throws (1: common.Fault fault) (roles = "local")
}

/** An app as `elves-agent status` shows it. */
struct LocalApp {
  1: string app
  2: string version
  3: string problem
  /** Its tasks now. */
  4: optional i32 running
  5: optional i32 waiting
}

/** A task as `elves-agent status` shows it. */
struct LocalTask {
  1: i64 taskId
  2: string app
  3: string func
  4: common.TaskState state
  /** UTC milliseconds by the agent's clock. */
  5: i64 startedAt
  6: i64 costMs
  /** Its worker was started by the agent before this one: whoever asked for it has been told `unknown`. */
  7: optional bool adopted
}

struct LocalError {
  /** UTC milliseconds by the agent's clock. */
  1: i64 at
  2: string code
  3: string message
}

/** What an agent says on its own machine. */
struct LocalStatus {
  1: i64 agentId
  2: string ip
  3: string version
  4: i64 uptimeMs
  5: list<LocalApp> apps
  /** Milliseconds since the last answer from each; -1 when there was none. */
  6: map<string, i64> lastContactMs
  /** The last 40. */
  7: list<LocalTask> tasks
  /** The last 20. */
  8: list<LocalError> errors
  /** Tasks that hold a place. */
  9: i32 running
  /** Resident memory of the agent's process, and of the runner's. */
  10: optional i64 residentBytes
  11: optional i64 runnerResidentBytes
  /** Tasks that wait: for a place, a lock, or an app that is on its way. */
  12: optional i32 waiting
}

/** Served by `elves-agent` on its own Unix socket. */
service AgentLocalService {
  LocalStatus status() throws (1: common.Fault fault) (roles = "local")
}
