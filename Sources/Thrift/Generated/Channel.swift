// swift-format-ignore-file
// Written by hand until the generator's first output replaces it.

/// What travels beside every call.
package struct CallHeader: ThriftStruct, Hashable {
    package var deadlineMs: Int64?
    package var trace: String?
    package var caller: String?
    package var grant: [UInt8]?

    package init(deadlineMs: Int64? = nil, trace: String? = nil, caller: String? = nil, grant: [UInt8]? = nil) {
        self.deadlineMs = deadlineMs
        self.trace = trace
        self.caller = caller
        self.grant = grant
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64): deadlineMs = try reader.readInt64()
            case (2, .string): trace = try reader.readString()
            case (3, .string): caller = try reader.readString()
            case (4, .string): grant = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        if let deadlineMs {
            writer.field(.i64, 1)
            writer.writeInt64(deadlineMs)
        }
        if let trace {
            writer.field(.string, 2)
            writer.writeString(trace)
        }
        if let caller {
            writer.field(.string, 3)
            writer.writeString(caller)
        }
        if let grant {
            writer.field(.string, 4)
            writer.writeBinary(grant)
        }
        writer.endStruct(outer)
    }
}

package struct Hello: ThriftStruct, Hashable {
    package var oldest: Int32
    package var newest: Int32
    package var features: [String]
    package var instance: String
    package var epoch: Int64
    package var version: String

    package init(oldest: Int32 = 0, newest: Int32 = 0, features: [String] = [], instance: String = "", epoch: Int64 = 0, version: String = "") {
        self.oldest = oldest
        self.newest = newest
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
            case (1, .i32): oldest = try reader.readInt32()
            case (2, .i32): newest = try reader.readInt32()
            case (3, .list): features = try reader.readList(of: .string) { r throws(ThriftError) in try r.readString() }
            case (4, .string): instance = try reader.readString()
            case (5, .i64): epoch = try reader.readInt64()
            case (6, .string): version = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(oldest)
        writer.field(.i32, 2)
        writer.writeInt32(newest)
        writer.field(.list, 3)
        writer.beginList(of: .string, count: features.count)
        for element in features { writer.writeString(element) }
        writer.field(.string, 4)
        writer.writeString(instance)
        writer.field(.i64, 5)
        writer.writeInt64(epoch)
        writer.field(.string, 6)
        writer.writeString(version)
        writer.endStruct(outer)
    }
}

package struct Welcome: ThriftStruct, Hashable {
    package var agreed: Int32
    package var features: [String]
    package var instance: String
    package var epoch: Int64
    package var version: String

    package init(agreed: Int32 = 0, features: [String] = [], instance: String = "", epoch: Int64 = 0, version: String = "") {
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
            case (1, .i32): agreed = try reader.readInt32()
            case (2, .list): features = try reader.readList(of: .string) { r throws(ThriftError) in try r.readString() }
            case (3, .string): instance = try reader.readString()
            case (4, .i64): epoch = try reader.readInt64()
            case (5, .string): version = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i32, 1)
        writer.writeInt32(agreed)
        writer.field(.list, 2)
        writer.beginList(of: .string, count: features.count)
        for element in features { writer.writeString(element) }
        writer.field(.string, 3)
        writer.writeString(instance)
        writer.field(.i64, 4)
        writer.writeInt64(epoch)
        writer.field(.string, 5)
        writer.writeString(version)
        writer.endStruct(outer)
    }
}

package struct Refused: ThriftStruct, Error, Hashable {
    package var code: String
    package var message: String

    package init(code: String = "", message: String = "") {
        self.code = code
        self.message = message
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string): code = try reader.readString()
            case (2, .string): message = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(code)
        writer.field(.string, 2)
        writer.writeString(message)
        writer.endStruct(outer)
    }
}

package protocol ChannelServiceHandler: Sendable {
    func hello(hello: Hello, context: CallContext) async throws -> Welcome
    func ping(context: CallContext) async throws
    func cancel(seqid: Int32, context: CallContext) async throws
}

package enum ChannelServiceMethods {
    package static let hello = MethodDescriptor(service: "ChannelService", method: "hello", roles: ["any"])
    package static let ping = MethodDescriptor(service: "ChannelService", method: "ping", roles: ["any"])
    package static let cancel = MethodDescriptor(service: "ChannelService", method: "cancel", oneway: true, roles: ["any"])
}

package struct ChannelServiceClient: Sendable {
    package let caller: any ThriftCaller
    package init(_ caller: any ThriftCaller) { self.caller = caller }

    package func hello(hello: Hello, options: CallOptions = CallOptions()) async throws -> Welcome {
        let reply = try await caller.call(ChannelServiceMethods.hello, options: options) { writer in
            writer.field(.struct, 1)
            hello.write(to: &writer)
        }
        var success: Welcome?
        var refused: Refused?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct): success = try Welcome(from: &reader)
            case (1, .struct): refused = try Refused(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let refused { throw refused }
        guard let success else { throw ChannelServiceMethods.hello.missingResult }
        return success
    }

    package func ping(options: CallOptions = CallOptions()) async throws {
        let reply = try await caller.call(ChannelServiceMethods.ping, options: options) { _ in }
        try reply?.decode { field, reader throws(ThriftError) in try reader.skip(field.type) }
    }

    package func cancel(seqid: Int32, options: CallOptions = CallOptions()) async throws {
        _ = try await caller.call(ChannelServiceMethods.cancel, options: options) { writer in
            writer.field(.i32, 1)
            writer.writeInt32(seqid)
        }
    }
}

package struct ChannelServiceProcessor<Handler: ChannelServiceHandler>: ThriftService {
    package static var serviceName: String { "ChannelService" }
    package let methods: [ThriftMethod]

    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(ChannelServiceMethods.hello) { call in
                var hello: Hello?
                try call.decode { field, reader throws(ThriftError) in
                    switch (field.id, field.type) {
                    case (1, .struct): hello = try Hello(from: &reader)
                    default: try reader.skip(field.type)
                    }
                }
                do {
                    let value = try await handler.hello(hello: hello ?? Hello(), context: call.context)
                    return call.answer { writer in
                        writer.field(.struct, 0)
                        value.write(to: &writer)
                    }
                } catch let refused as Refused {
                    return call.answer { writer in
                        writer.field(.struct, 1)
                        refused.write(to: &writer)
                    }
                }
            },
            ThriftMethod(ChannelServiceMethods.ping) { call in
                try call.decode { field, reader throws(ThriftError) in try reader.skip(field.type) }
                try await handler.ping(context: call.context)
                return call.answer { _ in }
            },
            ThriftMethod(ChannelServiceMethods.cancel) { call in
                var seqid: Int32 = 0
                try call.decode { field, reader throws(ThriftError) in
                    switch (field.id, field.type) {
                    case (1, .i32): seqid = try reader.readInt32()
                    default: try reader.skip(field.type)
                    }
                }
                try await handler.cancel(seqid: seqid, context: call.context)
                return nil
            },
        ]
    }
}
