// swift-format-ignore-file
// Made by elves-thrift from elves2.thrift. Do not edit: `make generate`.

package import Thrift

/// The structs and services of ELVES 2.0, for conformance and for processors written against it.
package enum Elves2 {
    /// Struct `Instruct`.
    package struct Instruct: ThriftStruct, Hashable {
        package var id: String
        package var ip: String
        /// cron, queue or rt.
        package var type: String
        /// P or NP.
        package var mode: String
        package var app: String
        package var `func`: String
        package var param: String
        /// Seconds.
        package var timeout: Int32
        package var proxy: String

        /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
        package init(
            id: String = "",
            ip: String = "",
            type: String = "",
            mode: String = "",
            app: String = "",
            `func`: String = "",
            param: String = "",
            timeout: Int32 = 0,
            proxy: String = ""
        ) {
            self.id = id
            self.ip = ip
            self.type = type
            self.mode = mode
            self.app = app
            self.func = `func`
            self.param = param
            self.timeout = timeout
            self.proxy = proxy
        }

        package init(from reader: inout ThriftReader) throws(ThriftError) {
            self.init()
            let outer = try reader.beginStruct()
            while let field = try reader.nextField() {
                switch (field.id, field.type) {
                case (1, .string):
                    self.id = try reader.readString()
                case (2, .string):
                    self.ip = try reader.readString()
                case (3, .string):
                    self.type = try reader.readString()
                case (4, .string):
                    self.mode = try reader.readString()
                case (5, .string):
                    self.app = try reader.readString()
                case (6, .string):
                    self.func = try reader.readString()
                case (7, .string):
                    self.param = try reader.readString()
                case (8, .i32):
                    self.timeout = try reader.readInt32()
                case (9, .string):
                    self.proxy = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            reader.endStruct(outer)
        }

        package func write(to writer: inout ThriftWriter) {
            let outer = writer.beginStruct()
            writer.field(.string, 1)
            writer.writeString(self.id)
            writer.field(.string, 2)
            writer.writeString(self.ip)
            writer.field(.string, 3)
            writer.writeString(self.type)
            writer.field(.string, 4)
            writer.writeString(self.mode)
            writer.field(.string, 5)
            writer.writeString(self.app)
            writer.field(.string, 6)
            writer.writeString(self.func)
            writer.field(.string, 7)
            writer.writeString(self.param)
            writer.field(.i32, 8)
            writer.writeInt32(self.timeout)
            writer.field(.string, 9)
            writer.writeString(self.proxy)
            writer.endStruct(outer)
        }
    }

    /// Struct `Reinstruct`.
    package struct Reinstruct: ThriftStruct, Hashable {
        package var ins: Elves2.Instruct
        /// 1, 0 or -1.
        package var flag: Int32
        /// Milliseconds.
        package var costtime: Int32
        package var result: String

        /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
        package init(
            ins: Elves2.Instruct = Elves2.Instruct(),
            flag: Int32 = 0,
            costtime: Int32 = 0,
            result: String = ""
        ) {
            self.ins = ins
            self.flag = flag
            self.costtime = costtime
            self.result = result
        }

        package init(from reader: inout ThriftReader) throws(ThriftError) {
            self.init()
            let outer = try reader.beginStruct()
            while let field = try reader.nextField() {
                switch (field.id, field.type) {
                case (1, .struct):
                    self.ins = try Elves2.Instruct(from: &reader)
                case (3, .i32):
                    self.flag = try reader.readInt32()
                case (4, .i32):
                    self.costtime = try reader.readInt32()
                case (5, .string):
                    self.result = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            reader.endStruct(outer)
        }

        package func write(to writer: inout ThriftWriter) {
            let outer = writer.beginStruct()
            writer.field(.struct, 1)
            self.ins.write(to: &writer)
            writer.field(.i32, 3)
            writer.writeInt32(self.flag)
            writer.field(.i32, 4)
            writer.writeInt32(self.costtime)
            writer.field(.string, 5)
            writer.writeString(self.result)
            writer.endStruct(outer)
        }
    }

    /// Struct `AgentInfo`.
    package struct AgentInfo: ThriftStruct, Hashable {
        /// Asset name.
        package var id: String
        package var ip: String
        package var version: String
        /// JSON map of app to version.
        package var apps: String

        /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
        package init(id: String = "", ip: String = "", version: String = "", apps: String = "") {
            self.id = id
            self.ip = ip
            self.version = version
            self.apps = apps
        }

        package init(from reader: inout ThriftReader) throws(ThriftError) {
            self.init()
            let outer = try reader.beginStruct()
            while let field = try reader.nextField() {
                switch (field.id, field.type) {
                case (1, .string):
                    self.id = try reader.readString()
                case (2, .string):
                    self.ip = try reader.readString()
                case (3, .string):
                    self.version = try reader.readString()
                case (4, .string):
                    self.apps = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            reader.endStruct(outer)
        }

        package func write(to writer: inout ThriftWriter) {
            let outer = writer.beginStruct()
            writer.field(.string, 1)
            writer.writeString(self.id)
            writer.field(.string, 2)
            writer.writeString(self.ip)
            writer.field(.string, 3)
            writer.writeString(self.version)
            writer.field(.string, 4)
            writer.writeString(self.apps)
            writer.endStruct(outer)
        }
    }

    /// What the IDL says of the methods of `AppService`, and who may call them.
    package enum AppServiceMethods {
        package static let runProcessor = MethodDescriptor(service: "AppService", method: "runProcessor", roles: [])
        /// Every method.
        package static let all: [MethodDescriptor] = [runProcessor]
    }

    /// An app's processor.
    package protocol AppServiceHandler: Sendable {
        func runProcessor(reins: Elves2.Reinstruct, context: CallContext) async throws -> String
    }

    /// Calls `AppService`.
    package struct AppServiceClient: Sendable {
        /// The connection that carries the calls.
        package let caller: any ThriftCaller

        /// Creates a client over a connection.
        package init(_ caller: any ThriftCaller) {
            self.caller = caller
        }

        package func runProcessor(
            reins: Elves2.Reinstruct,
            options: CallOptions = CallOptions()
        ) async throws -> String {
            let reply = try await self.caller.call(AppServiceMethods.runProcessor, options: options) { writer in
                writer.field(.struct, 1)
                reins.write(to: &writer)
            }
            var success: String?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .string):
                    success = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw AppServiceMethods.runProcessor.missingResult }
            return success
        }
    }

    /// Serves `AppService` by a handler.
    package struct AppServiceProcessor<Handler: AppServiceHandler>: ThriftService {
        package static var serviceName: String { "AppService" }
        /// The methods, each bound to the handler.
        package let methods: [ThriftMethod]

        /// Creates the service over its handler.
        package init(_ handler: Handler) {
            methods = [
                ThriftMethod(AppServiceMethods.runProcessor) { try await Self.runProcessor($0, handler) },
            ]
        }

        private static func runProcessor(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            var reins: Elves2.Reinstruct = Elves2.Reinstruct()
            try call.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (1, .struct):
                    reins = try Elves2.Reinstruct(from: &reader)
                default: try reader.skip(field.type)
                }
            }
            let success = try await handler.runProcessor(reins: reins, context: call.context)
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeString(success)
            }
        }
    }

    /// What the IDL says of the methods of `SchedulerService`, and who may call them.
    package enum SchedulerServiceMethods {
        package static let dataTransport = MethodDescriptor(
            service: "SchedulerService",
            method: "dataTransport",
            roles: []
        )
        /// Every method.
        package static let all: [MethodDescriptor] = [dataTransport]
    }

    /// Serves `SchedulerService`.
    package protocol SchedulerServiceHandler: Sendable {
        func dataTransport(reins: Elves2.Reinstruct, context: CallContext) async throws -> String
    }

    /// Calls `SchedulerService`.
    package struct SchedulerServiceClient: Sendable {
        /// The connection that carries the calls.
        package let caller: any ThriftCaller

        /// Creates a client over a connection.
        package init(_ caller: any ThriftCaller) {
            self.caller = caller
        }

        package func dataTransport(
            reins: Elves2.Reinstruct,
            options: CallOptions = CallOptions()
        ) async throws -> String {
            let reply = try await self.caller.call(SchedulerServiceMethods.dataTransport, options: options) { writer in
                writer.field(.struct, 1)
                reins.write(to: &writer)
            }
            var success: String?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .string):
                    success = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw SchedulerServiceMethods.dataTransport.missingResult }
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
                ThriftMethod(SchedulerServiceMethods.dataTransport) { try await Self.dataTransport($0, handler) },
            ]
        }

        private static func dataTransport(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            var reins: Elves2.Reinstruct = Elves2.Reinstruct()
            try call.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (1, .struct):
                    reins = try Elves2.Reinstruct(from: &reader)
                default: try reader.skip(field.type)
                }
            }
            let success = try await handler.dataTransport(reins: reins, context: call.context)
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeString(success)
            }
        }
    }

    /// What the IDL says of the methods of `AgentService`, and who may call them.
    package enum AgentServiceMethods {
        package static let instructionInvokeAsync = MethodDescriptor(
            service: "AgentService",
            method: "instructionInvokeAsync",
            roles: []
        )
        package static let instructionInvokeSync = MethodDescriptor(
            service: "AgentService",
            method: "instructionInvokeSync",
            roles: []
        )
        package static let aliveCheck = MethodDescriptor(service: "AgentService", method: "aliveCheck", roles: [])
        /// Every method.
        package static let all: [MethodDescriptor] = [instructionInvokeAsync, instructionInvokeSync, aliveCheck]
    }

    /// Serves `AgentService`.
    package protocol AgentServiceHandler: Sendable {
        func instructionInvokeAsync(
            insList: [Elves2.Instruct],
            context: CallContext
        ) async throws -> [Elves2.Reinstruct]
        func instructionInvokeSync(ins: Elves2.Instruct, context: CallContext) async throws -> Elves2.Reinstruct
        func aliveCheck(context: CallContext) async throws -> String
    }

    /// Calls `AgentService`.
    package struct AgentServiceClient: Sendable {
        /// The connection that carries the calls.
        package let caller: any ThriftCaller

        /// Creates a client over a connection.
        package init(_ caller: any ThriftCaller) {
            self.caller = caller
        }

        package func instructionInvokeAsync(
            insList: [Elves2.Instruct],
            options: CallOptions = CallOptions()
        ) async throws -> [Elves2.Reinstruct] {
            let reply = try await self.caller.call(AgentServiceMethods.instructionInvokeAsync, options: options) { writer in
                writer.field(.list, 1)
                writer.beginList(of: .struct, count: insList.count)
                for element in insList {
                    element.write(to: &writer)
                }
            }
            var success: [Elves2.Reinstruct]?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .list):
                    success = try reader.readList(of: .struct) { reader throws(ThriftError) in try Elves2.Reinstruct(from: &reader) }
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw AgentServiceMethods.instructionInvokeAsync.missingResult }
            return success
        }

        package func instructionInvokeSync(
            ins: Elves2.Instruct,
            options: CallOptions = CallOptions()
        ) async throws -> Elves2.Reinstruct {
            let reply = try await self.caller.call(AgentServiceMethods.instructionInvokeSync, options: options) { writer in
                writer.field(.struct, 1)
                ins.write(to: &writer)
            }
            var success: Elves2.Reinstruct?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .struct):
                    success = try Elves2.Reinstruct(from: &reader)
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw AgentServiceMethods.instructionInvokeSync.missingResult }
            return success
        }

        package func aliveCheck(options: CallOptions = CallOptions()) async throws -> String {
            let reply = try await self.caller.call(AgentServiceMethods.aliveCheck, options: options) { _ in }
            var success: String?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .string):
                    success = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw AgentServiceMethods.aliveCheck.missingResult }
            return success
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
                ThriftMethod(AgentServiceMethods.instructionInvokeAsync) { try await Self.instructionInvokeAsync($0, handler) },
                ThriftMethod(AgentServiceMethods.instructionInvokeSync) { try await Self.instructionInvokeSync($0, handler) },
                ThriftMethod(AgentServiceMethods.aliveCheck) { try await Self.aliveCheck($0, handler) },
            ]
        }

        private static func instructionInvokeAsync(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            var insList: [Elves2.Instruct] = []
            try call.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (1, .list):
                    insList = try reader.readList(of: .struct) { reader throws(ThriftError) in try Elves2.Instruct(from: &reader) }
                default: try reader.skip(field.type)
                }
            }
            let success = try await handler.instructionInvokeAsync(insList: insList, context: call.context)
            return call.answer { writer in
                writer.field(.list, 0)
                writer.beginList(of: .struct, count: success.count)
                for element in success {
                    element.write(to: &writer)
                }
            }
        }

        private static func instructionInvokeSync(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            var ins: Elves2.Instruct = Elves2.Instruct()
            try call.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (1, .struct):
                    ins = try Elves2.Instruct(from: &reader)
                default: try reader.skip(field.type)
                }
            }
            let success = try await handler.instructionInvokeSync(ins: ins, context: call.context)
            return call.answer { writer in
                writer.field(.struct, 0)
                success.write(to: &writer)
            }
        }

        private static func aliveCheck(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            try call.decode { field, reader throws(ThriftError) in
                try reader.skip(field.type)
            }
            let success = try await handler.aliveCheck(context: call.context)
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeString(success)
            }
        }
    }

    /// What the IDL says of the methods of `HeartbeatService`, and who may call them.
    package enum HeartbeatServiceMethods {
        package static let heartbeatPackage = MethodDescriptor(
            service: "HeartbeatService",
            method: "heartbeatPackage",
            roles: []
        )
        /// Every method.
        package static let all: [MethodDescriptor] = [heartbeatPackage]
    }

    /// Serves `HeartbeatService`.
    package protocol HeartbeatServiceHandler: Sendable {
        func heartbeatPackage(info: Elves2.AgentInfo, context: CallContext) async throws -> String
    }

    /// Calls `HeartbeatService`.
    package struct HeartbeatServiceClient: Sendable {
        /// The connection that carries the calls.
        package let caller: any ThriftCaller

        /// Creates a client over a connection.
        package init(_ caller: any ThriftCaller) {
            self.caller = caller
        }

        package func heartbeatPackage(
            info: Elves2.AgentInfo,
            options: CallOptions = CallOptions()
        ) async throws -> String {
            let reply = try await self.caller.call(HeartbeatServiceMethods.heartbeatPackage, options: options) { writer in
                writer.field(.struct, 1)
                info.write(to: &writer)
            }
            var success: String?
            try reply?.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (0, .string):
                    success = try reader.readString()
                default: try reader.skip(field.type)
                }
            }
            guard let success else { throw HeartbeatServiceMethods.heartbeatPackage.missingResult }
            return success
        }
    }

    /// Serves `HeartbeatService` by a handler.
    package struct HeartbeatServiceProcessor<Handler: HeartbeatServiceHandler>: ThriftService {
        package static var serviceName: String { "HeartbeatService" }
        /// The methods, each bound to the handler.
        package let methods: [ThriftMethod]

        /// Creates the service over its handler.
        package init(_ handler: Handler) {
            methods = [
                ThriftMethod(HeartbeatServiceMethods.heartbeatPackage) { try await Self.heartbeatPackage($0, handler) },
            ]
        }

        private static func heartbeatPackage(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
            var info: Elves2.AgentInfo = Elves2.AgentInfo()
            try call.decode { field, reader throws(ThriftError) in
                switch (field.id, field.type) {
                case (1, .struct):
                    info = try Elves2.AgentInfo(from: &reader)
                default: try reader.skip(field.type)
                }
            }
            let success = try await handler.heartbeatPackage(info: info, context: call.context)
            return call.answer { writer in
                writer.field(.string, 0)
                writer.writeString(success)
            }
        }
    }
}
