// swift-format-ignore-file
// Made by elves-thrift from scheduler.thrift. Do not edit: `make generate`.

package import Thrift

/// New attempts after one that ended badly: only for functions that their manifest calls idempotent.
package struct RetryRule: ThriftStruct, Hashable {
    /// Attempts in all, the first among them.
    package var attempts: Int32
    /// Milliseconds before the second; doubles from attempt to attempt, with jitter.
    package var firstDelayMs: Int64
    package var longestDelayMs: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(attempts: Int32 = 0, firstDelayMs: Int64 = 0, longestDelayMs: Int64 = 0) {
        self.attempts = attempts
        self.firstDelayMs = firstDelayMs
        self.longestDelayMs = longestDelayMs
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.attempts = try reader.readInt32()
            case (2, .i64):
                self.firstDelayMs = try reader.readInt64()
            case (3, .i64):
                self.longestDelayMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.attempts)
        writer.field(.i64, 2)
        writer.writeInt64(self.firstDelayMs)
        writer.field(.i64, 3)
        writer.writeInt64(self.longestDelayMs)
        writer.endStruct(outer)
    }
}

/// One function on one agent, once.
package struct ExecuteRequest: ThriftStruct, Hashable {
    package var app: String
    package var `func`: String
    package var param: String?
    /// The agent, by id or, when that is 0, by ip.
    package var agentId: Int64
    package var ip: String
    package var timeoutMs: Int64?
    package var proxy: String?
    /// Milliseconds within which the agent must be connected; 0: at once or unreachable.
    package var startByMs: Int64
    /// Same key, same request: the same task. Empty: none.
    package var idempotencyKey: String
    /// Labels of the task, such as `ticket` = `OPS-12`.
    package var labels: [String: String]
    /// The agent's name, for the record alone: it decides nothing.
    package var agentName: String?
    /// The task is recorded before the call is answered, and waits its turn instead of being refused.
    package var durable: Bool?
    package var retryRule: RetryRule?
    /// Whose results cursor its end goes to; empty: nobody's.
    package var owner: String?
    package var files: [FileRef]?
    /// The task that this one does again; 0: none.
    package var retryOf: Int64?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        `func`: String = "",
        param: String? = nil,
        agentId: Int64 = 0,
        ip: String = "",
        timeoutMs: Int64? = nil,
        proxy: String? = nil,
        startByMs: Int64 = 0,
        idempotencyKey: String = "",
        labels: [String: String] = [:],
        agentName: String? = nil,
        durable: Bool? = nil,
        retryRule: RetryRule? = nil,
        owner: String? = nil,
        files: [FileRef]? = nil,
        retryOf: Int64? = nil
    ) {
        self.app = app
        self.func = `func`
        self.param = param
        self.agentId = agentId
        self.ip = ip
        self.timeoutMs = timeoutMs
        self.proxy = proxy
        self.startByMs = startByMs
        self.idempotencyKey = idempotencyKey
        self.labels = labels
        self.agentName = agentName
        self.durable = durable
        self.retryRule = retryRule
        self.owner = owner
        self.files = files
        self.retryOf = retryOf
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.func = try reader.readString()
            case (3, .string):
                self.param = try reader.readString()
            case (4, .i64):
                self.agentId = try reader.readInt64()
            case (5, .string):
                self.ip = try reader.readString()
            case (6, .i64):
                self.timeoutMs = try reader.readInt64()
            case (7, .string):
                self.proxy = try reader.readString()
            case (8, .i64):
                self.startByMs = try reader.readInt64()
            case (9, .string):
                self.idempotencyKey = try reader.readString()
            case (10, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (11, .string):
                self.agentName = try reader.readString()
            case (12, .bool):
                self.durable = try reader.readBool()
            case (13, .struct):
                self.retryRule = try RetryRule(from: &reader)
            case (14, .string):
                self.owner = try reader.readString()
            case (15, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            case (16, .i64):
                self.retryOf = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.app)
        writer.field(.string, 2)
        writer.writeString(self.func)
        if let value = self.param {
            writer.field(.string, 3)
            writer.writeString(value)
        }
        writer.field(.i64, 4)
        writer.writeInt64(self.agentId)
        writer.field(.string, 5)
        writer.writeString(self.ip)
        if let value = self.timeoutMs {
            writer.field(.i64, 6)
            writer.writeInt64(value)
        }
        if let value = self.proxy {
            writer.field(.string, 7)
            writer.writeString(value)
        }
        writer.field(.i64, 8)
        writer.writeInt64(self.startByMs)
        writer.field(.string, 9)
        writer.writeString(self.idempotencyKey)
        writer.field(.map, 10)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        if let value = self.agentName {
            writer.field(.string, 11)
            writer.writeString(value)
        }
        if let value = self.durable {
            writer.boolField(12, value)
        }
        if let value = self.retryRule {
            writer.field(.struct, 13)
            value.write(to: &writer)
        }
        if let value = self.owner {
            writer.field(.string, 14)
            writer.writeString(value)
        }
        if let value = self.files {
            writer.field(.list, 15)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.retryOf {
            writer.field(.i64, 16)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// A task as its record says.
package struct TaskRecord: ThriftStruct, Hashable {
    package var id: Int64
    /// 0 when it is not part of a batch.
    package var batchId: Int64
    package var app: String
    package var `func`: String
    package var param: String?
    package var agentId: Int64
    package var ip: String
    package var state: TaskState
    package var attempt: Int32
    /// Id of the key that asked.
    package var caller: String
    package var trace: String
    /// UTC milliseconds; 0 when it has not happened.
    package var createdAt: Int64
    package var dispatchedAt: Int64
    package var endedAt: Int64
    /// As in agent.TaskResult.
    package var flag: Int32
    package var message: String
    package var result: String?
    package var costMs: Int64
    package var exitCode: Int32?
    package var signal: Int32?
    package var stdout: OutputText
    package var stderr: OutputText
    package var code: String
    package var version: String
    /// Empty in what `execute` answers.
    package var hops: [Hop]
    package var labels: [String: String]
    /// Milliseconds; 0 means no limit.
    package var timeoutMs: Int64
    /// The agent's name, if it gave one.
    package var agentName: String
    package var owner: String?
    package var retryOf: Int64?
    package var retryRule: RetryRule?
    /// UTC milliseconds before which the next attempt does not start; 0 outside of retries.
    package var nextAttemptAt: Int64?
    /// UTC milliseconds when the worker was first known to run; 0 before.
    package var startedAt: Int64?
    /// As in agent.TaskResult.
    package var worker: String?
    package var files: [FileRef]?
    package var returned: [FileRef]?
    package var stdoutBytes: Int64?
    package var stderrBytes: Int64?
    package var survivors: Int32?
    /// UTC milliseconds by which it must have started; 0 without a limit.
    package var startBy: Int64?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        batchId: Int64 = 0,
        app: String = "",
        `func`: String = "",
        param: String? = nil,
        agentId: Int64 = 0,
        ip: String = "",
        state: TaskState = TaskState(rawValue: 0),
        attempt: Int32 = 0,
        caller: String = "",
        trace: String = "",
        createdAt: Int64 = 0,
        dispatchedAt: Int64 = 0,
        endedAt: Int64 = 0,
        flag: Int32 = 0,
        message: String = "",
        result: String? = nil,
        costMs: Int64 = 0,
        exitCode: Int32? = nil,
        signal: Int32? = nil,
        stdout: OutputText = OutputText(),
        stderr: OutputText = OutputText(),
        code: String = "",
        version: String = "",
        hops: [Hop] = [],
        labels: [String: String] = [:],
        timeoutMs: Int64 = 0,
        agentName: String = "",
        owner: String? = nil,
        retryOf: Int64? = nil,
        retryRule: RetryRule? = nil,
        nextAttemptAt: Int64? = nil,
        startedAt: Int64? = nil,
        worker: String? = nil,
        files: [FileRef]? = nil,
        returned: [FileRef]? = nil,
        stdoutBytes: Int64? = nil,
        stderrBytes: Int64? = nil,
        survivors: Int32? = nil,
        startBy: Int64? = nil
    ) {
        self.id = id
        self.batchId = batchId
        self.app = app
        self.func = `func`
        self.param = param
        self.agentId = agentId
        self.ip = ip
        self.state = state
        self.attempt = attempt
        self.caller = caller
        self.trace = trace
        self.createdAt = createdAt
        self.dispatchedAt = dispatchedAt
        self.endedAt = endedAt
        self.flag = flag
        self.message = message
        self.result = result
        self.costMs = costMs
        self.exitCode = exitCode
        self.signal = signal
        self.stdout = stdout
        self.stderr = stderr
        self.code = code
        self.version = version
        self.hops = hops
        self.labels = labels
        self.timeoutMs = timeoutMs
        self.agentName = agentName
        self.owner = owner
        self.retryOf = retryOf
        self.retryRule = retryRule
        self.nextAttemptAt = nextAttemptAt
        self.startedAt = startedAt
        self.worker = worker
        self.files = files
        self.returned = returned
        self.stdoutBytes = stdoutBytes
        self.stderrBytes = stderrBytes
        self.survivors = survivors
        self.startBy = startBy
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .i64):
                self.batchId = try reader.readInt64()
            case (3, .string):
                self.app = try reader.readString()
            case (4, .string):
                self.func = try reader.readString()
            case (5, .string):
                self.param = try reader.readString()
            case (6, .i64):
                self.agentId = try reader.readInt64()
            case (7, .string):
                self.ip = try reader.readString()
            case (8, .i32):
                self.state = TaskState(rawValue: try reader.readInt32())
            case (9, .i32):
                self.attempt = try reader.readInt32()
            case (10, .string):
                self.caller = try reader.readString()
            case (11, .string):
                self.trace = try reader.readString()
            case (12, .i64):
                self.createdAt = try reader.readInt64()
            case (13, .i64):
                self.dispatchedAt = try reader.readInt64()
            case (14, .i64):
                self.endedAt = try reader.readInt64()
            case (15, .i32):
                self.flag = try reader.readInt32()
            case (16, .string):
                self.message = try reader.readString()
            case (17, .string):
                self.result = try reader.readString()
            case (18, .i64):
                self.costMs = try reader.readInt64()
            case (19, .i32):
                self.exitCode = try reader.readInt32()
            case (20, .i32):
                self.signal = try reader.readInt32()
            case (21, .struct):
                self.stdout = try OutputText(from: &reader)
            case (22, .struct):
                self.stderr = try OutputText(from: &reader)
            case (23, .string):
                self.code = try reader.readString()
            case (24, .string):
                self.version = try reader.readString()
            case (25, .list):
                self.hops = try reader.readList(of: .struct) { reader throws(ThriftError) in try Hop(from: &reader) }
            case (26, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (27, .i64):
                self.timeoutMs = try reader.readInt64()
            case (28, .string):
                self.agentName = try reader.readString()
            case (29, .string):
                self.owner = try reader.readString()
            case (30, .i64):
                self.retryOf = try reader.readInt64()
            case (31, .struct):
                self.retryRule = try RetryRule(from: &reader)
            case (32, .i64):
                self.nextAttemptAt = try reader.readInt64()
            case (33, .i64):
                self.startedAt = try reader.readInt64()
            case (34, .string):
                self.worker = try reader.readString()
            case (35, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            case (36, .list):
                self.returned = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            case (37, .i64):
                self.stdoutBytes = try reader.readInt64()
            case (38, .i64):
                self.stderrBytes = try reader.readInt64()
            case (39, .i32):
                self.survivors = try reader.readInt32()
            case (40, .i64):
                self.startBy = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.id)
        writer.field(.i64, 2)
        writer.writeInt64(self.batchId)
        writer.field(.string, 3)
        writer.writeString(self.app)
        writer.field(.string, 4)
        writer.writeString(self.func)
        if let value = self.param {
            writer.field(.string, 5)
            writer.writeString(value)
        }
        writer.field(.i64, 6)
        writer.writeInt64(self.agentId)
        writer.field(.string, 7)
        writer.writeString(self.ip)
        writer.field(.i32, 8)
        writer.writeInt32(self.state.rawValue)
        writer.field(.i32, 9)
        writer.writeInt32(self.attempt)
        writer.field(.string, 10)
        writer.writeString(self.caller)
        writer.field(.string, 11)
        writer.writeString(self.trace)
        writer.field(.i64, 12)
        writer.writeInt64(self.createdAt)
        writer.field(.i64, 13)
        writer.writeInt64(self.dispatchedAt)
        writer.field(.i64, 14)
        writer.writeInt64(self.endedAt)
        writer.field(.i32, 15)
        writer.writeInt32(self.flag)
        writer.field(.string, 16)
        writer.writeString(self.message)
        if let value = self.result {
            writer.field(.string, 17)
            writer.writeString(value)
        }
        writer.field(.i64, 18)
        writer.writeInt64(self.costMs)
        if let value = self.exitCode {
            writer.field(.i32, 19)
            writer.writeInt32(value)
        }
        if let value = self.signal {
            writer.field(.i32, 20)
            writer.writeInt32(value)
        }
        writer.field(.struct, 21)
        self.stdout.write(to: &writer)
        writer.field(.struct, 22)
        self.stderr.write(to: &writer)
        writer.field(.string, 23)
        writer.writeString(self.code)
        writer.field(.string, 24)
        writer.writeString(self.version)
        writer.field(.list, 25)
        writer.beginList(of: .struct, count: self.hops.count)
        for element in self.hops {
            element.write(to: &writer)
        }
        writer.field(.map, 26)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.i64, 27)
        writer.writeInt64(self.timeoutMs)
        writer.field(.string, 28)
        writer.writeString(self.agentName)
        if let value = self.owner {
            writer.field(.string, 29)
            writer.writeString(value)
        }
        if let value = self.retryOf {
            writer.field(.i64, 30)
            writer.writeInt64(value)
        }
        if let value = self.retryRule {
            writer.field(.struct, 31)
            value.write(to: &writer)
        }
        if let value = self.nextAttemptAt {
            writer.field(.i64, 32)
            writer.writeInt64(value)
        }
        if let value = self.startedAt {
            writer.field(.i64, 33)
            writer.writeInt64(value)
        }
        if let value = self.worker {
            writer.field(.string, 34)
            writer.writeString(value)
        }
        if let value = self.files {
            writer.field(.list, 35)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.returned {
            writer.field(.list, 36)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.stdoutBytes {
            writer.field(.i64, 37)
            writer.writeInt64(value)
        }
        if let value = self.stderrBytes {
            writer.field(.i64, 38)
            writer.writeInt64(value)
        }
        if let value = self.survivors {
            writer.field(.i32, 39)
            writer.writeInt32(value)
        }
        if let value = self.startBy {
            writer.field(.i64, 40)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// Which tasks of the history. What is empty or 0 does not matter.
package struct TaskQuery: ThriftStruct, Hashable {
    package var app: String
    package var `func`: String
    package var agentId: Int64
    package var ip: String
    /// Any of these.
    package var states: [TaskState]
    /// All of these.
    package var labels: [String: String]
    package var caller: String
    package var batchId: Int64
    /// Created in [createdSince, createdBefore), UTC milliseconds.
    package var createdSince: Int64
    package var createdBefore: Int64
    /// Tasks older than this one: `nextBefore` of the page before.
    package var before: Int64
    /// 1 to 1000.
    package var limit: Int32

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        `func`: String = "",
        agentId: Int64 = 0,
        ip: String = "",
        states: [TaskState] = [],
        labels: [String: String] = [:],
        caller: String = "",
        batchId: Int64 = 0,
        createdSince: Int64 = 0,
        createdBefore: Int64 = 0,
        before: Int64 = 0,
        limit: Int32 = 0
    ) {
        self.app = app
        self.func = `func`
        self.agentId = agentId
        self.ip = ip
        self.states = states
        self.labels = labels
        self.caller = caller
        self.batchId = batchId
        self.createdSince = createdSince
        self.createdBefore = createdBefore
        self.before = before
        self.limit = limit
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.func = try reader.readString()
            case (3, .i64):
                self.agentId = try reader.readInt64()
            case (4, .string):
                self.ip = try reader.readString()
            case (5, .list):
                self.states = try reader.readList(of: .i32) { reader throws(ThriftError) in TaskState(rawValue: try reader.readInt32()) }
            case (6, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (7, .string):
                self.caller = try reader.readString()
            case (8, .i64):
                self.batchId = try reader.readInt64()
            case (9, .i64):
                self.createdSince = try reader.readInt64()
            case (10, .i64):
                self.createdBefore = try reader.readInt64()
            case (11, .i64):
                self.before = try reader.readInt64()
            case (12, .i32):
                self.limit = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.app)
        writer.field(.string, 2)
        writer.writeString(self.func)
        writer.field(.i64, 3)
        writer.writeInt64(self.agentId)
        writer.field(.string, 4)
        writer.writeString(self.ip)
        writer.field(.list, 5)
        writer.beginList(of: .i32, count: self.states.count)
        for element in self.states {
            writer.writeInt32(element.rawValue)
        }
        writer.field(.map, 6)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.string, 7)
        writer.writeString(self.caller)
        writer.field(.i64, 8)
        writer.writeInt64(self.batchId)
        writer.field(.i64, 9)
        writer.writeInt64(self.createdSince)
        writer.field(.i64, 10)
        writer.writeInt64(self.createdBefore)
        writer.field(.i64, 11)
        writer.writeInt64(self.before)
        writer.field(.i32, 12)
        writer.writeInt32(self.limit)
        writer.endStruct(outer)
    }
}

/// Tasks, newest first.
package struct TaskPage: ThriftStruct, Hashable {
    package var tasks: [TaskRecord]
    /// Pass as `before` for the next page; 0 at the end. A page may be short, even empty, before the end.
    package var nextBefore: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(tasks: [TaskRecord] = [], nextBefore: Int64 = 0) {
        self.tasks = tasks
        self.nextBefore = nextBefore
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.tasks = try reader.readList(of: .struct) { reader throws(ThriftError) in try TaskRecord(from: &reader) }
            case (2, .i64):
                self.nextBefore = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.tasks.count)
        for element in self.tasks {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextBefore)
        writer.endStruct(outer)
    }
}

/// Ends of an owner's tasks, in the order in which they were recorded.
package struct ResultPage: ThriftStruct, Hashable {
    package var tasks: [TaskRecord]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether results after `after` are gone: retention took some that were not read, or the store is another one, restored
    /// or made anew. In the latter case the page starts at the first result that there is.
    package var lost: Bool?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(tasks: [TaskRecord] = [], nextAfter: Int64 = 0, lost: Bool? = nil) {
        self.tasks = tasks
        self.nextAfter = nextAfter
        self.lost = lost
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.tasks = try reader.readList(of: .struct) { reader throws(ThriftError) in try TaskRecord(from: &reader) }
            case (2, .i64):
                self.nextAfter = try reader.readInt64()
            case (3, .bool):
                self.lost = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.tasks.count)
        for element in self.tasks {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextAfter)
        if let value = self.lost {
            writer.boolField(3, value)
        }
        writer.endStruct(outer)
    }
}

/// Output of a task from a place on.
package struct OutputPage: ThriftStruct, Hashable {
    package var parts: [OutputPart]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether the task ended and nothing follows.
    package var done: Bool
    package var state: TaskState
    /// Whose output it is: a new attempt begins its output anew.
    package var attempt: Int32

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        parts: [OutputPart] = [],
        nextAfter: Int64 = 0,
        done: Bool = false,
        state: TaskState = TaskState(rawValue: 0),
        attempt: Int32 = 0
    ) {
        self.parts = parts
        self.nextAfter = nextAfter
        self.done = done
        self.state = state
        self.attempt = attempt
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.parts = try reader.readList(of: .struct) { reader throws(ThriftError) in try OutputPart(from: &reader) }
            case (2, .i64):
                self.nextAfter = try reader.readInt64()
            case (3, .bool):
                self.done = try reader.readBool()
            case (4, .i32):
                self.state = TaskState(rawValue: try reader.readInt32())
            case (5, .i32):
                self.attempt = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.parts.count)
        for element in self.parts {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextAfter)
        writer.boolField(3, self.done)
        writer.field(.i32, 4)
        writer.writeInt32(self.state.rawValue)
        writer.field(.i32, 5)
        writer.writeInt32(self.attempt)
        writer.endStruct(outer)
    }
}

/// A file's content at the center.
package struct BlobInfo: ThriftStruct, Hashable {
    package var digest: [UInt8]
    package var size: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(digest: [UInt8] = [], size: Int64 = 0) {
        self.digest = digest
        self.size = size
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.digest = try reader.readBinary()
            case (2, .i64):
                self.size = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeBinary(self.digest)
        writer.field(.i64, 2)
        writer.writeInt64(self.size)
        writer.endStruct(outer)
    }
}

/// Something that happened.
package struct Event: ThriftStruct, Hashable {
    package var id: Int64
    /// UTC milliseconds.
    package var at: Int64
    /// `task.ended`, `batch.ended`, `agent.up`, `agent.down`, `app.installed`, `app.failed`.
    package var kind: String
    package var taskId: Int64
    package var batchId: Int64
    package var agentId: Int64
    package var ip: String
    package var agentName: String
    package var app: String
    package var `func`: String
    package var version: String
    /// Of a task's end; 0 otherwise.
    package var state: Int32
    package var code: String
    package var caller: String
    package var labels: [String: String]
    /// Why, in words.
    package var message: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        at: Int64 = 0,
        kind: String = "",
        taskId: Int64 = 0,
        batchId: Int64 = 0,
        agentId: Int64 = 0,
        ip: String = "",
        agentName: String = "",
        app: String = "",
        `func`: String = "",
        version: String = "",
        state: Int32 = 0,
        code: String = "",
        caller: String = "",
        labels: [String: String] = [:],
        message: String = ""
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.taskId = taskId
        self.batchId = batchId
        self.agentId = agentId
        self.ip = ip
        self.agentName = agentName
        self.app = app
        self.func = `func`
        self.version = version
        self.state = state
        self.code = code
        self.caller = caller
        self.labels = labels
        self.message = message
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .i64):
                self.at = try reader.readInt64()
            case (3, .string):
                self.kind = try reader.readString()
            case (4, .i64):
                self.taskId = try reader.readInt64()
            case (5, .i64):
                self.batchId = try reader.readInt64()
            case (6, .i64):
                self.agentId = try reader.readInt64()
            case (7, .string):
                self.ip = try reader.readString()
            case (8, .string):
                self.agentName = try reader.readString()
            case (9, .string):
                self.app = try reader.readString()
            case (10, .string):
                self.func = try reader.readString()
            case (11, .string):
                self.version = try reader.readString()
            case (12, .i32):
                self.state = try reader.readInt32()
            case (13, .string):
                self.code = try reader.readString()
            case (14, .string):
                self.caller = try reader.readString()
            case (15, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (16, .string):
                self.message = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.id)
        writer.field(.i64, 2)
        writer.writeInt64(self.at)
        writer.field(.string, 3)
        writer.writeString(self.kind)
        writer.field(.i64, 4)
        writer.writeInt64(self.taskId)
        writer.field(.i64, 5)
        writer.writeInt64(self.batchId)
        writer.field(.i64, 6)
        writer.writeInt64(self.agentId)
        writer.field(.string, 7)
        writer.writeString(self.ip)
        writer.field(.string, 8)
        writer.writeString(self.agentName)
        writer.field(.string, 9)
        writer.writeString(self.app)
        writer.field(.string, 10)
        writer.writeString(self.func)
        writer.field(.string, 11)
        writer.writeString(self.version)
        writer.field(.i32, 12)
        writer.writeInt32(self.state)
        writer.field(.string, 13)
        writer.writeString(self.code)
        writer.field(.string, 14)
        writer.writeString(self.caller)
        writer.field(.map, 15)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.string, 16)
        writer.writeString(self.message)
        writer.endStruct(outer)
    }
}

/// Struct `EventPage`.
package struct EventPage: ThriftStruct, Hashable {
    package var events: [Event]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether events after `after` are gone: retention took them.
    package var lost: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(events: [Event] = [], nextAfter: Int64 = 0, lost: Bool = false) {
        self.events = events
        self.nextAfter = nextAfter
        self.lost = lost
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.events = try reader.readList(of: .struct) { reader throws(ThriftError) in try Event(from: &reader) }
            case (2, .i64):
                self.nextAfter = try reader.readInt64()
            case (3, .bool):
                self.lost = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.events.count)
        for element in self.events {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextAfter)
        writer.boolField(3, self.lost)
        writer.endStruct(outer)
    }
}

/// Where events are sent.
package struct Webhook: ThriftStruct, Hashable {
    package var id: Int64
    /// http or https.
    package var url: String
    /// Kinds of events; empty: all.
    package var kinds: [String]
    /// Apps; empty: all.
    package var apps: [String]
    /// States of task ends; empty: all.
    package var states: [Int32]
    package var createdAt: Int64
    package var caller: String
    /// HMAC-SHA256 key; shown when it is made, empty later.
    package var secret: String
    /// Deliveries that wait, and dead letters.
    package var waiting: Int64
    package var dead: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        url: String = "",
        kinds: [String] = [],
        apps: [String] = [],
        states: [Int32] = [],
        createdAt: Int64 = 0,
        caller: String = "",
        secret: String = "",
        waiting: Int64 = 0,
        dead: Int64 = 0
    ) {
        self.id = id
        self.url = url
        self.kinds = kinds
        self.apps = apps
        self.states = states
        self.createdAt = createdAt
        self.caller = caller
        self.secret = secret
        self.waiting = waiting
        self.dead = dead
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .string):
                self.url = try reader.readString()
            case (3, .list):
                self.kinds = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (4, .list):
                self.apps = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (5, .list):
                self.states = try reader.readList(of: .i32) { reader throws(ThriftError) in try reader.readInt32() }
            case (6, .i64):
                self.createdAt = try reader.readInt64()
            case (7, .string):
                self.caller = try reader.readString()
            case (8, .string):
                self.secret = try reader.readString()
            case (9, .i64):
                self.waiting = try reader.readInt64()
            case (10, .i64):
                self.dead = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.id)
        writer.field(.string, 2)
        writer.writeString(self.url)
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.kinds.count)
        for element in self.kinds {
            writer.writeString(element)
        }
        writer.field(.list, 4)
        writer.beginList(of: .string, count: self.apps.count)
        for element in self.apps {
            writer.writeString(element)
        }
        writer.field(.list, 5)
        writer.beginList(of: .i32, count: self.states.count)
        for element in self.states {
            writer.writeInt32(element)
        }
        writer.field(.i64, 6)
        writer.writeInt64(self.createdAt)
        writer.field(.string, 7)
        writer.writeString(self.caller)
        writer.field(.string, 8)
        writer.writeString(self.secret)
        writer.field(.i64, 9)
        writer.writeInt64(self.waiting)
        writer.field(.i64, 10)
        writer.writeInt64(self.dead)
        writer.endStruct(outer)
    }
}

/// An event that a webhook did not take.
package struct DeadLetter: ThriftStruct, Hashable {
    package var id: Int64
    package var webhookId: Int64
    package var event: Event
    package var tries: Int32
    /// UTC milliseconds of the last try.
    package var lastTryAt: Int64
    /// What went wrong at the last try.
    package var problem: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        webhookId: Int64 = 0,
        event: Event = Event(),
        tries: Int32 = 0,
        lastTryAt: Int64 = 0,
        problem: String = ""
    ) {
        self.id = id
        self.webhookId = webhookId
        self.event = event
        self.tries = tries
        self.lastTryAt = lastTryAt
        self.problem = problem
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .i64):
                self.webhookId = try reader.readInt64()
            case (3, .struct):
                self.event = try Event(from: &reader)
            case (4, .i32):
                self.tries = try reader.readInt32()
            case (5, .i64):
                self.lastTryAt = try reader.readInt64()
            case (6, .string):
                self.problem = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.id)
        writer.field(.i64, 2)
        writer.writeInt64(self.webhookId)
        writer.field(.struct, 3)
        self.event.write(to: &writer)
        writer.field(.i32, 4)
        writer.writeInt32(self.tries)
        writer.field(.i64, 5)
        writer.writeInt64(self.lastTryAt)
        writer.field(.string, 6)
        writer.writeString(self.problem)
        writer.endStruct(outer)
    }
}

/// Struct `BatchTarget`.
package struct BatchTarget: ThriftStruct, Hashable {
    package var agentId: Int64
    package var ip: String
    package var name: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(agentId: Int64 = 0, ip: String = "", name: String = "") {
        self.agentId = agentId
        self.ip = ip
        self.name = name
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.agentId = try reader.readInt64()
            case (2, .string):
                self.ip = try reader.readString()
            case (3, .string):
                self.name = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.agentId)
        writer.field(.string, 2)
        writer.writeString(self.ip)
        writer.field(.string, 3)
        writer.writeString(self.name)
        writer.endStruct(outer)
    }
}

/// One function on many agents.
package struct BatchRequest: ThriftStruct, Hashable {
    package var app: String
    package var `func`: String
    package var param: String?
    package var targets: [BatchTarget]
    package var timeoutMs: Int64?
    /// Tasks running at once; 0: the scheduler's limit.
    package var concurrency: Int32
    package var idempotencyKey: String
    package var labels: [String: String]
    /// The inventory's generation that `targets` came from.
    package var generation: Int64
    /// More tasks than this that end badly stop the batch; absent: no limit.
    package var maxFailures: Int32?
    /// The same in percent of its tasks.
    package var maxFailurePercent: Int32?
    /// Milliseconds within which an agent must be connected; 0: at once or unreachable.
    package var startByMs: Int64?
    package var retryRule: RetryRule?
    package var owner: String?
    package var files: [FileRef]?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        `func`: String = "",
        param: String? = nil,
        targets: [BatchTarget] = [],
        timeoutMs: Int64? = nil,
        concurrency: Int32 = 0,
        idempotencyKey: String = "",
        labels: [String: String] = [:],
        generation: Int64 = 0,
        maxFailures: Int32? = nil,
        maxFailurePercent: Int32? = nil,
        startByMs: Int64? = nil,
        retryRule: RetryRule? = nil,
        owner: String? = nil,
        files: [FileRef]? = nil
    ) {
        self.app = app
        self.func = `func`
        self.param = param
        self.targets = targets
        self.timeoutMs = timeoutMs
        self.concurrency = concurrency
        self.idempotencyKey = idempotencyKey
        self.labels = labels
        self.generation = generation
        self.maxFailures = maxFailures
        self.maxFailurePercent = maxFailurePercent
        self.startByMs = startByMs
        self.retryRule = retryRule
        self.owner = owner
        self.files = files
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.func = try reader.readString()
            case (3, .string):
                self.param = try reader.readString()
            case (4, .list):
                self.targets = try reader.readList(of: .struct) { reader throws(ThriftError) in try BatchTarget(from: &reader) }
            case (5, .i64):
                self.timeoutMs = try reader.readInt64()
            case (6, .i32):
                self.concurrency = try reader.readInt32()
            case (7, .string):
                self.idempotencyKey = try reader.readString()
            case (8, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (9, .i64):
                self.generation = try reader.readInt64()
            case (10, .i32):
                self.maxFailures = try reader.readInt32()
            case (11, .i32):
                self.maxFailurePercent = try reader.readInt32()
            case (12, .i64):
                self.startByMs = try reader.readInt64()
            case (13, .struct):
                self.retryRule = try RetryRule(from: &reader)
            case (14, .string):
                self.owner = try reader.readString()
            case (15, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.app)
        writer.field(.string, 2)
        writer.writeString(self.func)
        if let value = self.param {
            writer.field(.string, 3)
            writer.writeString(value)
        }
        writer.field(.list, 4)
        writer.beginList(of: .struct, count: self.targets.count)
        for element in self.targets {
            element.write(to: &writer)
        }
        if let value = self.timeoutMs {
            writer.field(.i64, 5)
            writer.writeInt64(value)
        }
        writer.field(.i32, 6)
        writer.writeInt32(self.concurrency)
        writer.field(.string, 7)
        writer.writeString(self.idempotencyKey)
        writer.field(.map, 8)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.i64, 9)
        writer.writeInt64(self.generation)
        if let value = self.maxFailures {
            writer.field(.i32, 10)
            writer.writeInt32(value)
        }
        if let value = self.maxFailurePercent {
            writer.field(.i32, 11)
            writer.writeInt32(value)
        }
        if let value = self.startByMs {
            writer.field(.i64, 12)
            writer.writeInt64(value)
        }
        if let value = self.retryRule {
            writer.field(.struct, 13)
            value.write(to: &writer)
        }
        if let value = self.owner {
            writer.field(.string, 14)
            writer.writeString(value)
        }
        if let value = self.files {
            writer.field(.list, 15)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        writer.endStruct(outer)
    }
}

/// Struct `BatchRecord`.
package struct BatchRecord: ThriftStruct, Hashable {
    package var id: Int64
    package var app: String
    package var `func`: String
    package var total: Int32
    /// Tasks by state; the sum is `total`.
    package var states: [TaskState: Int32]
    package var createdAt: Int64
    /// 0 until every task ended.
    package var endedAt: Int64
    package var caller: String
    package var concurrency: Int32
    /// As the request gave them.
    package var labels: [String: String]?
    /// No more of its tasks are started.
    package var stopping: Bool?
    /// Why; empty while it is not.
    package var stopReason: String?
    package var maxFailures: Int32?
    package var maxFailurePercent: Int32?
    package var owner: String?
    package var startByMs: Int64?
    package var retryRule: RetryRule?
    package var files: [FileRef]?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        app: String = "",
        `func`: String = "",
        total: Int32 = 0,
        states: [TaskState: Int32] = [:],
        createdAt: Int64 = 0,
        endedAt: Int64 = 0,
        caller: String = "",
        concurrency: Int32 = 0,
        labels: [String: String]? = nil,
        stopping: Bool? = nil,
        stopReason: String? = nil,
        maxFailures: Int32? = nil,
        maxFailurePercent: Int32? = nil,
        owner: String? = nil,
        startByMs: Int64? = nil,
        retryRule: RetryRule? = nil,
        files: [FileRef]? = nil
    ) {
        self.id = id
        self.app = app
        self.func = `func`
        self.total = total
        self.states = states
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.caller = caller
        self.concurrency = concurrency
        self.labels = labels
        self.stopping = stopping
        self.stopReason = stopReason
        self.maxFailures = maxFailures
        self.maxFailurePercent = maxFailurePercent
        self.owner = owner
        self.startByMs = startByMs
        self.retryRule = retryRule
        self.files = files
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .string):
                self.app = try reader.readString()
            case (3, .string):
                self.func = try reader.readString()
            case (4, .i32):
                self.total = try reader.readInt32()
            case (5, .map):
                self.states = try reader.readMap(key: .i32, value: .i32, { reader throws(ThriftError) in TaskState(rawValue: try reader.readInt32()) }, { reader throws(ThriftError) in try reader.readInt32() })
            case (6, .i64):
                self.createdAt = try reader.readInt64()
            case (7, .i64):
                self.endedAt = try reader.readInt64()
            case (8, .string):
                self.caller = try reader.readString()
            case (9, .i32):
                self.concurrency = try reader.readInt32()
            case (10, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (11, .bool):
                self.stopping = try reader.readBool()
            case (12, .string):
                self.stopReason = try reader.readString()
            case (13, .i32):
                self.maxFailures = try reader.readInt32()
            case (14, .i32):
                self.maxFailurePercent = try reader.readInt32()
            case (15, .string):
                self.owner = try reader.readString()
            case (16, .i64):
                self.startByMs = try reader.readInt64()
            case (17, .struct):
                self.retryRule = try RetryRule(from: &reader)
            case (18, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.id)
        writer.field(.string, 2)
        writer.writeString(self.app)
        writer.field(.string, 3)
        writer.writeString(self.func)
        writer.field(.i32, 4)
        writer.writeInt32(self.total)
        writer.field(.map, 5)
        writer.beginMap(key: .i32, value: .i32, count: self.states.count)
        for (key, value) in self.states.inWireOrder {
            writer.writeInt32(key.rawValue)
            writer.writeInt32(value)
        }
        writer.field(.i64, 6)
        writer.writeInt64(self.createdAt)
        writer.field(.i64, 7)
        writer.writeInt64(self.endedAt)
        writer.field(.string, 8)
        writer.writeString(self.caller)
        writer.field(.i32, 9)
        writer.writeInt32(self.concurrency)
        if let value = self.labels {
            writer.field(.map, 10)
            writer.beginMap(key: .string, value: .string, count: value.count)
            for (key, value) in value.inWireOrder {
                writer.writeString(key)
                writer.writeString(value)
            }
        }
        if let value = self.stopping {
            writer.boolField(11, value)
        }
        if let value = self.stopReason {
            writer.field(.string, 12)
            writer.writeString(value)
        }
        if let value = self.maxFailures {
            writer.field(.i32, 13)
            writer.writeInt32(value)
        }
        if let value = self.maxFailurePercent {
            writer.field(.i32, 14)
            writer.writeInt32(value)
        }
        if let value = self.owner {
            writer.field(.string, 15)
            writer.writeString(value)
        }
        if let value = self.startByMs {
            writer.field(.i64, 16)
            writer.writeInt64(value)
        }
        if let value = self.retryRule {
            writer.field(.struct, 17)
            value.write(to: &writer)
        }
        if let value = self.files {
            writer.field(.list, 18)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        writer.endStruct(outer)
    }
}

/// Batches, newest first.
package struct BatchPage: ThriftStruct, Hashable {
    package var batches: [BatchRecord]
    /// Pass as `before` for the next page; 0 at the end.
    package var nextBefore: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(batches: [BatchRecord] = [], nextBefore: Int64 = 0) {
        self.batches = batches
        self.nextBefore = nextBefore
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.batches = try reader.readList(of: .struct) { reader throws(ThriftError) in try BatchRecord(from: &reader) }
            case (2, .i64):
                self.nextBefore = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.batches.count)
        for element in self.batches {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextBefore)
        writer.endStruct(outer)
    }
}

/// Tasks of a batch that ended alike.
package struct OutputGroup: ThriftStruct, Hashable {
    package var state: TaskState
    package var exitCode: Int32?
    /// What they all answered or wrote.
    package var text: String
    package var code: String
    package var targets: [BatchTarget]
    package var taskIds: [Int64]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        state: TaskState = TaskState(rawValue: 0),
        exitCode: Int32? = nil,
        text: String = "",
        code: String = "",
        targets: [BatchTarget] = [],
        taskIds: [Int64] = []
    ) {
        self.state = state
        self.exitCode = exitCode
        self.text = text
        self.code = code
        self.targets = targets
        self.taskIds = taskIds
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.state = TaskState(rawValue: try reader.readInt32())
            case (2, .i32):
                self.exitCode = try reader.readInt32()
            case (3, .string):
                self.text = try reader.readString()
            case (4, .string):
                self.code = try reader.readString()
            case (5, .list):
                self.targets = try reader.readList(of: .struct) { reader throws(ThriftError) in try BatchTarget(from: &reader) }
            case (6, .list):
                self.taskIds = try reader.readList(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.state.rawValue)
        if let value = self.exitCode {
            writer.field(.i32, 2)
            writer.writeInt32(value)
        }
        writer.field(.string, 3)
        writer.writeString(self.text)
        writer.field(.string, 4)
        writer.writeString(self.code)
        writer.field(.list, 5)
        writer.beginList(of: .struct, count: self.targets.count)
        for element in self.targets {
            element.write(to: &writer)
        }
        writer.field(.list, 6)
        writer.beginList(of: .i64, count: self.taskIds.count)
        for element in self.taskIds {
            writer.writeInt64(element)
        }
        writer.endStruct(outer)
    }
}

/// Ends of a batch's tasks in the order they ended.
package struct BatchEnds: ThriftStruct, Hashable {
    package var tasks: [TaskRecord]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether every task ended and no page follows.
    package var done: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(tasks: [TaskRecord] = [], nextAfter: Int64 = 0, done: Bool = false) {
        self.tasks = tasks
        self.nextAfter = nextAfter
        self.done = done
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.tasks = try reader.readList(of: .struct) { reader throws(ThriftError) in try TaskRecord(from: &reader) }
            case (2, .i64):
                self.nextAfter = try reader.readInt64()
            case (3, .bool):
                self.done = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.tasks.count)
        for element in self.tasks {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextAfter)
        writer.boolField(3, self.done)
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `SchedulerService`, and who may call them.
package enum SchedulerServiceMethods {
    package static let execute = MethodDescriptor(
        service: "SchedulerService",
        method: "execute",
        roles: ["openapi", "queue", "cron"]
    )
    package static let task = MethodDescriptor(
        service: "SchedulerService",
        method: "task",
        roles: ["openapi", "queue", "cron"]
    )
    package static let createBatch = MethodDescriptor(
        service: "SchedulerService",
        method: "createBatch",
        roles: ["openapi", "queue", "cron"]
    )
    package static let batch = MethodDescriptor(
        service: "SchedulerService",
        method: "batch",
        roles: ["openapi", "queue", "cron"]
    )
    package static let batchEnds = MethodDescriptor(
        service: "SchedulerService",
        method: "batchEnds",
        roles: ["openapi", "queue", "cron"]
    )
    package static let connectedAgents = MethodDescriptor(
        service: "SchedulerService",
        method: "connectedAgents",
        roles: ["openapi", "heartbeat"]
    )
    package static let tasks = MethodDescriptor(
        service: "SchedulerService",
        method: "tasks",
        roles: ["openapi", "queue", "cron"]
    )
    package static let cancel = MethodDescriptor(
        service: "SchedulerService",
        method: "cancel",
        roles: ["openapi", "queue", "cron"]
    )
    package static let retryTask = MethodDescriptor(
        service: "SchedulerService",
        method: "retryTask",
        roles: ["openapi", "queue", "cron"]
    )
    package static let results = MethodDescriptor(
        service: "SchedulerService",
        method: "results",
        roles: ["openapi", "queue", "cron"]
    )
    package static let batches = MethodDescriptor(
        service: "SchedulerService",
        method: "batches",
        roles: ["openapi", "queue", "cron"]
    )
    package static let stopBatch = MethodDescriptor(
        service: "SchedulerService",
        method: "stopBatch",
        roles: ["openapi", "queue", "cron"]
    )
    package static let batchGroups = MethodDescriptor(
        service: "SchedulerService",
        method: "batchGroups",
        roles: ["openapi"]
    )
    package static let output = MethodDescriptor(service: "SchedulerService", method: "output", roles: ["openapi"])
    package static let beginBlob = MethodDescriptor(
        service: "SchedulerService",
        method: "beginBlob",
        roles: ["openapi"]
    )
    package static let blobChunk = MethodDescriptor(
        service: "SchedulerService",
        method: "blobChunk",
        roles: ["openapi"]
    )
    package static let finishBlob = MethodDescriptor(
        service: "SchedulerService",
        method: "finishBlob",
        roles: ["openapi"]
    )
    package static let abortBlob = MethodDescriptor(
        service: "SchedulerService",
        method: "abortBlob",
        roles: ["openapi"]
    )
    package static let blob = MethodDescriptor(service: "SchedulerService", method: "blob", roles: ["openapi"])
    package static let readBlob = MethodDescriptor(service: "SchedulerService", method: "readBlob", roles: ["openapi"])
    package static let events = MethodDescriptor(
        service: "SchedulerService",
        method: "events",
        roles: ["openapi", "queue", "cron"]
    )
    package static let createWebhook = MethodDescriptor(
        service: "SchedulerService",
        method: "createWebhook",
        roles: ["openapi"]
    )
    package static let webhooks = MethodDescriptor(service: "SchedulerService", method: "webhooks", roles: ["openapi"])
    package static let deleteWebhook = MethodDescriptor(
        service: "SchedulerService",
        method: "deleteWebhook",
        roles: ["openapi"]
    )
    package static let deadLetters = MethodDescriptor(
        service: "SchedulerService",
        method: "deadLetters",
        roles: ["openapi"]
    )
    package static let redeliver = MethodDescriptor(
        service: "SchedulerService",
        method: "redeliver",
        roles: ["openapi"]
    )
    /// Every method.
    package static let all: [MethodDescriptor] = [
        execute,
        task,
        createBatch,
        batch,
        batchEnds,
        connectedAgents,
        tasks,
        cancel,
        retryTask,
        results,
        batches,
        stopBatch,
        batchGroups,
        output,
        beginBlob,
        blobChunk,
        finishBlob,
        abortBlob,
        blob,
        readBlob,
        events,
        createWebhook,
        webhooks,
        deleteWebhook,
        deadLetters,
        redeliver
    ]
}

/// Served by `elves-scheduler`.
package protocol SchedulerServiceHandler: Sendable {
    /// Runs the task and answers with its end, or with how it stands after `waitMs`.
    func execute(request: ExecuteRequest, waitMs: Int64, context: CallContext) async throws -> TaskRecord
    /// The task; waits up to `waitMs` for its end.
    func task(id: Int64, waitMs: Int64, context: CallContext) async throws -> TaskRecord
    func createBatch(request: BatchRequest, context: CallContext) async throws -> BatchRecord
    /// The batch; waits up to `waitMs` for its end.
    func batch(id: Int64, waitMs: Int64, context: CallContext) async throws -> BatchRecord
    /// Ends after `after` (0: from the first); waits up to `waitMs` for at least one.
    func batchEnds(id: Int64, after: Int64, limit: Int32, waitMs: Int64, context: CallContext) async throws -> BatchEnds
    /// Ids of the agents that are connected now.
    func connectedAgents(context: CallContext) async throws -> [Int64]
    func tasks(query: TaskQuery, context: CallContext) async throws -> TaskPage
    /// Ends a task that has not started; with `kill` also one that runs. Answers with its end, or with how it stands after
    /// `waitMs`. A task that ended is answered as it is.
    func cancel(id: Int64, kill: Bool, reason: String, waitMs: Int64, context: CallContext) async throws -> TaskRecord
    /// A new task that does an ended one again; `once`: without its retry rule, so that it has one attempt.
    func retryTask(
        id: Int64,
        idempotencyKey: String,
        waitMs: Int64,
        once: Bool,
        context: CallContext
    ) async throws -> TaskRecord
    /// Ends of the owner's tasks after `after` (0: from the first kept); waits up to `waitMs` for at least one. `lost` is
    /// said at once, also of an empty page: whoever hears it asks for its tasks by id.
    func results(
        owner: String,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        context: CallContext
    ) async throws -> ResultPage
    func batches(app: String, before: Int64, limit: Int32, context: CallContext) async throws -> BatchPage
    /// Starts no more of its tasks; with `kill` also ends those that run.
    func stopBatch(id: Int64, kill: Bool, reason: String, context: CallContext) async throws -> BatchRecord
    /// Ended tasks of a batch, those that ended alike together, the largest group first.
    func batchGroups(id: Int64, limit: Int32, context: CallContext) async throws -> [OutputGroup]
    /// Output after `after` (0: from the start); waits up to `waitMs` for some. At most about 1 MiB a page.
    func output(
        taskId: Int64,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        context: CallContext
    ) async throws -> OutputPage
    /// Opens an upload; the answer names it in the next calls.
    func beginBlob(size: Int64, context: CallContext) async throws -> String
    /// At most 1 MiB a call, in order.
    func blobChunk(upload: String, offset: Int64, bytes: [UInt8], context: CallContext) async throws
    func finishBlob(upload: String, context: CallContext) async throws -> BlobInfo
    func abortBlob(upload: String, context: CallContext) async throws
    func blob(digest: [UInt8], context: CallContext) async throws -> BlobInfo
    /// At most 1 MiB a call; shorter only at the end.
    func readBlob(digest: [UInt8], offset: Int64, length: Int32, context: CallContext) async throws -> [UInt8]
    /// Events after `after` (-1: only what is to come); waits up to `waitMs` for at least one.
    func events(after: Int64, limit: Int32, waitMs: Int64, context: CallContext) async throws -> EventPage
    func createWebhook(webhook: Webhook, context: CallContext) async throws -> Webhook
    func webhooks(context: CallContext) async throws -> [Webhook]
    func deleteWebhook(id: Int64, context: CallContext) async throws
    /// Newest first.
    func deadLetters(webhookId: Int64, before: Int64, limit: Int32, context: CallContext) async throws -> [DeadLetter]
    /// Tries a dead letter again.
    func redeliver(id: Int64, context: CallContext) async throws
}

/// Calls `SchedulerService`.
package struct SchedulerServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    /// Runs the task and answers with its end, or with how it stands after `waitMs`.
    package func execute(
        request: ExecuteRequest,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> TaskRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.execute, options: options) { writer in
            writer.field(.struct, 1)
            request.write(to: &writer)
            writer.field(.i64, 2)
            writer.writeInt64(waitMs)
        }
        var success: TaskRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.execute.missingResult }
        return success
    }

    /// The task; waits up to `waitMs` for its end.
    package func task(id: Int64, waitMs: Int64, options: CallOptions = CallOptions()) async throws -> TaskRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.task, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.field(.i64, 2)
            writer.writeInt64(waitMs)
        }
        var success: TaskRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.task.missingResult }
        return success
    }

    package func createBatch(request: BatchRequest, options: CallOptions = CallOptions()) async throws -> BatchRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.createBatch, options: options) { writer in
            writer.field(.struct, 1)
            request.write(to: &writer)
        }
        var success: BatchRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BatchRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.createBatch.missingResult }
        return success
    }

    /// The batch; waits up to `waitMs` for its end.
    package func batch(id: Int64, waitMs: Int64, options: CallOptions = CallOptions()) async throws -> BatchRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.batch, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.field(.i64, 2)
            writer.writeInt64(waitMs)
        }
        var success: BatchRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BatchRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.batch.missingResult }
        return success
    }

    /// Ends after `after` (0: from the first); waits up to `waitMs` for at least one.
    package func batchEnds(
        id: Int64,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> BatchEnds {
        let reply = try await self.caller.call(SchedulerServiceMethods.batchEnds, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.field(.i64, 2)
            writer.writeInt64(after)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
            writer.field(.i64, 4)
            writer.writeInt64(waitMs)
        }
        var success: BatchEnds?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BatchEnds(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.batchEnds.missingResult }
        return success
    }

    /// Ids of the agents that are connected now.
    package func connectedAgents(options: CallOptions = CallOptions()) async throws -> [Int64] {
        let reply = try await self.caller.call(SchedulerServiceMethods.connectedAgents, options: options) { _ in }
        var success: [Int64]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .i64) { reader throws(ThriftError) in try reader.readInt64() }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.connectedAgents.missingResult }
        return success
    }

    package func tasks(query: TaskQuery, options: CallOptions = CallOptions()) async throws -> TaskPage {
        let reply = try await self.caller.call(SchedulerServiceMethods.tasks, options: options) { writer in
            writer.field(.struct, 1)
            query.write(to: &writer)
        }
        var success: TaskPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.tasks.missingResult }
        return success
    }

    /// Ends a task that has not started; with `kill` also one that runs. Answers with its end, or with how it stands after
    /// `waitMs`. A task that ended is answered as it is.
    package func cancel(
        id: Int64,
        kill: Bool,
        reason: String,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> TaskRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.cancel, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.boolField(2, kill)
            writer.field(.string, 3)
            writer.writeString(reason)
            writer.field(.i64, 4)
            writer.writeInt64(waitMs)
        }
        var success: TaskRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.cancel.missingResult }
        return success
    }

    /// A new task that does an ended one again; `once`: without its retry rule, so that it has one attempt.
    package func retryTask(
        id: Int64,
        idempotencyKey: String,
        waitMs: Int64,
        once: Bool,
        options: CallOptions = CallOptions()
    ) async throws -> TaskRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.retryTask, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.field(.string, 2)
            writer.writeString(idempotencyKey)
            writer.field(.i64, 3)
            writer.writeInt64(waitMs)
            writer.boolField(4, once)
        }
        var success: TaskRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.retryTask.missingResult }
        return success
    }

    /// Ends of the owner's tasks after `after` (0: from the first kept); waits up to `waitMs` for at least one. `lost` is
    /// said at once, also of an empty page: whoever hears it asks for its tasks by id.
    package func results(
        owner: String,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> ResultPage {
        let reply = try await self.caller.call(SchedulerServiceMethods.results, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(owner)
            writer.field(.i64, 2)
            writer.writeInt64(after)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
            writer.field(.i64, 4)
            writer.writeInt64(waitMs)
        }
        var success: ResultPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try ResultPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.results.missingResult }
        return success
    }

    package func batches(
        app: String,
        before: Int64,
        limit: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> BatchPage {
        let reply = try await self.caller.call(SchedulerServiceMethods.batches, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
            writer.field(.i64, 2)
            writer.writeInt64(before)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
        }
        var success: BatchPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BatchPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.batches.missingResult }
        return success
    }

    /// Starts no more of its tasks; with `kill` also ends those that run.
    package func stopBatch(
        id: Int64,
        kill: Bool,
        reason: String,
        options: CallOptions = CallOptions()
    ) async throws -> BatchRecord {
        let reply = try await self.caller.call(SchedulerServiceMethods.stopBatch, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.boolField(2, kill)
            writer.field(.string, 3)
            writer.writeString(reason)
        }
        var success: BatchRecord?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BatchRecord(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.stopBatch.missingResult }
        return success
    }

    /// Ended tasks of a batch, those that ended alike together, the largest group first.
    package func batchGroups(
        id: Int64,
        limit: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [OutputGroup] {
        let reply = try await self.caller.call(SchedulerServiceMethods.batchGroups, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
            writer.field(.i32, 2)
            writer.writeInt32(limit)
        }
        var success: [OutputGroup]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try OutputGroup(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.batchGroups.missingResult }
        return success
    }

    /// Output after `after` (0: from the start); waits up to `waitMs` for some. At most about 1 MiB a page.
    package func output(
        taskId: Int64,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> OutputPage {
        let reply = try await self.caller.call(SchedulerServiceMethods.output, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(taskId)
            writer.field(.i64, 2)
            writer.writeInt64(after)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
            writer.field(.i64, 4)
            writer.writeInt64(waitMs)
        }
        var success: OutputPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try OutputPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.output.missingResult }
        return success
    }

    /// Opens an upload; the answer names it in the next calls.
    package func beginBlob(size: Int64, options: CallOptions = CallOptions()) async throws -> String {
        let reply = try await self.caller.call(SchedulerServiceMethods.beginBlob, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(size)
        }
        var success: String?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .string):
                success = try reader.readString()
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.beginBlob.missingResult }
        return success
    }

    /// At most 1 MiB a call, in order.
    package func blobChunk(
        upload: String,
        offset: Int64,
        bytes: [UInt8],
        options: CallOptions = CallOptions()
    ) async throws {
        let reply = try await self.caller.call(SchedulerServiceMethods.blobChunk, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(upload)
            writer.field(.i64, 2)
            writer.writeInt64(offset)
            writer.field(.string, 3)
            writer.writeBinary(bytes)
        }
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
    }

    package func finishBlob(upload: String, options: CallOptions = CallOptions()) async throws -> BlobInfo {
        let reply = try await self.caller.call(SchedulerServiceMethods.finishBlob, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(upload)
        }
        var success: BlobInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BlobInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.finishBlob.missingResult }
        return success
    }

    package func abortBlob(upload: String, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(SchedulerServiceMethods.abortBlob, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(upload)
        }
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
    }

    package func blob(digest: [UInt8], options: CallOptions = CallOptions()) async throws -> BlobInfo {
        let reply = try await self.caller.call(SchedulerServiceMethods.blob, options: options) { writer in
            writer.field(.string, 1)
            writer.writeBinary(digest)
        }
        var success: BlobInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BlobInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.blob.missingResult }
        return success
    }

    /// At most 1 MiB a call; shorter only at the end.
    package func readBlob(
        digest: [UInt8],
        offset: Int64,
        length: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [UInt8] {
        let reply = try await self.caller.call(SchedulerServiceMethods.readBlob, options: options) { writer in
            writer.field(.string, 1)
            writer.writeBinary(digest)
            writer.field(.i64, 2)
            writer.writeInt64(offset)
            writer.field(.i32, 3)
            writer.writeInt32(length)
        }
        var success: [UInt8]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .string):
                success = try reader.readBinary()
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.readBlob.missingResult }
        return success
    }

    /// Events after `after` (-1: only what is to come); waits up to `waitMs` for at least one.
    package func events(
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> EventPage {
        let reply = try await self.caller.call(SchedulerServiceMethods.events, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(after)
            writer.field(.i32, 2)
            writer.writeInt32(limit)
            writer.field(.i64, 3)
            writer.writeInt64(waitMs)
        }
        var success: EventPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try EventPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.events.missingResult }
        return success
    }

    package func createWebhook(webhook: Webhook, options: CallOptions = CallOptions()) async throws -> Webhook {
        let reply = try await self.caller.call(SchedulerServiceMethods.createWebhook, options: options) { writer in
            writer.field(.struct, 1)
            webhook.write(to: &writer)
        }
        var success: Webhook?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Webhook(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.createWebhook.missingResult }
        return success
    }

    package func webhooks(options: CallOptions = CallOptions()) async throws -> [Webhook] {
        let reply = try await self.caller.call(SchedulerServiceMethods.webhooks, options: options) { _ in }
        var success: [Webhook]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try Webhook(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.webhooks.missingResult }
        return success
    }

    package func deleteWebhook(id: Int64, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(SchedulerServiceMethods.deleteWebhook, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
        }
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
    }

    /// Newest first.
    package func deadLetters(
        webhookId: Int64,
        before: Int64,
        limit: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [DeadLetter] {
        let reply = try await self.caller.call(SchedulerServiceMethods.deadLetters, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(webhookId)
            writer.field(.i64, 2)
            writer.writeInt64(before)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
        }
        var success: [DeadLetter]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try DeadLetter(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SchedulerServiceMethods.deadLetters.missingResult }
        return success
    }

    /// Tries a dead letter again.
    package func redeliver(id: Int64, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(SchedulerServiceMethods.redeliver, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(id)
        }
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
    }
}

/// Serves `SchedulerService` by a handler.
package struct SchedulerServiceProcessor<Handler: SchedulerServiceHandler>: ThriftService {
    package static var serviceName: String { "SchedulerService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(SchedulerServiceMethods.execute) { try await Self.execute($0, handler) },
            ThriftMethod(SchedulerServiceMethods.task) { try await Self.task($0, handler) },
            ThriftMethod(SchedulerServiceMethods.createBatch) { try await Self.createBatch($0, handler) },
            ThriftMethod(SchedulerServiceMethods.batch) { try await Self.batch($0, handler) },
            ThriftMethod(SchedulerServiceMethods.batchEnds) { try await Self.batchEnds($0, handler) },
            ThriftMethod(SchedulerServiceMethods.connectedAgents) { try await Self.connectedAgents($0, handler) },
            ThriftMethod(SchedulerServiceMethods.tasks) { try await Self.tasks($0, handler) },
            ThriftMethod(SchedulerServiceMethods.cancel) { try await Self.cancel($0, handler) },
            ThriftMethod(SchedulerServiceMethods.retryTask) { try await Self.retryTask($0, handler) },
            ThriftMethod(SchedulerServiceMethods.results) { try await Self.results($0, handler) },
            ThriftMethod(SchedulerServiceMethods.batches) { try await Self.batches($0, handler) },
            ThriftMethod(SchedulerServiceMethods.stopBatch) { try await Self.stopBatch($0, handler) },
            ThriftMethod(SchedulerServiceMethods.batchGroups) { try await Self.batchGroups($0, handler) },
            ThriftMethod(SchedulerServiceMethods.output) { try await Self.output($0, handler) },
            ThriftMethod(SchedulerServiceMethods.beginBlob) { try await Self.beginBlob($0, handler) },
            ThriftMethod(SchedulerServiceMethods.blobChunk) { try await Self.blobChunk($0, handler) },
            ThriftMethod(SchedulerServiceMethods.finishBlob) { try await Self.finishBlob($0, handler) },
            ThriftMethod(SchedulerServiceMethods.abortBlob) { try await Self.abortBlob($0, handler) },
            ThriftMethod(SchedulerServiceMethods.blob) { try await Self.blob($0, handler) },
            ThriftMethod(SchedulerServiceMethods.readBlob) { try await Self.readBlob($0, handler) },
            ThriftMethod(SchedulerServiceMethods.events) { try await Self.events($0, handler) },
            ThriftMethod(SchedulerServiceMethods.createWebhook) { try await Self.createWebhook($0, handler) },
            ThriftMethod(SchedulerServiceMethods.webhooks) { try await Self.webhooks($0, handler) },
            ThriftMethod(SchedulerServiceMethods.deleteWebhook) { try await Self.deleteWebhook($0, handler) },
            ThriftMethod(SchedulerServiceMethods.deadLetters) { try await Self.deadLetters($0, handler) },
            ThriftMethod(SchedulerServiceMethods.redeliver) { try await Self.redeliver($0, handler) },
        ]
    }

    private static func execute(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var request: ExecuteRequest = ExecuteRequest()
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                request = try ExecuteRequest(from: &reader)
            case (2, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.execute(request: request, waitMs: waitMs, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func task(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.task(id: id, waitMs: waitMs, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func createBatch(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var request: BatchRequest = BatchRequest()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                request = try BatchRequest(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.createBatch(request: request, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func batch(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.batch(id: id, waitMs: waitMs, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func batchEnds(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var after: Int64 = 0
        var limit: Int32 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .i64):
                after = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            case (4, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.batchEnds(
                id: id,
                after: after,
                limit: limit,
                waitMs: waitMs,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func connectedAgents(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.connectedAgents(context: call.context)
            return call.answer { writer in
                writer.field(.list, 0)
                writer.beginList(of: .i64, count: success.count)
                for element in success {
                    writer.writeInt64(element)
                }
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func tasks(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var query: TaskQuery = TaskQuery()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                query = try TaskQuery(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.tasks(query: query, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func cancel(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var kill: Bool = false
        var reason: String = ""
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .bool):
                kill = try reader.readBool()
            case (3, .string):
                reason = try reader.readString()
            case (4, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.cancel(
                id: id,
                kill: kill,
                reason: reason,
                waitMs: waitMs,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func retryTask(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var idempotencyKey: String = ""
        var waitMs: Int64 = 0
        var once: Bool = false
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .string):
                idempotencyKey = try reader.readString()
            case (3, .i64):
                waitMs = try reader.readInt64()
            case (4, .bool):
                once = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.retryTask(
                id: id,
                idempotencyKey: idempotencyKey,
                waitMs: waitMs,
                once: once,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func results(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var owner: String = ""
        var after: Int64 = 0
        var limit: Int32 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                owner = try reader.readString()
            case (2, .i64):
                after = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            case (4, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.results(
                owner: owner,
                after: after,
                limit: limit,
                waitMs: waitMs,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func batches(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        var before: Int64 = 0
        var limit: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            case (2, .i64):
                before = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.batches(app: app, before: before, limit: limit, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func stopBatch(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var kill: Bool = false
        var reason: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .bool):
                kill = try reader.readBool()
            case (3, .string):
                reason = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.stopBatch(id: id, kill: kill, reason: reason, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func batchGroups(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        var limit: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            case (2, .i32):
                limit = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.batchGroups(id: id, limit: limit, context: call.context)
            return call.answer { writer in
                writer.field(.list, 0)
                writer.beginList(of: .struct, count: success.count)
                for element in success {
                    element.write(to: &writer)
                }
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func output(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var taskId: Int64 = 0
        var after: Int64 = 0
        var limit: Int32 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                taskId = try reader.readInt64()
            case (2, .i64):
                after = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            case (4, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.output(
                taskId: taskId,
                after: after,
                limit: limit,
                waitMs: waitMs,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func beginBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var size: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                size = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.beginBlob(size: size, context: call.context)
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeString(success)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func blobChunk(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: String = ""
        var offset: Int64 = 0
        var bytes: [UInt8] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                upload = try reader.readString()
            case (2, .i64):
                offset = try reader.readInt64()
            case (3, .string):
                bytes = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.blobChunk(upload: upload, offset: offset, bytes: bytes, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func finishBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                upload = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.finishBlob(upload: upload, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func abortBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                upload = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.abortBlob(upload: upload, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func blob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var digest: [UInt8] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                digest = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.blob(digest: digest, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func readBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var digest: [UInt8] = []
        var offset: Int64 = 0
        var length: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                digest = try reader.readBinary()
            case (2, .i64):
                offset = try reader.readInt64()
            case (3, .i32):
                length = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.readBlob(
                digest: digest,
                offset: offset,
                length: length,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeBinary(success)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func events(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var after: Int64 = 0
        var limit: Int32 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                after = try reader.readInt64()
            case (2, .i32):
                limit = try reader.readInt32()
            case (3, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.events(after: after, limit: limit, waitMs: waitMs, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func createWebhook(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var webhook: Webhook = Webhook()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                webhook = try Webhook(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.createWebhook(webhook: webhook, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func webhooks(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.webhooks(context: call.context)
            return call.answer { writer in
                writer.field(.list, 0)
                writer.beginList(of: .struct, count: success.count)
                for element in success {
                    element.write(to: &writer)
                }
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func deleteWebhook(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.deleteWebhook(id: id, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func deadLetters(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var webhookId: Int64 = 0
        var before: Int64 = 0
        var limit: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                webhookId = try reader.readInt64()
            case (2, .i64):
                before = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.deadLetters(
                webhookId: webhookId,
                before: before,
                limit: limit,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.list, 0)
                writer.beginList(of: .struct, count: success.count)
                for element in success {
                    element.write(to: &writer)
                }
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func redeliver(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                id = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.redeliver(id: id, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }
}
