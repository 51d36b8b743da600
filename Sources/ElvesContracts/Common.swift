// swift-format-ignore-file
// Made by elves-thrift from common.thrift. Do not edit: `make generate`.

package import Thrift

/// How a task stands. Values from 10 on are ends; nothing follows an end.
package struct TaskState: ThriftEnum {
    package let rawValue: Int32

    /// Takes any number, also one that this IDL does not know.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let created = TaskState(rawValue: 1)
    package static let dispatched = TaskState(rawValue: 2)
    package static let running = TaskState(rawValue: 3)
    package static let succeeded = TaskState(rawValue: 10)
    package static let failed = TaskState(rawValue: 11)
    package static let timedOut = TaskState(rawValue: 12)
    package static let killed = TaskState(rawValue: 13)
    /// A dependency ended badly.
    package static let skipped = TaskState(rawValue: 14)
    /// Ended by request before it started.
    package static let cancelled = TaskState(rawValue: 15)
    /// The agent refused it.
    package static let rejected = TaskState(rawValue: 16)
    /// The agent was not connected before the deadline.
    package static let unreachable = TaskState(rawValue: 17)
    /// Its start-by time passed.
    package static let expired = TaskState(rawValue: 18)
    /// The agent took it and no one can say how it ended.
    package static let unknown = TaskState(rawValue: 19)

    /// The members that the IDL names, in its order.
    package static let all: [TaskState] = [
        .created,
        .dispatched,
        .running,
        .succeeded,
        .failed,
        .timedOut,
        .killed,
        .skipped,
        .cancelled,
        .rejected,
        .unreachable,
        .expired,
        .unknown
    ]

    /// The IDL's name, or nil for a number that this IDL does not know.
    package var name: String? {
        switch rawValue {
        case 1: "CREATED"
        case 2: "DISPATCHED"
        case 3: "RUNNING"
        case 10: "SUCCEEDED"
        case 11: "FAILED"
        case 12: "TIMED_OUT"
        case 13: "KILLED"
        case 14: "SKIPPED"
        case 15: "CANCELLED"
        case 16: "REJECTED"
        case 17: "UNREACHABLE"
        case 18: "EXPIRED"
        case 19: "UNKNOWN"
        default: nil
        }
    }
}

/// How an app's worker is started and answers.
package struct WorkerProtocol: ThriftEnum {
    package let rawValue: Int32

    /// Takes any number, also one that this IDL does not know.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// ELVES 2.0: app, function and base64 parameter as arguments, tags on standard output.
    package static let elves2 = WorkerProtocol(rawValue: 1)
    /// One JSON request on standard input, the result on descriptor 3.
    package static let json = WorkerProtocol(rawValue: 2)

    /// The members that the IDL names, in its order.
    package static let all: [WorkerProtocol] = [.elves2, .json]

    /// The IDL's name, or nil for a number that this IDL does not know.
    package var name: String? {
        switch rawValue {
        case 1: "ELVES2"
        case 2: "JSON"
        default: nil
        }
    }
}

/// The one error that Elves services declare. `code` is an entry of the error registry.
package struct Fault: ThriftStruct, Hashable, Error {
    /// Registry code, such as `scheduler.agent.unreachable`.
    package var code: String
    /// What was wrong, in one sentence.
    package var message: String
    /// What would be right, or what to try. Empty when the registry's own hint is enough.
    package var hint: String
    /// Whether the same call may succeed later without a change.
    package var retryable: Bool
    /// Names and values that the message is about, such as `app` = `hello`.
    package var details: [String: String]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        code: String = "",
        message: String = "",
        hint: String = "",
        retryable: Bool = false,
        details: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.details = details
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.code = try reader.readString()
            case (2, .string):
                self.message = try reader.readString()
            case (3, .string):
                self.hint = try reader.readString()
            case (4, .bool):
                self.retryable = try reader.readBool()
            case (5, .map):
                self.details = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.code)
        writer.field(.string, 2)
        writer.writeString(self.message)
        writer.field(.string, 3)
        writer.writeString(self.hint)
        writer.boolField(4, self.retryable)
        writer.field(.map, 5)
        writer.beginMap(key: .string, value: .string, count: self.details.count)
        for (key, value) in self.details.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.endStruct(outer)
    }
}

/// One function of an app, as its manifest declares it.
package struct AppFunction: ThriftStruct, Hashable {
    package var name: String
    /// One line for people.
    package var summary: String
    /// Milliseconds a call may run unless the caller says otherwise; 0 means the agent's default.
    package var timeoutMs: Int64
    /// Whether a second attempt is harmless.
    package var idempotent: Bool
    /// JSON Schema of the parameter, as JSON text; empty accepts any JSON value.
    package var paramSchema: String
    /// Name of a lock of the whole machine that a task of this function holds while it runs; absent: the app's.
    package var exclusive: String?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        name: String = "",
        summary: String = "",
        timeoutMs: Int64 = 0,
        idempotent: Bool = false,
        paramSchema: String = "",
        exclusive: String? = nil
    ) {
        self.name = name
        self.summary = summary
        self.timeoutMs = timeoutMs
        self.idempotent = idempotent
        self.paramSchema = paramSchema
        self.exclusive = exclusive
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.name = try reader.readString()
            case (2, .string):
                self.summary = try reader.readString()
            case (3, .i64):
                self.timeoutMs = try reader.readInt64()
            case (4, .bool):
                self.idempotent = try reader.readBool()
            case (5, .string):
                self.paramSchema = try reader.readString()
            case (6, .string):
                self.exclusive = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.name)
        writer.field(.string, 2)
        writer.writeString(self.summary)
        writer.field(.i64, 3)
        writer.writeInt64(self.timeoutMs)
        writer.boolField(4, self.idempotent)
        writer.field(.string, 5)
        writer.writeString(self.paramSchema)
        if let value = self.exclusive {
            writer.field(.string, 6)
            writer.writeString(value)
        }
        writer.endStruct(outer)
    }
}

/// What an app's `app.yaml` says, checked.
package struct AppManifest: ThriftStruct, Hashable {
    package var name: String
    package var version: String
    package var workerProtocol: WorkerProtocol
    /// Empty for an ELVES 2.0 app: any function may be called.
    package var functions: [AppFunction]
    /// Command of the worker: the interpreter, if any, then a path inside the package.
    package var entry: [String]
    /// One line for people.
    package var summary: String
    /// Name of a lock of the whole machine, shared by all apps, that each task of this app holds while it runs.
    package var exclusive: String?
    /// Tasks of this app that run at once on one agent; absent: the agent's own limit.
    package var maxRunning: Int32?
    /// Tasks of this app that may wait on one agent, 0: none; absent: half of what may wait there.
    package var maxWaiting: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        name: String = "",
        version: String = "",
        workerProtocol: WorkerProtocol = WorkerProtocol(rawValue: 0),
        functions: [AppFunction] = [],
        entry: [String] = [],
        summary: String = "",
        exclusive: String? = nil,
        maxRunning: Int32? = nil,
        maxWaiting: Int32? = nil
    ) {
        self.name = name
        self.version = version
        self.workerProtocol = workerProtocol
        self.functions = functions
        self.entry = entry
        self.summary = summary
        self.exclusive = exclusive
        self.maxRunning = maxRunning
        self.maxWaiting = maxWaiting
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.name = try reader.readString()
            case (2, .string):
                self.version = try reader.readString()
            case (3, .i32):
                self.workerProtocol = WorkerProtocol(rawValue: try reader.readInt32())
            case (4, .list):
                self.functions = try reader.readList(of: .struct) { reader throws(ThriftError) in try AppFunction(from: &reader) }
            case (5, .list):
                self.entry = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (6, .string):
                self.summary = try reader.readString()
            case (7, .string):
                self.exclusive = try reader.readString()
            case (8, .i32):
                self.maxRunning = try reader.readInt32()
            case (9, .i32):
                self.maxWaiting = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.name)
        writer.field(.string, 2)
        writer.writeString(self.version)
        writer.field(.i32, 3)
        writer.writeInt32(self.workerProtocol.rawValue)
        writer.field(.list, 4)
        writer.beginList(of: .struct, count: self.functions.count)
        for element in self.functions {
            element.write(to: &writer)
        }
        writer.field(.list, 5)
        writer.beginList(of: .string, count: self.entry.count)
        for element in self.entry {
            writer.writeString(element)
        }
        writer.field(.string, 6)
        writer.writeString(self.summary)
        if let value = self.exclusive {
            writer.field(.string, 7)
            writer.writeString(value)
        }
        if let value = self.maxRunning {
            writer.field(.i32, 8)
            writer.writeInt32(value)
        }
        if let value = self.maxWaiting {
            writer.field(.i32, 9)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// One file of a package's tree.
package struct TreeFile: ThriftStruct, Hashable {
    /// Relative to the app's folder, `/` between parts.
    package var path: String
    /// Permission bits, such as 493 (0755).
    package var mode: Int32
    /// Bytes.
    package var size: Int64
    /// SHA-256 of the content, 32 bytes.
    package var digest: [UInt8]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(path: String = "", mode: Int32 = 0, size: Int64 = 0, digest: [UInt8] = []) {
        self.path = path
        self.mode = mode
        self.size = size
        self.digest = digest
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.path = try reader.readString()
            case (2, .i32):
                self.mode = try reader.readInt32()
            case (3, .i64):
                self.size = try reader.readInt64()
            case (4, .string):
                self.digest = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.path)
        writer.field(.i32, 2)
        writer.writeInt32(self.mode)
        writer.field(.i64, 3)
        writer.writeInt64(self.size)
        writer.field(.string, 4)
        writer.writeBinary(self.digest)
        writer.endStruct(outer)
    }
}

/// A package's canonical tree.
package struct Tree: ThriftStruct, Hashable {
    /// SHA-256 over the canonical listing of `files`, 32 bytes.
    package var digest: [UInt8]
    /// Sorted by path, bytewise.
    package var files: [TreeFile]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(digest: [UInt8] = [], files: [TreeFile] = []) {
        self.digest = digest
        self.files = files
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.digest = try reader.readBinary()
            case (2, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try TreeFile(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeBinary(self.digest)
        writer.field(.list, 2)
        writer.beginList(of: .struct, count: self.files.count)
        for element in self.files {
            element.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// One attempt at a task.
package struct AttemptRef: ThriftStruct, Hashable {
    package var taskId: Int64
    /// From 1.
    package var attempt: Int32

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(taskId: Int64 = 0, attempt: Int32 = 0) {
        self.taskId = taskId
        self.attempt = attempt
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.taskId = try reader.readInt64()
            case (2, .i32):
                self.attempt = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.taskId)
        writer.field(.i32, 2)
        writer.writeInt32(self.attempt)
        writer.endStruct(outer)
    }
}

/// A file that goes with a call or comes back from it.
package struct FileRef: ThriftStruct, Hashable {
    /// A name without `/`.
    package var name: String
    /// SHA-256 of the content, 32 bytes.
    package var digest: [UInt8]
    /// Bytes.
    package var size: Int64
    /// Permission bits; absent: 420 (0644).
    package var mode: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(name: String = "", digest: [UInt8] = [], size: Int64 = 0, mode: Int32? = nil) {
        self.name = name
        self.digest = digest
        self.size = size
        self.mode = mode
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.name = try reader.readString()
            case (2, .string):
                self.digest = try reader.readBinary()
            case (3, .i64):
                self.size = try reader.readInt64()
            case (4, .i32):
                self.mode = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.name)
        writer.field(.string, 2)
        writer.writeBinary(self.digest)
        writer.field(.i64, 3)
        writer.writeInt64(self.size)
        if let value = self.mode {
            writer.field(.i32, 4)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// A run of bytes that was too long to keep whole.
package struct OutputText: ThriftStruct, Hashable {
    /// The first bytes, as UTF-8 with broken bytes replaced.
    package var head: String
    /// The last bytes, when `dropped` is above 0.
    package var tail: String
    /// Bytes between head and tail that were not kept.
    package var dropped: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(head: String = "", tail: String = "", dropped: Int64 = 0) {
        self.head = head
        self.tail = tail
        self.dropped = dropped
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.head = try reader.readString()
            case (2, .string):
                self.tail = try reader.readString()
            case (3, .i64):
                self.dropped = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.head)
        writer.field(.string, 2)
        writer.writeString(self.tail)
        writer.field(.i64, 3)
        writer.writeInt64(self.dropped)
        writer.endStruct(outer)
    }
}

/// One step on a task's way, for `elves task explain`.
package struct Hop: ThriftStruct, Hashable {
    /// Where: `scheduler`, `agent`, `worker`.
    package var place: String
    /// What happened there, such as `dispatched`.
    package var event: String
    /// Microseconds since the task was created, on the clock of `place`.
    package var atMicros: Int64
    /// Which rule or limit decided, if one did.
    package var rule: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(place: String = "", event: String = "", atMicros: Int64 = 0, rule: String = "") {
        self.place = place
        self.event = event
        self.atMicros = atMicros
        self.rule = rule
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.place = try reader.readString()
            case (2, .string):
                self.event = try reader.readString()
            case (3, .i64):
                self.atMicros = try reader.readInt64()
            case (4, .string):
                self.rule = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.place)
        writer.field(.string, 2)
        writer.writeString(self.event)
        writer.field(.i64, 3)
        writer.writeInt64(self.atMicros)
        writer.field(.string, 4)
        writer.writeString(self.rule)
        writer.endStruct(outer)
    }
}

/// A component's or agent's own account of its state.
package struct ComponentStatus: ThriftStruct, Hashable {
    /// Role, such as `scheduler`.
    package var role: String
    package var instance: String
    package var version: String
    /// Milliseconds since start.
    package var uptimeMs: Int64
    package var ready: Bool
    /// Why it is not ready; empty otherwise.
    package var reason: String
    /// Counters and gauges by name.
    package var numbers: [String: Int64]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        role: String = "",
        instance: String = "",
        version: String = "",
        uptimeMs: Int64 = 0,
        ready: Bool = false,
        reason: String = "",
        numbers: [String: Int64] = [:]
    ) {
        self.role = role
        self.instance = instance
        self.version = version
        self.uptimeMs = uptimeMs
        self.ready = ready
        self.reason = reason
        self.numbers = numbers
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.role = try reader.readString()
            case (2, .string):
                self.instance = try reader.readString()
            case (3, .string):
                self.version = try reader.readString()
            case (4, .i64):
                self.uptimeMs = try reader.readInt64()
            case (5, .bool):
                self.ready = try reader.readBool()
            case (6, .string):
                self.reason = try reader.readString()
            case (7, .map):
                self.numbers = try reader.readMap(key: .string, value: .i64, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readInt64() })
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.role)
        writer.field(.string, 2)
        writer.writeString(self.instance)
        writer.field(.string, 3)
        writer.writeString(self.version)
        writer.field(.i64, 4)
        writer.writeInt64(self.uptimeMs)
        writer.boolField(5, self.ready)
        writer.field(.string, 6)
        writer.writeString(self.reason)
        writer.field(.map, 7)
        writer.beginMap(key: .string, value: .i64, count: self.numbers.count)
        for (key, value) in self.numbers.inWireOrder {
            writer.writeString(key)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `ComponentService`, and who may call them.
package enum ComponentServiceMethods {
    package static let status = MethodDescriptor(
        service: "ComponentService",
        method: "status",
        roles: ["openapi", "supervisor", "heartbeat", "scheduler", "queue", "cron", "cmdbproxy", "operator"]
    )
    /// Every method.
    package static let all: [MethodDescriptor] = [status]
}

/// Served by every center component.
package protocol ComponentServiceHandler: Sendable {
    func status(context: CallContext) async throws -> ComponentStatus
}

/// Calls `ComponentService`.
package struct ComponentServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func status(options: CallOptions = CallOptions()) async throws -> ComponentStatus {
        let reply = try await self.caller.call(ComponentServiceMethods.status, options: options) { _ in }
        var success: ComponentStatus?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try ComponentStatus(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw ComponentServiceMethods.status.missingResult }
        return success
    }
}

/// Serves `ComponentService` by a handler.
package struct ComponentServiceProcessor<Handler: ComponentServiceHandler>: ThriftService {
    package static var serviceName: String { "ComponentService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(ComponentServiceMethods.status) { try await Self.status($0, handler) },
        ]
    }

    private static func status(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.status(context: call.context)
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
}
