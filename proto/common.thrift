/** Shapes that more than one Elves service speaks. */
namespace cpp elves.v1
namespace java io.elves.v1
namespace py elves.v1.common

/** The one error that Elves services declare. `code` is an entry of the error registry. */
exception Fault {
  /** Registry code, such as `scheduler.agent.unreachable`. */
  1: string code
  /** What was wrong, in one sentence. */
  2: string message
  /** What would be right, or what to try. Empty when the registry's own hint is enough. */
  3: string hint
  /** Whether the same call may succeed later without a change. */
  4: bool retryable
  /** Names and values that the message is about, such as `app` = `hello`. */
  5: map<string, string> details
}

/** How a task stands. Values from 10 on are ends; nothing follows an end. */
enum TaskState {
  CREATED = 1
  DISPATCHED = 2
  RUNNING = 3
  SUCCEEDED = 10
  FAILED = 11
  TIMED_OUT = 12
  KILLED = 13
  /** A dependency ended badly. */
  SKIPPED = 14
  /** Ended by request before it started. */
  CANCELLED = 15
  /** The agent refused it. */
  REJECTED = 16
  /** The agent was not connected before the deadline. */
  UNREACHABLE = 17
  /** Its start-by time passed. */
  EXPIRED = 18
  /** The agent took it and no one can say how it ended. */
  UNKNOWN = 19
}

/** How an app's worker is started and answers. */
enum WorkerProtocol {
  /** ELVES 2.0: app, function and base64 parameter as arguments, tags on standard output. */
  ELVES2 = 1
  /** One JSON request on standard input, the result on descriptor 3. */
  JSON = 2
}

/** One function of an app, as its manifest declares it. */
struct AppFunction {
  1: string name
  /** One line for people. */
  2: string summary
  /** Milliseconds a call may run unless the caller says otherwise; 0 means the agent's default. */
  3: i64 timeoutMs
  /** Whether a second attempt is harmless. */
  4: bool idempotent
  /** JSON Schema of the parameter, as JSON text; empty accepts any JSON value. */
  5: string paramSchema
  /** Name of a lock of the whole machine that a task of this function holds while it runs; absent: the app's. */
  6: optional string exclusive
}

/** What an app's `app.yaml` says, checked. */
struct AppManifest {
  1: string name
  2: string version
  3: WorkerProtocol workerProtocol
  /** Empty for an ELVES 2.0 app: any function may be called. */
  4: list<AppFunction> functions
  /** Command of the worker: the interpreter, if any, then a path inside the package. */
  5: list<string> entry
  /** One line for people. */
  6: string summary
  /** Name of a lock of the whole machine, shared by all apps, that each task of this app holds while it runs. */
  7: optional string exclusive
  /** Tasks of this app that run at once on one agent; absent: the agent's own limit. */
  8: optional i32 maxRunning
  /** Tasks of this app that may wait on one agent, 0: none; absent: half of what may wait there. */
  9: optional i32 maxWaiting
}

/** One file of a package's tree. */
struct TreeFile {
  /** Relative to the app's folder, `/` between parts. */
  1: string path
  /** Permission bits, such as 493 (0755). */
  2: i32 mode
  /** Bytes. */
  3: i64 size
  /** SHA-256 of the content, 32 bytes. */
  4: binary digest
}

/** A package's canonical tree. */
struct Tree {
  /** SHA-256 over the canonical listing of `files`, 32 bytes. */
  1: binary digest
  /** Sorted by path, bytewise. */
  2: list<TreeFile> files
}

/** One attempt at a task. */
struct AttemptRef {
  1: i64 taskId
  /** From 1. */
  2: i32 attempt
}

/** A file that goes with a call or comes back from it. */
struct FileRef {
  /** A name without `/`. */
  1: string name
  /** SHA-256 of the content, 32 bytes. */
  2: binary digest
  /** Bytes. */
  3: i64 size
  /** Permission bits; absent: 420 (0644). */
  4: optional i32 mode
}

/** A run of bytes that was too long to keep whole. */
struct OutputText {
  /** The first bytes, as UTF-8 with broken bytes replaced. */
  1: string head
  /** The last bytes, when `dropped` is above 0. */
  2: string tail
  /** Bytes between head and tail that were not kept. */
  3: i64 dropped
}

/** One step on a task's way, for `elves task explain`. */
struct Hop {
  /** Where: `scheduler`, `agent`, `worker`. */
  1: string place
  /** What happened there, such as `dispatched`. */
  2: string event
  /** Microseconds since the task was created, on the clock of `place`. */
  3: i64 atMicros
  /** Which rule or limit decided, if one did. */
  4: string rule
}

/** A component's or agent's own account of its state. */
struct ComponentStatus {
  /** Role, such as `scheduler`. */
  1: string role
  2: string instance
  3: string version
  /** Milliseconds since start. */
  4: i64 uptimeMs
  5: bool ready
  /** Why it is not ready; empty otherwise. */
  6: string reason
  /** Counters and gauges by name. */
  7: map<string, i64> numbers
}

/** Served by every center component. */
service ComponentService {
  ComponentStatus status() throws (1: Fault fault) (roles = "openapi,supervisor,heartbeat,scheduler,queue,cron,cmdbproxy,operator")
}
