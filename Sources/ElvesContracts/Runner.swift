// swift-format-ignore-file
// Made by elves-thrift from runner.thrift. Do not edit: `make generate`.

package import Thrift

/// A worker to start.
package struct Spawn: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    /// Absolute path of the program, then its arguments.
    package var command: [String]
    package var workingFolder: String
    /// The whole environment.
    package var environment: [String: String]
    /// Bytes for standard input, which is then closed.
    package var input: [UInt8]
    /// Milliseconds; 0 means no limit.
    package var timeoutMs: Int64
    /// Milliseconds between TERM and KILL.
    package var graceMs: Int64
    /// Bytes of standard output and of standard error that are kept, head and tail together.
    package var outputLimit: Int32
    /// Bytes of descriptor 3 that are kept; one byte more and the result is refused.
    package var resultLimit: Int32
    /// Whether descriptor 3 is the result.
    package var wantsResult: Bool
    /// File that takes a copy of both outputs once they are long or the worker runs for a while; absent: no copy.
    package var copyPath: String?
    /// Bytes of output that the copy holds at most.
    package var copyLimit: Int64?
    /// Milliseconds that a worker runs before its output is copied, however short it is.
    package var copyAfterMs: Int64?
    /// Absent: 18 (022).
    package var umask: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        attempt: Int32 = 0,
        command: [String] = [],
        workingFolder: String = "",
        environment: [String: String] = [:],
        input: [UInt8] = [],
        timeoutMs: Int64 = 0,
        graceMs: Int64 = 0,
        outputLimit: Int32 = 0,
        resultLimit: Int32 = 0,
        wantsResult: Bool = false,
        copyPath: String? = nil,
        copyLimit: Int64? = nil,
        copyAfterMs: Int64? = nil,
        umask: Int32? = nil
    ) {
        self.taskId = taskId
        self.attempt = attempt
        self.command = command
        self.workingFolder = workingFolder
        self.environment = environment
        self.input = input
        self.timeoutMs = timeoutMs
        self.graceMs = graceMs
        self.outputLimit = outputLimit
        self.resultLimit = resultLimit
        self.wantsResult = wantsResult
        self.copyPath = copyPath
        self.copyLimit = copyLimit
        self.copyAfterMs = copyAfterMs
        self.umask = umask
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
            case (3, .list):
                self.command = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (4, .string):
                self.workingFolder = try reader.readString()
            case (5, .map):
                self.environment = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (6, .string):
                self.input = try reader.readBinary()
            case (7, .i64):
                self.timeoutMs = try reader.readInt64()
            case (8, .i64):
                self.graceMs = try reader.readInt64()
            case (9, .i32):
                self.outputLimit = try reader.readInt32()
            case (10, .i32):
                self.resultLimit = try reader.readInt32()
            case (11, .bool):
                self.wantsResult = try reader.readBool()
            case (12, .string):
                self.copyPath = try reader.readString()
            case (13, .i64):
                self.copyLimit = try reader.readInt64()
            case (14, .i64):
                self.copyAfterMs = try reader.readInt64()
            case (15, .i32):
                self.umask = try reader.readInt32()
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
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.command.count)
        for element in self.command {
            writer.writeString(element)
        }
        writer.field(.string, 4)
        writer.writeString(self.workingFolder)
        writer.field(.map, 5)
        writer.beginMap(key: .string, value: .string, count: self.environment.count)
        for (key, value) in self.environment.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.string, 6)
        writer.writeBinary(self.input)
        writer.field(.i64, 7)
        writer.writeInt64(self.timeoutMs)
        writer.field(.i64, 8)
        writer.writeInt64(self.graceMs)
        writer.field(.i32, 9)
        writer.writeInt32(self.outputLimit)
        writer.field(.i32, 10)
        writer.writeInt32(self.resultLimit)
        writer.boolField(11, self.wantsResult)
        if let value = self.copyPath {
            writer.field(.string, 12)
            writer.writeString(value)
        }
        if let value = self.copyLimit {
            writer.field(.i64, 13)
            writer.writeInt64(value)
        }
        if let value = self.copyAfterMs {
            writer.field(.i64, 14)
            writer.writeInt64(value)
        }
        if let value = self.umask {
            writer.field(.i32, 15)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// Bytes that a worker wrote, shortened to a limit.
package struct Captured: ThriftStruct, Hashable {
    package var head: [UInt8]
    package var tail: [UInt8]
    package var dropped: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(head: [UInt8] = [], tail: [UInt8] = [], dropped: Int64 = 0) {
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
                self.head = try reader.readBinary()
            case (2, .string):
                self.tail = try reader.readBinary()
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
        writer.writeBinary(self.head)
        writer.field(.string, 2)
        writer.writeBinary(self.tail)
        writer.field(.i64, 3)
        writer.writeInt64(self.dropped)
        writer.endStruct(outer)
    }
}

/// How a worker ended.
package struct Exit: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    /// Exit code; absent when a signal ended it or it never started.
    package var exitCode: Int32?
    package var signal: Int32?
    package var timedOut: Bool
    package var killed: Bool
    /// Why it never started, such as `no such file`; empty when it did.
    package var spawnProblem: String
    package var output: Captured
    package var errors: Captured
    /// Descriptor 3.
    package var result: [UInt8]
    package var resultTooLong: Bool
    /// Milliseconds from start to end.
    package var costMs: Int64
    /// Processes that outlived KILL; 0 is what is promised.
    package var survivors: Int32
    /// Microseconds from request to start.
    package var spawnMicros: Int64
    /// Bytes that the worker wrote to each output.
    package var outputBytes: Int64?
    package var errorBytes: Int64?
    /// Bytes of output in the copy; absent without one.
    package var copiedBytes: Int64?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        attempt: Int32 = 0,
        exitCode: Int32? = nil,
        signal: Int32? = nil,
        timedOut: Bool = false,
        killed: Bool = false,
        spawnProblem: String = "",
        output: Captured = Captured(),
        errors: Captured = Captured(),
        result: [UInt8] = [],
        resultTooLong: Bool = false,
        costMs: Int64 = 0,
        survivors: Int32 = 0,
        spawnMicros: Int64 = 0,
        outputBytes: Int64? = nil,
        errorBytes: Int64? = nil,
        copiedBytes: Int64? = nil
    ) {
        self.taskId = taskId
        self.attempt = attempt
        self.exitCode = exitCode
        self.signal = signal
        self.timedOut = timedOut
        self.killed = killed
        self.spawnProblem = spawnProblem
        self.output = output
        self.errors = errors
        self.result = result
        self.resultTooLong = resultTooLong
        self.costMs = costMs
        self.survivors = survivors
        self.spawnMicros = spawnMicros
        self.outputBytes = outputBytes
        self.errorBytes = errorBytes
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
                self.exitCode = try reader.readInt32()
            case (4, .i32):
                self.signal = try reader.readInt32()
            case (5, .bool):
                self.timedOut = try reader.readBool()
            case (6, .bool):
                self.killed = try reader.readBool()
            case (7, .string):
                self.spawnProblem = try reader.readString()
            case (8, .struct):
                self.output = try Captured(from: &reader)
            case (9, .struct):
                self.errors = try Captured(from: &reader)
            case (10, .string):
                self.result = try reader.readBinary()
            case (11, .bool):
                self.resultTooLong = try reader.readBool()
            case (12, .i64):
                self.costMs = try reader.readInt64()
            case (13, .i32):
                self.survivors = try reader.readInt32()
            case (14, .i64):
                self.spawnMicros = try reader.readInt64()
            case (15, .i64):
                self.outputBytes = try reader.readInt64()
            case (16, .i64):
                self.errorBytes = try reader.readInt64()
            case (17, .i64):
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
        if let value = self.exitCode {
            writer.field(.i32, 3)
            writer.writeInt32(value)
        }
        if let value = self.signal {
            writer.field(.i32, 4)
            writer.writeInt32(value)
        }
        writer.boolField(5, self.timedOut)
        writer.boolField(6, self.killed)
        writer.field(.string, 7)
        writer.writeString(self.spawnProblem)
        writer.field(.struct, 8)
        self.output.write(to: &writer)
        writer.field(.struct, 9)
        self.errors.write(to: &writer)
        writer.field(.string, 10)
        writer.writeBinary(self.result)
        writer.boolField(11, self.resultTooLong)
        writer.field(.i64, 12)
        writer.writeInt64(self.costMs)
        writer.field(.i32, 13)
        writer.writeInt32(self.survivors)
        writer.field(.i64, 14)
        writer.writeInt64(self.spawnMicros)
        if let value = self.outputBytes {
            writer.field(.i64, 15)
            writer.writeInt64(value)
        }
        if let value = self.errorBytes {
            writer.field(.i64, 16)
            writer.writeInt64(value)
        }
        if let value = self.copiedBytes {
            writer.field(.i64, 17)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// Struct `Running`.
package struct Running: ThriftStruct, Hashable {
    package var taskId: Int64
    package var attempt: Int32
    package var pid: Int32
    /// Milliseconds since start.
    package var ageMs: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(taskId: Int64 = 0, attempt: Int32 = 0, pid: Int32 = 0, ageMs: Int64 = 0) {
        self.taskId = taskId
        self.attempt = attempt
        self.pid = pid
        self.ageMs = ageMs
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
                self.pid = try reader.readInt32()
            case (4, .i64):
                self.ageMs = try reader.readInt64()
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
        writer.writeInt32(self.pid)
        writer.field(.i64, 4)
        writer.writeInt64(self.ageMs)
        writer.endStruct(outer)
    }
}

/// An app as `elves-agent status` shows it.
package struct LocalApp: ThriftStruct, Hashable {
    package var app: String
    package var version: String
    package var problem: String
    /// Its tasks now.
    package var running: Int32?
    package var waiting: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        version: String = "",
        problem: String = "",
        running: Int32? = nil,
        waiting: Int32? = nil
    ) {
        self.app = app
        self.version = version
        self.problem = problem
        self.running = running
        self.waiting = waiting
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.version = try reader.readString()
            case (3, .string):
                self.problem = try reader.readString()
            case (4, .i32):
                self.running = try reader.readInt32()
            case (5, .i32):
                self.waiting = try reader.readInt32()
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
        writer.writeString(self.version)
        writer.field(.string, 3)
        writer.writeString(self.problem)
        if let value = self.running {
            writer.field(.i32, 4)
            writer.writeInt32(value)
        }
        if let value = self.waiting {
            writer.field(.i32, 5)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// A task as `elves-agent status` shows it.
package struct LocalTask: ThriftStruct, Hashable {
    package var taskId: Int64
    package var app: String
    package var `func`: String
    package var state: TaskState
    /// UTC milliseconds by the agent's clock.
    package var startedAt: Int64
    package var costMs: Int64
    /// Its worker was started by the agent before this one: whoever asked for it has been told `unknown`.
    package var adopted: Bool?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        taskId: Int64 = 0,
        app: String = "",
        `func`: String = "",
        state: TaskState = TaskState(rawValue: 0),
        startedAt: Int64 = 0,
        costMs: Int64 = 0,
        adopted: Bool? = nil
    ) {
        self.taskId = taskId
        self.app = app
        self.func = `func`
        self.state = state
        self.startedAt = startedAt
        self.costMs = costMs
        self.adopted = adopted
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.taskId = try reader.readInt64()
            case (2, .string):
                self.app = try reader.readString()
            case (3, .string):
                self.func = try reader.readString()
            case (4, .i32):
                self.state = TaskState(rawValue: try reader.readInt32())
            case (5, .i64):
                self.startedAt = try reader.readInt64()
            case (6, .i64):
                self.costMs = try reader.readInt64()
            case (7, .bool):
                self.adopted = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.taskId)
        writer.field(.string, 2)
        writer.writeString(self.app)
        writer.field(.string, 3)
        writer.writeString(self.func)
        writer.field(.i32, 4)
        writer.writeInt32(self.state.rawValue)
        writer.field(.i64, 5)
        writer.writeInt64(self.startedAt)
        writer.field(.i64, 6)
        writer.writeInt64(self.costMs)
        if let value = self.adopted {
            writer.boolField(7, value)
        }
        writer.endStruct(outer)
    }
}

/// Struct `LocalError`.
package struct LocalError: ThriftStruct, Hashable {
    /// UTC milliseconds by the agent's clock.
    package var at: Int64
    package var code: String
    package var message: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(at: Int64 = 0, code: String = "", message: String = "") {
        self.at = at
        self.code = code
        self.message = message
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.at = try reader.readInt64()
            case (2, .string):
                self.code = try reader.readString()
            case (3, .string):
                self.message = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.at)
        writer.field(.string, 2)
        writer.writeString(self.code)
        writer.field(.string, 3)
        writer.writeString(self.message)
        writer.endStruct(outer)
    }
}

/// What an agent says on its own machine.
package struct LocalStatus: ThriftStruct, Hashable {
    package var agentId: Int64
    package var ip: String
    package var version: String
    package var uptimeMs: Int64
    package var apps: [LocalApp]
    /// Milliseconds since the last answer from each; -1 when there was none.
    package var lastContactMs: [String: Int64]
    /// The last 40.
    package var tasks: [LocalTask]
    /// The last 20.
    package var errors: [LocalError]
    /// Tasks that hold a place.
    package var running: Int32
    /// Resident memory of the agent's process, and of the runner's.
    package var residentBytes: Int64?
    package var runnerResidentBytes: Int64?
    /// Tasks that wait: for a place, a lock, or an app that is on its way.
    package var waiting: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        agentId: Int64 = 0,
        ip: String = "",
        version: String = "",
        uptimeMs: Int64 = 0,
        apps: [LocalApp] = [],
        lastContactMs: [String: Int64] = [:],
        tasks: [LocalTask] = [],
        errors: [LocalError] = [],
        running: Int32 = 0,
        residentBytes: Int64? = nil,
        runnerResidentBytes: Int64? = nil,
        waiting: Int32? = nil
    ) {
        self.agentId = agentId
        self.ip = ip
        self.version = version
        self.uptimeMs = uptimeMs
        self.apps = apps
        self.lastContactMs = lastContactMs
        self.tasks = tasks
        self.errors = errors
        self.running = running
        self.residentBytes = residentBytes
        self.runnerResidentBytes = runnerResidentBytes
        self.waiting = waiting
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
                self.version = try reader.readString()
            case (4, .i64):
                self.uptimeMs = try reader.readInt64()
            case (5, .list):
                self.apps = try reader.readList(of: .struct) { reader throws(ThriftError) in try LocalApp(from: &reader) }
            case (6, .map):
                self.lastContactMs = try reader.readMap(key: .string, value: .i64, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readInt64() })
            case (7, .list):
                self.tasks = try reader.readList(of: .struct) { reader throws(ThriftError) in try LocalTask(from: &reader) }
            case (8, .list):
                self.errors = try reader.readList(of: .struct) { reader throws(ThriftError) in try LocalError(from: &reader) }
            case (9, .i32):
                self.running = try reader.readInt32()
            case (10, .i64):
                self.residentBytes = try reader.readInt64()
            case (11, .i64):
                self.runnerResidentBytes = try reader.readInt64()
            case (12, .i32):
                self.waiting = try reader.readInt32()
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
        writer.writeString(self.version)
        writer.field(.i64, 4)
        writer.writeInt64(self.uptimeMs)
        writer.field(.list, 5)
        writer.beginList(of: .struct, count: self.apps.count)
        for element in self.apps {
            element.write(to: &writer)
        }
        writer.field(.map, 6)
        writer.beginMap(key: .string, value: .i64, count: self.lastContactMs.count)
        for (key, value) in self.lastContactMs.inWireOrder {
            writer.writeString(key)
            writer.writeInt64(value)
        }
        writer.field(.list, 7)
        writer.beginList(of: .struct, count: self.tasks.count)
        for element in self.tasks {
            element.write(to: &writer)
        }
        writer.field(.list, 8)
        writer.beginList(of: .struct, count: self.errors.count)
        for element in self.errors {
            element.write(to: &writer)
        }
        writer.field(.i32, 9)
        writer.writeInt32(self.running)
        if let value = self.residentBytes {
            writer.field(.i64, 10)
            writer.writeInt64(value)
        }
        if let value = self.runnerResidentBytes {
            writer.field(.i64, 11)
            writer.writeInt64(value)
        }
        if let value = self.waiting {
            writer.field(.i32, 12)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `RunnerService`, and who may call them.
package enum RunnerServiceMethods {
    package static let run = MethodDescriptor(service: "RunnerService", method: "run", roles: ["local"])
    package static let kill = MethodDescriptor(service: "RunnerService", method: "kill", roles: ["local"])
    package static let running = MethodDescriptor(service: "RunnerService", method: "running", roles: ["local"])
    package static let awaitEnd = MethodDescriptor(service: "RunnerService", method: "awaitEnd", roles: ["local"])
    package static let copyOutput = MethodDescriptor(service: "RunnerService", method: "copyOutput", roles: ["local"])
    /// Every method.
    package static let all: [MethodDescriptor] = [run, kill, running, awaitEnd, copyOutput]
}

/// Served by the runner.
package protocol RunnerServiceHandler: Sendable {
    /// Starts the worker and answers with its end.
    func run(spawn: Spawn, context: CallContext) async throws -> Exit
    func kill(taskId: Int64, reason: String, context: CallContext) async throws
    /// Workers alive, and ends that no agent has taken yet.
    func running(context: CallContext) async throws -> [Running]
    /// Waits for the end of a worker that an earlier agent started, and takes it.
    func awaitEnd(taskId: Int64, attempt: Int32, context: CallContext) async throws -> Exit
    /// Copies the output of a task from now on, however short it is.
    func copyOutput(taskId: Int64, context: CallContext) async throws
}

/// Calls `RunnerService`.
package struct RunnerServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    /// Starts the worker and answers with its end.
    package func run(spawn: Spawn, options: CallOptions = CallOptions()) async throws -> Exit {
        let reply = try await self.caller.call(RunnerServiceMethods.run, options: options) { writer in
            writer.field(.struct, 1)
            spawn.write(to: &writer)
        }
        var success: Exit?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Exit(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw RunnerServiceMethods.run.missingResult }
        return success
    }

    package func kill(taskId: Int64, reason: String, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(RunnerServiceMethods.kill, options: options) { writer in
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

    /// Workers alive, and ends that no agent has taken yet.
    package func running(options: CallOptions = CallOptions()) async throws -> [Running] {
        let reply = try await self.caller.call(RunnerServiceMethods.running, options: options) { _ in }
        var success: [Running]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try Running(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw RunnerServiceMethods.running.missingResult }
        return success
    }

    /// Waits for the end of a worker that an earlier agent started, and takes it.
    package func awaitEnd(taskId: Int64, attempt: Int32, options: CallOptions = CallOptions()) async throws -> Exit {
        let reply = try await self.caller.call(RunnerServiceMethods.awaitEnd, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(taskId)
            writer.field(.i32, 2)
            writer.writeInt32(attempt)
        }
        var success: Exit?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Exit(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw RunnerServiceMethods.awaitEnd.missingResult }
        return success
    }

    /// Copies the output of a task from now on, however short it is.
    package func copyOutput(taskId: Int64, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(RunnerServiceMethods.copyOutput, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(taskId)
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

/// Serves `RunnerService` by a handler.
package struct RunnerServiceProcessor<Handler: RunnerServiceHandler>: ThriftService {
    package static var serviceName: String { "RunnerService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(RunnerServiceMethods.run) { try await Self.run($0, handler) },
            ThriftMethod(RunnerServiceMethods.kill) { try await Self.kill($0, handler) },
            ThriftMethod(RunnerServiceMethods.running) { try await Self.running($0, handler) },
            ThriftMethod(RunnerServiceMethods.awaitEnd) { try await Self.awaitEnd($0, handler) },
            ThriftMethod(RunnerServiceMethods.copyOutput) { try await Self.copyOutput($0, handler) },
        ]
    }

    private static func run(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var spawn: Spawn = Spawn()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                spawn = try Spawn(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.run(spawn: spawn, context: call.context)
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

    private static func running(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.running(context: call.context)
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

    private static func awaitEnd(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var taskId: Int64 = 0
        var attempt: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                taskId = try reader.readInt64()
            case (2, .i32):
                attempt = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.awaitEnd(taskId: taskId, attempt: attempt, context: call.context)
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

    private static func copyOutput(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var taskId: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                taskId = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.copyOutput(taskId: taskId, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }
}

/// What the IDL says of the methods of `AgentLocalService`, and who may call them.
package enum AgentLocalServiceMethods {
    package static let status = MethodDescriptor(service: "AgentLocalService", method: "status", roles: ["local"])
    /// Every method.
    package static let all: [MethodDescriptor] = [status]
}

/// Served by `elves-agent` on its own Unix socket.
package protocol AgentLocalServiceHandler: Sendable {
    func status(context: CallContext) async throws -> LocalStatus
}

/// Calls `AgentLocalService`.
package struct AgentLocalServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func status(options: CallOptions = CallOptions()) async throws -> LocalStatus {
        let reply = try await self.caller.call(AgentLocalServiceMethods.status, options: options) { _ in }
        var success: LocalStatus?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try LocalStatus(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw AgentLocalServiceMethods.status.missingResult }
        return success
    }
}

/// Serves `AgentLocalService` by a handler.
package struct AgentLocalServiceProcessor<Handler: AgentLocalServiceHandler>: ThriftService {
    package static var serviceName: String { "AgentLocalService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(AgentLocalServiceMethods.status) { try await Self.status($0, handler) },
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
