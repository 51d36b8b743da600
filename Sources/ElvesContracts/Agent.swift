// swift-format-ignore-file
// Made by elves-thrift from agent.thrift. Do not edit: `make generate`.

package import Thrift

/// What an agent knows of an attempt.
package struct Standing: ThriftEnum {
    package let rawValue: Int32

    /// Takes any number, also one that this IDL does not know.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// It never took it, and can tell.
    package static let never = Standing(rawValue: 1)
    /// It waits for a place.
    package static let waiting = Standing(rawValue: 2)
    package static let running = Standing(rawValue: 3)
    package static let ended = Standing(rawValue: 4)
    /// It may have taken it: what it knew of that time is gone.
    package static let forgotten = Standing(rawValue: 5)

    /// The members that the IDL names, in its order.
    package static let all: [Standing] = [.never, .waiting, .running, .ended, .forgotten]

    /// The IDL's name, or nil for a number that this IDL does not know.
    package var name: String? {
        switch rawValue {
        case 1: "NEVER"
        case 2: "WAITING"
        case 3: "RUNNING"
        case 4: "ENDED"
        case 5: "FORGOTTEN"
        default: nil
        }
    }
}

/// Enum `OutputStream`.
package struct OutputStream: ThriftEnum {
    package let rawValue: Int32

    /// Takes any number, also one that this IDL does not know.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let stdout = OutputStream(rawValue: 1)
    package static let stderr = OutputStream(rawValue: 2)

    /// The members that the IDL names, in its order.
    package static let all: [OutputStream] = [.stdout, .stderr]

    /// The IDL's name, or nil for a number that this IDL does not know.
    package var name: String? {
        switch rawValue {
        case 1: "STDOUT"
        case 2: "STDERR"
        default: nil
        }
    }
}

/// One attempt, to be run now.
package struct RunTask: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    package var app: String
    package var `func`: String
    /// JSON text as the caller wrote it; absent when the caller gave none.
    package var param: String?
    /// Milliseconds from the worker's start; 0 means no limit. Absent: the manifest's.
    package var timeoutMs: Int64?
    /// ELVES 2.0 `proxy`: `interpreter|file` or `file`.
    package var proxy: String?
    /// Remaining milliseconds within which the worker must have started.
    package var startByMs: Int64?
    /// The attempt is on the agent's disk before its worker starts.
    package var durable: Bool?
    /// Laid into the worker's folder before it starts.
    package var files: [FileRef]?
    /// Attempts whose results are recorded at the center: the agent need not keep them.
    package var recorded: [AttemptRef]?
    /// It may have been sent before: an agent that cannot rule out that it ran refuses it.
    package var again: Bool?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        attempt: Int32 = 0,
        app: String = "",
        `func`: String = "",
        param: String? = nil,
        timeoutMs: Int64? = nil,
        proxy: String? = nil,
        startByMs: Int64? = nil,
        durable: Bool? = nil,
        files: [FileRef]? = nil,
        recorded: [AttemptRef]? = nil,
        again: Bool? = nil
    ) {
        self.taskId = taskId
        self.attempt = attempt
        self.app = app
        self.func = `func`
        self.param = param
        self.timeoutMs = timeoutMs
        self.proxy = proxy
        self.startByMs = startByMs
        self.durable = durable
        self.files = files
        self.recorded = recorded
        self.again = again
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
            case (3, .string):
                self.app = try reader.readString()
            case (4, .string):
                self.func = try reader.readString()
            case (5, .string):
                self.param = try reader.readString()
            case (6, .i64):
                self.timeoutMs = try reader.readInt64()
            case (7, .string):
                self.proxy = try reader.readString()
            case (8, .i64):
                self.startByMs = try reader.readInt64()
            case (9, .bool):
                self.durable = try reader.readBool()
            case (10, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            case (11, .list):
                self.recorded = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptRef(from: &reader) }
            case (12, .bool):
                self.again = try reader.readBool()
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
        writer.field(.string, 3)
        writer.writeString(self.app)
        writer.field(.string, 4)
        writer.writeString(self.func)
        if let value = self.param {
            writer.field(.string, 5)
            writer.writeString(value)
        }
        if let value = self.timeoutMs {
            writer.field(.i64, 6)
            writer.writeInt64(value)
        }
        if let value = self.proxy {
            writer.field(.string, 7)
            writer.writeString(value)
        }
        if let value = self.startByMs {
            writer.field(.i64, 8)
            writer.writeInt64(value)
        }
        if let value = self.durable {
            writer.boolField(9, value)
        }
        if let value = self.files {
            writer.field(.list, 10)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.recorded {
            writer.field(.list, 11)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.again {
            writer.boolField(12, value)
        }
        writer.endStruct(outer)
    }
}

/// How an attempt ended.
package struct TaskResult: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    package var state: TaskState
    /// 1 the worker said true, 0 it said something else, -1 it could not run, broke or timed out.
    package var flag: Int32
    /// The worker's own text, or why there is none.
    package var message: String
    /// JSON text of the result; absent for ELVES 2.0 workers.
    package var result: String?
    /// Milliseconds from the worker's start to its end.
    package var costMs: Int64
    package var exitCode: Int32?
    package var signal: Int32?
    package var stdout: OutputText
    package var stderr: OutputText
    /// Registry code when the state is not SUCCEEDED; empty otherwise.
    package var code: String
    /// Version of the app that ran.
    package var version: String
    package var hops: [Hop]
    /// What was asked for, for a center that has forgotten; present in results that are sent again.
    package var app: String?
    package var `func`: String?
    /// UTC milliseconds by the agent's clock when it took the attempt; present in results that are sent again.
    package var takenAt: Int64?
    /// How the worker was started, as JSON text: working folder, umask, environment.
    package var worker: String?
    /// Files that the worker returned.
    package var files: [FileRef]?
    /// Bytes that the worker wrote to standard output and to standard error.
    package var stdoutBytes: Int64?
    package var stderrBytes: Int64?
    /// Processes that outlived KILL; 0 is what is promised.
    package var survivors: Int32?
    /// Bytes of both outputs that are sent beside the result; absent: the result holds all there is.
    package var copiedBytes: Int64?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        attempt: Int32 = 0,
        state: TaskState = TaskState(rawValue: 0),
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
        app: String? = nil,
        `func`: String? = nil,
        takenAt: Int64? = nil,
        worker: String? = nil,
        files: [FileRef]? = nil,
        stdoutBytes: Int64? = nil,
        stderrBytes: Int64? = nil,
        survivors: Int32? = nil,
        copiedBytes: Int64? = nil
    ) {
        self.taskId = taskId
        self.attempt = attempt
        self.state = state
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
        self.app = app
        self.func = `func`
        self.takenAt = takenAt
        self.worker = worker
        self.files = files
        self.stdoutBytes = stdoutBytes
        self.stderrBytes = stderrBytes
        self.survivors = survivors
        self.copiedBytes = copiedBytes
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
            case (3, .i32):
                self.state = TaskState(rawValue: try reader.readInt32())
            case (4, .i32):
                self.flag = try reader.readInt32()
            case (5, .string):
                self.message = try reader.readString()
            case (6, .string):
                self.result = try reader.readString()
            case (7, .i64):
                self.costMs = try reader.readInt64()
            case (8, .i32):
                self.exitCode = try reader.readInt32()
            case (9, .i32):
                self.signal = try reader.readInt32()
            case (10, .struct):
                self.stdout = try OutputText(from: &reader)
            case (11, .struct):
                self.stderr = try OutputText(from: &reader)
            case (12, .string):
                self.code = try reader.readString()
            case (13, .string):
                self.version = try reader.readString()
            case (14, .list):
                self.hops = try reader.readList(of: .struct) { reader throws(ThriftError) in try Hop(from: &reader) }
            case (15, .string):
                self.app = try reader.readString()
            case (16, .string):
                self.func = try reader.readString()
            case (17, .i64):
                self.takenAt = try reader.readInt64()
            case (18, .string):
                self.worker = try reader.readString()
            case (19, .list):
                self.files = try reader.readList(of: .struct) { reader throws(ThriftError) in try FileRef(from: &reader) }
            case (20, .i64):
                self.stdoutBytes = try reader.readInt64()
            case (21, .i64):
                self.stderrBytes = try reader.readInt64()
            case (22, .i32):
                self.survivors = try reader.readInt32()
            case (23, .i64):
                self.copiedBytes = try reader.readInt64()
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
        writer.field(.i32, 3)
        writer.writeInt32(self.state.rawValue)
        writer.field(.i32, 4)
        writer.writeInt32(self.flag)
        writer.field(.string, 5)
        writer.writeString(self.message)
        if let value = self.result {
            writer.field(.string, 6)
            writer.writeString(value)
        }
        writer.field(.i64, 7)
        writer.writeInt64(self.costMs)
        if let value = self.exitCode {
            writer.field(.i32, 8)
            writer.writeInt32(value)
        }
        if let value = self.signal {
            writer.field(.i32, 9)
            writer.writeInt32(value)
        }
        writer.field(.struct, 10)
        self.stdout.write(to: &writer)
        writer.field(.struct, 11)
        self.stderr.write(to: &writer)
        writer.field(.string, 12)
        writer.writeString(self.code)
        writer.field(.string, 13)
        writer.writeString(self.version)
        writer.field(.list, 14)
        writer.beginList(of: .struct, count: self.hops.count)
        for element in self.hops {
            element.write(to: &writer)
        }
        if let value = self.app {
            writer.field(.string, 15)
            writer.writeString(value)
        }
        if let value = self.func {
            writer.field(.string, 16)
            writer.writeString(value)
        }
        if let value = self.takenAt {
            writer.field(.i64, 17)
            writer.writeInt64(value)
        }
        if let value = self.worker {
            writer.field(.string, 18)
            writer.writeString(value)
        }
        if let value = self.files {
            writer.field(.list, 19)
            writer.beginList(of: .struct, count: value.count)
            for element in value {
                element.write(to: &writer)
            }
        }
        if let value = self.stdoutBytes {
            writer.field(.i64, 20)
            writer.writeInt64(value)
        }
        if let value = self.stderrBytes {
            writer.field(.i64, 21)
            writer.writeInt64(value)
        }
        if let value = self.survivors {
            writer.field(.i32, 22)
            writer.writeInt32(value)
        }
        if let value = self.copiedBytes {
            writer.field(.i64, 23)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// An agent's word on an attempt.
package struct AttemptWord: ThriftStruct, Hashable {
    package var ref: AttemptRef
    package var standing: Standing
    /// While the agent still keeps it.
    package var result: TaskResult?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        ref: AttemptRef = AttemptRef(),
        standing: Standing = Standing(rawValue: 0),
        result: TaskResult? = nil
    ) {
        self.ref = ref
        self.standing = standing
        self.result = result
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.ref = try AttemptRef(from: &reader)
            case (2, .i32):
                self.standing = Standing(rawValue: try reader.readInt32())
            case (3, .struct):
                self.result = try TaskResult(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.ref.write(to: &writer)
        writer.field(.i32, 2)
        writer.writeInt32(self.standing.rawValue)
        if let value = self.result {
            writer.field(.struct, 3)
            value.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// A piece of a worker's output.
package struct OutputPart: ThriftStruct, Hashable {
    package var stream: OutputStream
    package var bytes: [UInt8]
    /// Bytes of this stream that are missing before `bytes`.
    package var dropped: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(stream: OutputStream = OutputStream(rawValue: 0), bytes: [UInt8] = [], dropped: Int64 = 0) {
        self.stream = stream
        self.bytes = bytes
        self.dropped = dropped
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.stream = OutputStream(rawValue: try reader.readInt32())
            case (2, .string):
                self.bytes = try reader.readBinary()
            case (3, .i64):
                self.dropped = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.stream.rawValue)
        writer.field(.string, 2)
        writer.writeBinary(self.bytes)
        writer.field(.i64, 3)
        writer.writeInt64(self.dropped)
        writer.endStruct(outer)
    }
}

/// A piece of output on its way from agent to center.
package struct OutputChunk: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    /// Bytes of both outputs before this chunk: its number in the sequence.
    package var offset: Int64
    package var part: OutputPart
    /// Nothing of this attempt follows.
    package var last: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        attempt: Int32 = 0,
        offset: Int64 = 0,
        part: OutputPart = OutputPart(),
        last: Bool = false
    ) {
        self.taskId = taskId
        self.attempt = attempt
        self.offset = offset
        self.part = part
        self.last = last
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
            case (3, .i64):
                self.offset = try reader.readInt64()
            case (4, .struct):
                self.part = try OutputPart(from: &reader)
            case (5, .bool):
                self.last = try reader.readBool()
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
        writer.field(.i64, 3)
        writer.writeInt64(self.offset)
        writer.field(.struct, 4)
        self.part.write(to: &writer)
        writer.boolField(5, self.last)
        writer.endStruct(outer)
    }
}

/// What the center still takes of an attempt's output.
package struct OutputCredit: ThriftStruct, Hashable {
    /// The offset that it wants next.
    package var wanted: Int64
    /// Bytes that it still takes; 0: the copy is full, send the last chunk only.
    package var credit: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(wanted: Int64 = 0, credit: Int64 = 0) {
        self.wanted = wanted
        self.credit = credit
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.wanted = try reader.readInt64()
            case (2, .i64):
                self.credit = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.wanted)
        writer.field(.i64, 2)
        writer.writeInt64(self.credit)
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `AgentService`, and who may call them.
package enum AgentServiceMethods {
    package static let run = MethodDescriptor(service: "AgentService", method: "run", roles: ["scheduler"])
    package static let resume = MethodDescriptor(service: "AgentService", method: "resume", roles: ["scheduler"])
    package static let attempts = MethodDescriptor(service: "AgentService", method: "attempts", roles: ["scheduler"])
    package static let recorded = MethodDescriptor(
        service: "AgentService",
        method: "recorded",
        oneway: true,
        roles: ["scheduler"]
    )
    package static let follow = MethodDescriptor(
        service: "AgentService",
        method: "follow",
        oneway: true,
        roles: ["scheduler"]
    )
    package static let kill = MethodDescriptor(service: "AgentService", method: "kill", roles: ["scheduler"])
    package static let refresh = MethodDescriptor(
        service: "AgentService",
        method: "refresh",
        oneway: true,
        roles: ["heartbeat"]
    )
    /// Every method.
    package static let all: [MethodDescriptor] = [run, resume, attempts, recorded, follow, kill, refresh]
}

/// Served by `elves-agent` to scheduler and heartbeat.
package protocol AgentServiceHandler: Sendable {
    /// Starts the worker and answers with its end. An attempt that was already taken is not started again: its end is
    /// the answer, while the agent keeps it, else it is refused.
    func run(task: RunTask, context: CallContext) async throws -> TaskResult
    /// Waits for the end of an attempt that was taken before; `agent.attempt.unknown` when it never was.
    func resume(attempt: AttemptRef, context: CallContext) async throws -> TaskResult
    /// How attempts stand, without waiting.
    func attempts(attempts: [AttemptRef], context: CallContext) async throws -> [AttemptWord]
    /// Results of these attempts are recorded at the center: the agent need not keep them.
    func recorded(attempts: [AttemptRef], context: CallContext) async throws
    /// Someone reads the task's output: send it as it comes.
    func follow(taskId: Int64, context: CallContext) async throws
    /// TERM, grace, KILL; answers when nothing of the task is left.
    func kill(taskId: Int64, reason: String, context: CallContext) async throws
    /// The desired state changed: beat now.
    func refresh(generation: Int64, context: CallContext) async throws
}

/// Calls `AgentService`.
package struct AgentServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    /// Starts the worker and answers with its end. An attempt that was already taken is not started again: its end is
    /// the answer, while the agent keeps it, else it is refused.
    package func run(task: RunTask, options: CallOptions = CallOptions()) async throws -> TaskResult {
        let reply = try await self.caller.call(AgentServiceMethods.run, options: options) { writer in
            writer.field(.struct, 1)
            task.write(to: &writer)
        }
        var success: TaskResult?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskResult(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw AgentServiceMethods.run.missingResult }
        return success
    }

    /// Waits for the end of an attempt that was taken before; `agent.attempt.unknown` when it never was.
    package func resume(attempt: AttemptRef, options: CallOptions = CallOptions()) async throws -> TaskResult {
        let reply = try await self.caller.call(AgentServiceMethods.resume, options: options) { writer in
            writer.field(.struct, 1)
            attempt.write(to: &writer)
        }
        var success: TaskResult?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try TaskResult(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw AgentServiceMethods.resume.missingResult }
        return success
    }

    /// How attempts stand, without waiting.
    package func attempts(attempts: [AttemptRef], options: CallOptions = CallOptions()) async throws -> [AttemptWord] {
        let reply = try await self.caller.call(AgentServiceMethods.attempts, options: options) { writer in
            writer.field(.list, 1)
            writer.beginList(of: .struct, count: attempts.count)
            for element in attempts {
                element.write(to: &writer)
            }
        }
        var success: [AttemptWord]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptWord(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw AgentServiceMethods.attempts.missingResult }
        return success
    }

    /// Results of these attempts are recorded at the center: the agent need not keep them.
    package func recorded(attempts: [AttemptRef], options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(AgentServiceMethods.recorded, options: options) { writer in
            writer.field(.list, 1)
            writer.beginList(of: .struct, count: attempts.count)
            for element in attempts {
                element.write(to: &writer)
            }
        }
    }

    /// Someone reads the task's output: send it as it comes.
    package func follow(taskId: Int64, options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(AgentServiceMethods.follow, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(taskId)
        }
    }

    /// TERM, grace, KILL; answers when nothing of the task is left.
    package func kill(taskId: Int64, reason: String, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(AgentServiceMethods.kill, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(taskId)
            writer.field(.string, 2)
            writer.writeString(reason)
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

    /// The desired state changed: beat now.
    package func refresh(generation: Int64, options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(AgentServiceMethods.refresh, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(generation)
        }
    }
}

/// Serves `AgentService` by a handler.
package struct AgentServiceProcessor<Handler: AgentServiceHandler>: ThriftService {
    package static var serviceName: String { "AgentService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(AgentServiceMethods.run) { try await Self.run($0, handler) },
            ThriftMethod(AgentServiceMethods.resume) { try await Self.resume($0, handler) },
            ThriftMethod(AgentServiceMethods.attempts) { try await Self.attempts($0, handler) },
            ThriftMethod(AgentServiceMethods.recorded) { try await Self.recorded($0, handler) },
            ThriftMethod(AgentServiceMethods.follow) { try await Self.follow($0, handler) },
            ThriftMethod(AgentServiceMethods.kill) { try await Self.kill($0, handler) },
            ThriftMethod(AgentServiceMethods.refresh) { try await Self.refresh($0, handler) },
        ]
    }

    private static func run(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var task: RunTask = RunTask()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                task = try RunTask(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.run(task: task, context: call.context)
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

    private static func resume(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempt: AttemptRef = AttemptRef()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                attempt = try AttemptRef(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.resume(attempt: attempt, context: call.context)
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

    private static func attempts(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempts: [AttemptRef] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .list):
                attempts = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptRef(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.attempts(attempts: attempts, context: call.context)
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

    private static func recorded(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempts: [AttemptRef] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .list):
                attempts = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptRef(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        try await handler.recorded(attempts: attempts, context: call.context)
        return nil
    }

    private static func follow(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var taskId: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                taskId = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        try await handler.follow(taskId: taskId, context: call.context)
        return nil
    }

    private static func kill(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var taskId: Int64 = 0
        var reason: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                taskId = try reader.readInt64()
            case (2, .string):
                reason = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.kill(taskId: taskId, reason: reason, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func refresh(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var generation: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                generation = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        try await handler.refresh(generation: generation, context: call.context)
        return nil
    }
}

/// What the IDL says of the methods of `TaskReportService`, and who may call them.
package enum TaskReportServiceMethods {
    package static let report = MethodDescriptor(service: "TaskReportService", method: "report", roles: ["agent"])
    package static let started = MethodDescriptor(
        service: "TaskReportService",
        method: "started",
        oneway: true,
        roles: ["agent"]
    )
    package static let output = MethodDescriptor(service: "TaskReportService", method: "output", roles: ["agent"])
    package static let fetchBlob = MethodDescriptor(service: "TaskReportService", method: "fetchBlob", roles: ["agent"])
    package static let putBlob = MethodDescriptor(service: "TaskReportService", method: "putBlob", roles: ["agent"])
    /// Every method.
    package static let all: [MethodDescriptor] = [report, started, output, fetchBlob, putBlob]
}

/// Served by `elves-scheduler` to the agents that dialled it.
package protocol TaskReportServiceHandler: Sendable {
    /// Results that the agent still keeps; the answer names those that are recorded now.
    func report(results: [TaskResult], context: CallContext) async throws -> [AttemptRef]
    /// Workers that have started.
    func started(attempts: [AttemptRef], context: CallContext) async throws
    /// The next piece of an attempt's output. One that was taken before is answered like the first time.
    func output(chunk: OutputChunk, context: CallContext) async throws -> OutputCredit
    /// A file that a task of this agent names; at most 256 KiB a call.
    func fetchBlob(
        attempt: AttemptRef,
        digest: [UInt8],
        offset: Int64,
        length: Int32,
        context: CallContext
    ) async throws -> [UInt8]
    /// A file that a worker returns, in pieces of at most 256 KiB; answers how many bytes the center has.
    func putBlob(
        attempt: AttemptRef,
        file: FileRef,
        offset: Int64,
        bytes: [UInt8],
        context: CallContext
    ) async throws -> Int64
}

/// Calls `TaskReportService`.
package struct TaskReportServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    /// Results that the agent still keeps; the answer names those that are recorded now.
    package func report(results: [TaskResult], options: CallOptions = CallOptions()) async throws -> [AttemptRef] {
        let reply = try await self.caller.call(TaskReportServiceMethods.report, options: options) { writer in
            writer.field(.list, 1)
            writer.beginList(of: .struct, count: results.count)
            for element in results {
                element.write(to: &writer)
            }
        }
        var success: [AttemptRef]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptRef(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw TaskReportServiceMethods.report.missingResult }
        return success
    }

    /// Workers that have started.
    package func started(attempts: [AttemptRef], options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(TaskReportServiceMethods.started, options: options) { writer in
            writer.field(.list, 1)
            writer.beginList(of: .struct, count: attempts.count)
            for element in attempts {
                element.write(to: &writer)
            }
        }
    }

    /// The next piece of an attempt's output. One that was taken before is answered like the first time.
    package func output(chunk: OutputChunk, options: CallOptions = CallOptions()) async throws -> OutputCredit {
        let reply = try await self.caller.call(TaskReportServiceMethods.output, options: options) { writer in
            writer.field(.struct, 1)
            chunk.write(to: &writer)
        }
        var success: OutputCredit?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try OutputCredit(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw TaskReportServiceMethods.output.missingResult }
        return success
    }

    /// A file that a task of this agent names; at most 256 KiB a call.
    package func fetchBlob(
        attempt: AttemptRef,
        digest: [UInt8],
        offset: Int64,
        length: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [UInt8] {
        let reply = try await self.caller.call(TaskReportServiceMethods.fetchBlob, options: options) { writer in
            writer.field(.struct, 1)
            attempt.write(to: &writer)
            writer.field(.string, 2)
            writer.writeBinary(digest)
            writer.field(.i64, 3)
            writer.writeInt64(offset)
            writer.field(.i32, 4)
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
        guard let success else { throw TaskReportServiceMethods.fetchBlob.missingResult }
        return success
    }

    /// A file that a worker returns, in pieces of at most 256 KiB; answers how many bytes the center has.
    package func putBlob(
        attempt: AttemptRef,
        file: FileRef,
        offset: Int64,
        bytes: [UInt8],
        options: CallOptions = CallOptions()
    ) async throws -> Int64 {
        let reply = try await self.caller.call(TaskReportServiceMethods.putBlob, options: options) { writer in
            writer.field(.struct, 1)
            attempt.write(to: &writer)
            writer.field(.struct, 2)
            file.write(to: &writer)
            writer.field(.i64, 3)
            writer.writeInt64(offset)
            writer.field(.string, 4)
            writer.writeBinary(bytes)
        }
        var success: Int64?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .i64):
                success = try reader.readInt64()
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw TaskReportServiceMethods.putBlob.missingResult }
        return success
    }
}

/// Serves `TaskReportService` by a handler.
package struct TaskReportServiceProcessor<Handler: TaskReportServiceHandler>: ThriftService {
    package static var serviceName: String { "TaskReportService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(TaskReportServiceMethods.report) { try await Self.report($0, handler) },
            ThriftMethod(TaskReportServiceMethods.started) { try await Self.started($0, handler) },
            ThriftMethod(TaskReportServiceMethods.output) { try await Self.output($0, handler) },
            ThriftMethod(TaskReportServiceMethods.fetchBlob) { try await Self.fetchBlob($0, handler) },
            ThriftMethod(TaskReportServiceMethods.putBlob) { try await Self.putBlob($0, handler) },
        ]
    }

    private static func report(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var results: [TaskResult] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .list):
                results = try reader.readList(of: .struct) { reader throws(ThriftError) in try TaskResult(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.report(results: results, context: call.context)
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

    private static func started(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempts: [AttemptRef] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .list):
                attempts = try reader.readList(of: .struct) { reader throws(ThriftError) in try AttemptRef(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        try await handler.started(attempts: attempts, context: call.context)
        return nil
    }

    private static func output(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var chunk: OutputChunk = OutputChunk()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                chunk = try OutputChunk(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.output(chunk: chunk, context: call.context)
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

    private static func fetchBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempt: AttemptRef = AttemptRef()
        var digest: [UInt8] = []
        var offset: Int64 = 0
        var length: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                attempt = try AttemptRef(from: &reader)
            case (2, .string):
                digest = try reader.readBinary()
            case (3, .i64):
                offset = try reader.readInt64()
            case (4, .i32):
                length = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.fetchBlob(
                attempt: attempt,
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

    private static func putBlob(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var attempt: AttemptRef = AttemptRef()
        var file: FileRef = FileRef()
        var offset: Int64 = 0
        var bytes: [UInt8] = []
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                attempt = try AttemptRef(from: &reader)
            case (2, .struct):
                file = try FileRef(from: &reader)
            case (3, .i64):
                offset = try reader.readInt64()
            case (4, .string):
                bytes = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.putBlob(
                attempt: attempt,
                file: file,
                offset: offset,
                bytes: bytes,
                context: call.context
            )
            return call.answer { writer in
                writer.field(.i64, 0)
                writer.writeInt64(success)
            }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }
}
