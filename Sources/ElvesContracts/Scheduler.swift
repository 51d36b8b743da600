// swift-format-ignore-file
// Made by elves-thrift from scheduler.thrift. Do not edit: `make generate`.

package import Thrift

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
        agentName: String? = nil
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
    package var hops: [Hop]
    package var labels: [String: String]
    /// Milliseconds; 0 means no limit.
    package var timeoutMs: Int64
    /// The agent's name, if it gave one.
    package var agentName: String

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
        agentName: String = ""
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
        generation: Int64 = 0
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
        labels: [String: String]? = nil
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
    /// Every method.
    package static let all: [MethodDescriptor] = [execute, task, createBatch, batch, batchEnds, connectedAgents]
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
}
