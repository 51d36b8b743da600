// swift-format-ignore-file
// Made by elves-thrift from channel.thrift. Do not edit: `make generate`.

/// Field 32767 of every argument and result struct, first on the wire. A peer that does not know
/// it skips it as an unknown field.
package struct CallHeader: ThriftStruct, Hashable {
    /// Milliseconds that the caller still waits. Absent: no limit but the connection's own.
    package var deadlineMs: Int64?
    /// W3C traceparent.
    package var trace: String?
    /// Who asked at the edge: a key id, a person, a schedule.
    package var caller: String?
    /// Signed permission, opaque to the channel.
    package var grant: [UInt8]?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(deadlineMs: Int64? = nil, trace: String? = nil, caller: String? = nil, grant: [UInt8]? = nil) {
        self.deadlineMs = deadlineMs
        self.trace = trace
        self.caller = caller
        self.grant = grant
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.deadlineMs = try reader.readInt64()
            case (2, .string):
                self.trace = try reader.readString()
            case (3, .string):
                self.caller = try reader.readString()
            case (4, .string):
                self.grant = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        if let value = self.deadlineMs {
            writer.field(.i64, 1)
            writer.writeInt64(value)
        }
        if let value = self.trace {
            writer.field(.string, 2)
            writer.writeString(value)
        }
        if let value = self.caller {
            writer.field(.string, 3)
            writer.writeString(value)
        }
        if let value = self.grant {
            writer.field(.string, 4)
            writer.writeBinary(value)
        }
        writer.endStruct(outer)
    }
}

/// What the dialling side says first.
package struct Hello: ThriftStruct, Hashable {
    /// Oldest and newest protocol version spoken; this IDL is version 1.
    package var oldest: Int32
    package var newest: Int32
    package var features: [String]
    /// Instance name, unique among those of its role.
    package var instance: String
    /// Grows with every start of the instance.
    package var epoch: Int64
    /// Program version, for people.
    package var version: String
    /// Which start of the machine this is; agents say it.
    package var boot: String?
    /// How many tasks run at once on the machine, when it says so; agents do.
    package var maxRunning: Int32?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        oldest: Int32 = 0,
        newest: Int32 = 0,
        features: [String] = [],
        instance: String = "",
        epoch: Int64 = 0,
        version: String = "",
        boot: String? = nil,
        maxRunning: Int32? = nil
    ) {
        self.oldest = oldest
        self.newest = newest
        self.features = features
        self.instance = instance
        self.epoch = epoch
        self.version = version
        self.boot = boot
        self.maxRunning = maxRunning
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.oldest = try reader.readInt32()
            case (2, .i32):
                self.newest = try reader.readInt32()
            case (3, .list):
                self.features = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (4, .string):
                self.instance = try reader.readString()
            case (5, .i64):
                self.epoch = try reader.readInt64()
            case (6, .string):
                self.version = try reader.readString()
            case (7, .string):
                self.boot = try reader.readString()
            case (8, .i32):
                self.maxRunning = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.oldest)
        writer.field(.i32, 2)
        writer.writeInt32(self.newest)
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.features.count)
        for element in self.features {
            writer.writeString(element)
        }
        writer.field(.string, 4)
        writer.writeString(self.instance)
        writer.field(.i64, 5)
        writer.writeInt64(self.epoch)
        writer.field(.string, 6)
        writer.writeString(self.version)
        if let value = self.boot {
            writer.field(.string, 7)
            writer.writeString(value)
        }
        if let value = self.maxRunning {
            writer.field(.i32, 8)
            writer.writeInt32(value)
        }
        writer.endStruct(outer)
    }
}

/// The answer to a hello.
package struct Welcome: ThriftStruct, Hashable {
    /// The protocol version both sides now speak.
    package var agreed: Int32
    package var features: [String]
    package var instance: String
    package var epoch: Int64
    package var version: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        agreed: Int32 = 0,
        features: [String] = [],
        instance: String = "",
        epoch: Int64 = 0,
        version: String = ""
    ) {
        self.agreed = agreed
        self.features = features
        self.instance = instance
        self.epoch = epoch
        self.version = version
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i32):
                self.agreed = try reader.readInt32()
            case (2, .list):
                self.features = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (3, .string):
                self.instance = try reader.readString()
            case (4, .i64):
                self.epoch = try reader.readInt64()
            case (5, .string):
                self.version = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(self.agreed)
        writer.field(.list, 2)
        writer.beginList(of: .string, count: self.features.count)
        for element in self.features {
            writer.writeString(element)
        }
        writer.field(.string, 3)
        writer.writeString(self.instance)
        writer.field(.i64, 4)
        writer.writeInt64(self.epoch)
        writer.field(.string, 5)
        writer.writeString(self.version)
        writer.endStruct(outer)
    }
}

/// The two sides have no protocol version in common, or the newcomer is not wanted.
package struct Refused: ThriftStruct, Hashable, Error {
    package var code: String
    package var message: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(code: String = "", message: String = "") {
        self.code = code
        self.message = message
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
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `ChannelService`, and who may call them.
package enum ChannelServiceMethods {
    package static let hello = MethodDescriptor(service: "ChannelService", method: "hello", roles: ["any"])
    package static let ping = MethodDescriptor(service: "ChannelService", method: "ping", roles: ["any"])
    package static let cancel = MethodDescriptor(
        service: "ChannelService",
        method: "cancel",
        oneway: true,
        roles: ["any"]
    )
    /// Every method.
    package static let all: [MethodDescriptor] = [hello, ping, cancel]
}

/// Served by both sides of every connection, before anything else.
package protocol ChannelServiceHandler: Sendable {
    func hello(hello: Hello, context: CallContext) async throws -> Welcome
    /// Answers at once: the other side lives.
    func ping(context: CallContext) async throws
    /// The caller of `seqid` no longer waits.
    func cancel(seqid: Int32, context: CallContext) async throws
}

/// Calls `ChannelService`.
package struct ChannelServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func hello(hello: Hello, options: CallOptions = CallOptions()) async throws -> Welcome {
        let reply = try await self.caller.call(ChannelServiceMethods.hello, options: options) { writer in
            writer.field(.struct, 1)
            hello.write(to: &writer)
        }
        var success: Welcome?
        var thrown1: Refused?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Welcome(from: &reader)
            case (1, .struct):
                thrown1 = try Refused(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw ChannelServiceMethods.hello.missingResult }
        return success
    }

    /// Answers at once: the other side lives.
    package func ping(options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(ChannelServiceMethods.ping, options: options) { _ in }
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            default: try reader.skip(field.type)
            }
        }
    }

    /// The caller of `seqid` no longer waits.
    package func cancel(seqid: Int32, options: CallOptions = CallOptions()) async throws {
        _ = try await self.caller.call(ChannelServiceMethods.cancel, options: options) { writer in
            writer.field(.i32, 1)
            writer.writeInt32(seqid)
        }
    }
}

/// Serves `ChannelService` by a handler.
package struct ChannelServiceProcessor<Handler: ChannelServiceHandler>: ThriftService {
    package static var serviceName: String { "ChannelService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(ChannelServiceMethods.hello) { try await Self.hello($0, handler) },
            ThriftMethod(ChannelServiceMethods.ping) { try await Self.ping($0, handler) },
            ThriftMethod(ChannelServiceMethods.cancel) { try await Self.cancel($0, handler) },
        ]
    }

    private static func hello(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var hello: Hello = Hello()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                hello = try Hello(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.hello(hello: hello, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        } catch let thrown1 as Refused {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func ping(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        try await handler.ping(context: call.context)
        return call.answer { _ in }
    }

    private static func cancel(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var seqid: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i32):
                seqid = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        try await handler.cancel(seqid: seqid, context: call.context)
        return nil
    }
}
