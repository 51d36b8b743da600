package import ElvesCore

/// The machine that a task is for.
package struct TaskTarget: Sendable, Hashable {
    /// Nil when the caller named the machine by its address only.
    package var id: ElvesID?
    package var ip: String
    /// The agent's name; empty when unknown.
    package var name: String

    /// Creates a target.
    package init(id: ElvesID?, ip: String = "", name: String = "") {
        self.id = id
        self.ip = ip
        self.name = name
    }
}

/// A task's record: one function on one agent, once.
package struct Execution: Sendable, Hashable {
    package let id: ElvesID
    /// Nil when it is not part of a batch.
    package let batchID: ElvesID?
    @Boxed package var call: FunctionCall
    package var target: TaskTarget
    /// Id of the key that asked.
    package let caller: String
    /// W3C traceparent of the request.
    package let trace: String
    package var state: TaskState
    package var attempt: Int32 = 1
    /// Whose results cursor its end goes to; empty: nobody's.
    package var owner = ""
    /// Recorded before the caller was answered, and on its agent's disk before its worker starts.
    package var isDurable = false
    /// The task that this one does again.
    package var retryOf: ElvesID?
    /// Nil: one attempt.
    package var retryRule: RetryRule?
    /// UTC milliseconds; 0 when it has not happened. The same holds for the next two.
    package let createdAt: Int64
    package var dispatchedAt: Int64 = 0
    /// When its worker was first known to run.
    package var startedAt: Int64 = 0
    package var endedAt: Int64 = 0
    /// UTC milliseconds by which it must have started; 0 without a limit.
    package var startBy: Int64 = 0
    /// UTC milliseconds before which its next attempt does not start; 0 outside of retries.
    package var nextAttemptAt: Int64 = 0
    /// Which start of its agent's machine the attempt was sent to; empty when that is not known.
    package var boot = ""
    /// Place among the ends of its batch, from 1; 0 before the end and outside batches.
    package var batchPlace: Int64 = 0
    @Boxed package var outcome = TaskOutcome()
    package var hops: [TaskHop] = []

    /// Creates the record of a task that was just asked for.
    package init(
        id: ElvesID, batchID: ElvesID? = nil, call: FunctionCall, target: TaskTarget, caller: String = "",
        trace: String = "", state: TaskState = .created, createdAt: Int64
    ) {
        self.id = id
        self.batchID = batchID
        self.call = call
        self.target = target
        self.caller = caller
        self.trace = trace
        self.state = state
        self.createdAt = createdAt
    }
}

extension Execution {
    /// About how many bytes it takes in a message.
    var weight: Int {
        let labels = call.labels.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count + 8 }
        return outcome.weight + (call.param?.utf8.count ?? 0) + labels + hops.reduce(0) { $0 + $1.weight } + 512
    }
}

extension TaskHop {
    /// About how many bytes it takes.
    var weight: Int { place.utf8.count + event.utf8.count + rule.utf8.count + 64 }
}

/// What is known of how a task ended.
package struct TaskOutcome: Sendable, Hashable {
    /// 1 the worker said true, 0 it said something else, -1 it could not run, broke or timed out.
    package var flag: Int32 = 0
    /// The worker's own text, or why there is none.
    package var message = ""
    /// JSON text; nil for ELVES 2.0 workers.
    package var result: String?
    /// Milliseconds from the worker's start to its end.
    package var costMs: Int64 = 0
    package var exitCode: Int32?
    package var signal: Int32?
    package var stdout = KeptOutput()
    package var stderr = KeptOutput()
    /// Registry code; empty when the task succeeded or has not ended.
    package var code = ""
    /// Version of the app that ran.
    package var version = ""
    /// How the worker was started, as JSON text: working folder, umask, environment.
    package var worker: String?
    /// Files that the worker returned.
    package var returned: [TaskFile] = []
    /// Bytes that the worker wrote to each output.
    package var stdoutBytes: Int64 = 0
    package var stderrBytes: Int64 = 0
    /// Bytes of both outputs that the agent sends beside the result; nil: none. Not recorded.
    package var copiedBytes: Int64?
    /// Processes that outlived KILL.
    package var survivors: Int32 = 0

    /// Creates an empty outcome.
    package init() {}

    /// Creates the outcome of a task that never told its own end.
    package init(code: String, message: String) {
        flag = -1
        self.code = code
        self.message = message
    }

    /// About how many bytes it holds.
    var weight: Int {
        message.utf8.count + (result?.utf8.count ?? 0) + stdout.head.utf8.count + stdout.tail.utf8.count
            + stderr.head.utf8.count + stderr.tail.utf8.count + code.utf8.count + version.utf8.count
            + (worker?.utf8.count ?? 0) + returned.reduce(0) { $0 + $1.name.utf8.count + 48 }
    }
}

/// Output that was cut to a limit.
package struct KeptOutput: Sendable, Hashable {
    package var head = ""
    /// The last bytes, when `dropped` is above 0.
    package var tail = ""
    /// Bytes between head and tail.
    package var dropped: Int64 = 0

    /// Creates an output.
    package init(head: String = "", tail: String = "", dropped: Int64 = 0) {
        self.head = head
        self.tail = tail
        self.dropped = dropped
    }
}

/// One step on a task's way.
package struct TaskHop: Sendable, Hashable {
    package var place: String
    package var event: String
    /// Microseconds since the task was created, on the clock of `place`.
    package var atMicros: Int64
    /// Which rule or limit decided; empty when none did.
    package var rule: String

    /// Creates a hop.
    package init(place: String = "scheduler", event: String, atMicros: Int64, rule: String = "") {
        self.place = place
        self.event = event
        self.atMicros = atMicros
        self.rule = rule
    }
}

extension TaskState {
    /// Whether a record with this state may be written over one with `earlier`.
    ///
    /// Nothing follows an end, but a definite one the end `unknown`, once.
    func mayReplace(_ earlier: TaskState) -> Bool {
        !earlier.isEnd || (earlier == .unknown && isEnd && self != .unknown)
    }
}
