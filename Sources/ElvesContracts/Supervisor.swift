// swift-format-ignore-file
// Made by elves-thrift from supervisor.thrift. Do not edit: `make generate`.

package import Thrift

/// One immutable version of an app.
package struct AppVersion: ThriftStruct, Hashable {
    package var app: String
    package var version: String
    package var manifest: AppManifest
    package var tree: Tree
    /// UTC milliseconds.
    package var createdAt: Int64
    /// Id of the key that pushed it.
    package var createdBy: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        version: String = "",
        manifest: AppManifest = AppManifest(),
        tree: Tree = Tree(),
        createdAt: Int64 = 0,
        createdBy: String = ""
    ) {
        self.app = app
        self.version = version
        self.manifest = manifest
        self.tree = tree
        self.createdAt = createdAt
        self.createdBy = createdBy
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
            case (3, .struct):
                self.manifest = try AppManifest(from: &reader)
            case (4, .struct):
                self.tree = try Tree(from: &reader)
            case (5, .i64):
                self.createdAt = try reader.readInt64()
            case (6, .string):
                self.createdBy = try reader.readString()
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
        writer.field(.struct, 3)
        self.manifest.write(to: &writer)
        writer.field(.struct, 4)
        self.tree.write(to: &writer)
        writer.field(.i64, 5)
        writer.writeInt64(self.createdAt)
        writer.field(.string, 6)
        writer.writeString(self.createdBy)
        writer.endStruct(outer)
    }
}

/// Which agents run an app.
package struct Binding: ThriftStruct, Hashable {
    package var app: String
    /// Selector, ip, name, or a comma list of them.
    package var targets: String
    package var createdAt: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(app: String = "", targets: String = "", createdAt: Int64 = 0) {
        self.app = app
        self.targets = targets
        self.createdAt = createdAt
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.targets = try reader.readString()
            case (3, .i64):
                self.createdAt = try reader.readInt64()
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
        writer.writeString(self.targets)
        writer.field(.i64, 3)
        writer.writeInt64(self.createdAt)
        writer.endStruct(outer)
    }
}

/// An app as people see it.
package struct AppInfo: ThriftStruct, Hashable {
    package var app: String
    package var summary: String
    /// The version agents should run; empty before the first activate.
    package var liveVersion: String
    package var versions: [String]
    package var bindings: [Binding]
    /// UTC milliseconds of the last change.
    package var updatedAt: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        app: String = "",
        summary: String = "",
        liveVersion: String = "",
        versions: [String] = [],
        bindings: [Binding] = [],
        updatedAt: Int64 = 0
    ) {
        self.app = app
        self.summary = summary
        self.liveVersion = liveVersion
        self.versions = versions
        self.bindings = bindings
        self.updatedAt = updatedAt
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.app = try reader.readString()
            case (2, .string):
                self.summary = try reader.readString()
            case (3, .string):
                self.liveVersion = try reader.readString()
            case (4, .list):
                self.versions = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (5, .list):
                self.bindings = try reader.readList(of: .struct) { reader throws(ThriftError) in try Binding(from: &reader) }
            case (6, .i64):
                self.updatedAt = try reader.readInt64()
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
        writer.writeString(self.summary)
        writer.field(.string, 3)
        writer.writeString(self.liveVersion)
        writer.field(.list, 4)
        writer.beginList(of: .string, count: self.versions.count)
        for element in self.versions {
            writer.writeString(element)
        }
        writer.field(.list, 5)
        writer.beginList(of: .struct, count: self.bindings.count)
        for element in self.bindings {
            element.write(to: &writer)
        }
        writer.field(.i64, 6)
        writer.writeInt64(self.updatedAt)
        writer.endStruct(outer)
    }
}

/// What a key may do. An empty list means all.
package struct KeyScope: ThriftStruct, Hashable {
    package var apps: [String]
    package var functions: [String]
    /// Selectors, ips, names; an agent that any of them hits is in scope.
    package var agents: [String]
    /// Whether it may change apps, bindings and keys.
    package var admin: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(apps: [String] = [], functions: [String] = [], agents: [String] = [], admin: Bool = false) {
        self.apps = apps
        self.functions = functions
        self.agents = agents
        self.admin = admin
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.apps = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (2, .list):
                self.functions = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (3, .list):
                self.agents = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            case (4, .bool):
                self.admin = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .string, count: self.apps.count)
        for element in self.apps {
            writer.writeString(element)
        }
        writer.field(.list, 2)
        writer.beginList(of: .string, count: self.functions.count)
        for element in self.functions {
            writer.writeString(element)
        }
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.agents.count)
        for element in self.agents {
            writer.writeString(element)
        }
        writer.boolField(4, self.admin)
        writer.endStruct(outer)
    }
}

/// A key without its secret.
package struct KeyInfo: ThriftStruct, Hashable {
    package var id: String
    package var comment: String
    package var scope: KeyScope
    /// Whether MD5 signatures are accepted beside HMAC-SHA256.
    package var legacyMd5: Bool
    /// Whether a signed call must carry a nonce.
    package var requireNonce: Bool
    package var createdAt: Int64
    package var revoked: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: String = "",
        comment: String = "",
        scope: KeyScope = KeyScope(),
        legacyMd5: Bool = false,
        requireNonce: Bool = false,
        createdAt: Int64 = 0,
        revoked: Bool = false
    ) {
        self.id = id
        self.comment = comment
        self.scope = scope
        self.legacyMd5 = legacyMd5
        self.requireNonce = requireNonce
        self.createdAt = createdAt
        self.revoked = revoked
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.id = try reader.readString()
            case (2, .string):
                self.comment = try reader.readString()
            case (3, .struct):
                self.scope = try KeyScope(from: &reader)
            case (4, .bool):
                self.legacyMd5 = try reader.readBool()
            case (5, .bool):
                self.requireNonce = try reader.readBool()
            case (6, .i64):
                self.createdAt = try reader.readInt64()
            case (7, .bool):
                self.revoked = try reader.readBool()
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
        writer.writeString(self.comment)
        writer.field(.struct, 3)
        self.scope.write(to: &writer)
        writer.boolField(4, self.legacyMd5)
        writer.boolField(5, self.requireNonce)
        writer.field(.i64, 6)
        writer.writeInt64(self.createdAt)
        writer.boolField(7, self.revoked)
        writer.endStruct(outer)
    }
}

/// A key as openapi needs it to check signatures and tokens.
package struct KeyRecord: ThriftStruct, Hashable {
    package var info: KeyInfo
    /// The HMAC and MD5 secret.
    package var secret: String
    /// SHA-256 of the bearer token, 32 bytes.
    package var tokenDigest: [UInt8]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(info: KeyInfo = KeyInfo(), secret: String = "", tokenDigest: [UInt8] = []) {
        self.info = info
        self.secret = secret
        self.tokenDigest = tokenDigest
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.info = try KeyInfo(from: &reader)
            case (2, .string):
                self.secret = try reader.readString()
            case (3, .string):
                self.tokenDigest = try reader.readBinary()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.info.write(to: &writer)
        writer.field(.string, 2)
        writer.writeString(self.secret)
        writer.field(.string, 3)
        writer.writeBinary(self.tokenDigest)
        writer.endStruct(outer)
    }
}

/// A new key; secret and token are shown this once.
package struct NewKey: ThriftStruct, Hashable {
    package var info: KeyInfo
    package var secret: String
    package var token: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(info: KeyInfo = KeyInfo(), secret: String = "", token: String = "") {
        self.info = info
        self.secret = secret
        self.token = token
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.info = try KeyInfo(from: &reader)
            case (2, .string):
                self.secret = try reader.readString()
            case (3, .string):
                self.token = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.info.write(to: &writer)
        writer.field(.string, 2)
        writer.writeString(self.secret)
        writer.field(.string, 3)
        writer.writeString(self.token)
        writer.endStruct(outer)
    }
}

/// Struct `KeyRequest`.
package struct KeyRequest: ThriftStruct, Hashable {
    package var comment: String
    package var scope: KeyScope
    package var legacyMd5: Bool
    package var requireNonce: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        comment: String = "",
        scope: KeyScope = KeyScope(),
        legacyMd5: Bool = false,
        requireNonce: Bool = false
    ) {
        self.comment = comment
        self.scope = scope
        self.legacyMd5 = legacyMd5
        self.requireNonce = requireNonce
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.comment = try reader.readString()
            case (2, .struct):
                self.scope = try KeyScope(from: &reader)
            case (3, .bool):
                self.legacyMd5 = try reader.readBool()
            case (4, .bool):
                self.requireNonce = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(self.comment)
        writer.field(.struct, 2)
        self.scope.write(to: &writer)
        writer.boolField(3, self.legacyMd5)
        writer.boolField(4, self.requireNonce)
        writer.endStruct(outer)
    }
}

/// Keys as of `generation`.
package struct KeyChanges: ThriftStruct, Hashable {
    package var generation: Int64
    /// Whether `keys` is everything (after = 0, or the history is gone) or what changed since.
    package var complete: Bool
    package var keys: [KeyRecord]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(generation: Int64 = 0, complete: Bool = false, keys: [KeyRecord] = []) {
        self.generation = generation
        self.complete = complete
        self.keys = keys
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.generation = try reader.readInt64()
            case (2, .bool):
                self.complete = try reader.readBool()
            case (3, .list):
                self.keys = try reader.readList(of: .struct) { reader throws(ThriftError) in try KeyRecord(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.generation)
        writer.boolField(2, self.complete)
        writer.field(.list, 3)
        writer.beginList(of: .struct, count: self.keys.count)
        for element in self.keys {
            element.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// An app as other components need it.
package struct CatalogApp: ThriftStruct, Hashable {
    package var info: AppInfo
    /// Absent before the first activate.
    package var live: AppVersion?
    /// The app was removed: agents that have it delete it.
    package var removed: Bool
    /// Grows with every change of this app.
    package var generation: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(info: AppInfo = AppInfo(), live: AppVersion? = nil, removed: Bool = false, generation: Int64 = 0) {
        self.info = info
        self.live = live
        self.removed = removed
        self.generation = generation
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.info = try AppInfo(from: &reader)
            case (2, .struct):
                self.live = try AppVersion(from: &reader)
            case (3, .bool):
                self.removed = try reader.readBool()
            case (4, .i64):
                self.generation = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.info.write(to: &writer)
        if let value = self.live {
            writer.field(.struct, 2)
            value.write(to: &writer)
        }
        writer.boolField(3, self.removed)
        writer.field(.i64, 4)
        writer.writeInt64(self.generation)
        writer.endStruct(outer)
    }
}

/// Apps as of `generation`.
package struct CatalogChanges: ThriftStruct, Hashable {
    package var generation: Int64
    package var complete: Bool
    package var apps: [CatalogApp]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(generation: Int64 = 0, complete: Bool = false, apps: [CatalogApp] = []) {
        self.generation = generation
        self.complete = complete
        self.apps = apps
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.generation = try reader.readInt64()
            case (2, .bool):
                self.complete = try reader.readBool()
            case (3, .list):
                self.apps = try reader.readList(of: .struct) { reader throws(ThriftError) in try CatalogApp(from: &reader) }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.generation)
        writer.boolField(2, self.complete)
        writer.field(.list, 3)
        writer.beginList(of: .struct, count: self.apps.count)
        for element in self.apps {
            element.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// Struct `PackageUpload`.
package struct PackageUpload: ThriftStruct, Hashable {
    /// The file's name; `{app}_{version}.zip` names an ELVES 2.0 app.
    package var filename: String
    /// Bytes.
    package var size: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(filename: String = "", size: Int64 = 0) {
        self.filename = filename
        self.size = size
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string):
                self.filename = try reader.readString()
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
        writer.writeString(self.filename)
        writer.field(.i64, 2)
        writer.writeInt64(self.size)
        writer.endStruct(outer)
    }
}

/// Struct `PushResult`.
package struct PushResult: ThriftStruct, Hashable {
    package var version: AppVersion
    /// Whether the push also made it live: true for an app's first version.
    package var activated: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(version: AppVersion = AppVersion(), activated: Bool = false) {
        self.version = version
        self.activated = activated
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.version = try AppVersion(from: &reader)
            case (2, .bool):
                self.activated = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.version.write(to: &writer)
        writer.boolField(2, self.activated)
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `SupervisorService`, and who may call them.
package enum SupervisorServiceMethods {
    package static let apps = MethodDescriptor(service: "SupervisorService", method: "apps", roles: ["openapi"])
    package static let app = MethodDescriptor(service: "SupervisorService", method: "app", roles: ["openapi"])
    package static let appVersion = MethodDescriptor(
        service: "SupervisorService",
        method: "appVersion",
        roles: ["openapi"]
    )
    package static let beginPush = MethodDescriptor(
        service: "SupervisorService",
        method: "beginPush",
        roles: ["openapi"]
    )
    package static let pushChunk = MethodDescriptor(
        service: "SupervisorService",
        method: "pushChunk",
        roles: ["openapi"]
    )
    package static let finishPush = MethodDescriptor(
        service: "SupervisorService",
        method: "finishPush",
        roles: ["openapi"]
    )
    package static let abortPush = MethodDescriptor(
        service: "SupervisorService",
        method: "abortPush",
        roles: ["openapi"]
    )
    package static let activate = MethodDescriptor(service: "SupervisorService", method: "activate", roles: ["openapi"])
    package static let bind = MethodDescriptor(service: "SupervisorService", method: "bind", roles: ["openapi"])
    package static let unbind = MethodDescriptor(service: "SupervisorService", method: "unbind", roles: ["openapi"])
    package static let remove = MethodDescriptor(service: "SupervisorService", method: "remove", roles: ["openapi"])
    package static let createKey = MethodDescriptor(
        service: "SupervisorService",
        method: "createKey",
        roles: ["openapi"]
    )
    package static let keys = MethodDescriptor(service: "SupervisorService", method: "keys", roles: ["openapi"])
    package static let revokeKey = MethodDescriptor(
        service: "SupervisorService",
        method: "revokeKey",
        roles: ["openapi"]
    )
    package static let keyChanges = MethodDescriptor(
        service: "SupervisorService",
        method: "keyChanges",
        roles: ["openapi"]
    )
    package static let catalogChanges = MethodDescriptor(
        service: "SupervisorService",
        method: "catalogChanges",
        roles: ["openapi", "heartbeat"]
    )
    package static let readFile = MethodDescriptor(
        service: "SupervisorService",
        method: "readFile",
        roles: ["heartbeat"]
    )
    /// Every method.
    package static let all: [MethodDescriptor] = [
        apps,
        app,
        appVersion,
        beginPush,
        pushChunk,
        finishPush,
        abortPush,
        activate,
        bind,
        unbind,
        remove,
        createKey,
        keys,
        revokeKey,
        keyChanges,
        catalogChanges,
        readFile
    ]
}

/// Served by `elves-supervisor`.
package protocol SupervisorServiceHandler: Sendable {
    func apps(context: CallContext) async throws -> [AppInfo]
    func app(app: String, context: CallContext) async throws -> AppInfo
    func appVersion(app: String, version: String, context: CallContext) async throws -> AppVersion
    /// Opens an upload; the answer names it in the next calls.
    func beginPush(upload: PackageUpload, context: CallContext) async throws -> String
    /// At most 1 MiB a call, in order.
    func pushChunk(upload: String, offset: Int64, bytes: [UInt8], context: CallContext) async throws
    /// Checks the package and stores it. Nothing is stored when a check fails.
    func finishPush(upload: String, context: CallContext) async throws -> PushResult
    func abortPush(upload: String, context: CallContext) async throws
    func activate(app: String, version: String, context: CallContext) async throws -> AppInfo
    func bind(app: String, targets: String, context: CallContext) async throws -> AppInfo
    func unbind(app: String, targets: String, context: CallContext) async throws -> AppInfo
    func remove(app: String, context: CallContext) async throws
    func createKey(request: KeyRequest, context: CallContext) async throws -> NewKey
    func keys(context: CallContext) async throws -> [KeyInfo]
    func revokeKey(id: String, context: CallContext) async throws -> KeyInfo
    /// Waits up to `waitMs` for a generation above `after`.
    func keyChanges(after: Int64, waitMs: Int64, context: CallContext) async throws -> KeyChanges
    func catalogChanges(after: Int64, waitMs: Int64, context: CallContext) async throws -> CatalogChanges
    /// At most 256 KiB a call; shorter only at the file's end.
    func readFile(digest: [UInt8], offset: Int64, length: Int32, context: CallContext) async throws -> [UInt8]
}

/// Calls `SupervisorService`.
package struct SupervisorServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func apps(options: CallOptions = CallOptions()) async throws -> [AppInfo] {
        let reply = try await self.caller.call(SupervisorServiceMethods.apps, options: options) { _ in }
        var success: [AppInfo]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try AppInfo(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.apps.missingResult }
        return success
    }

    package func app(app: String, options: CallOptions = CallOptions()) async throws -> AppInfo {
        let reply = try await self.caller.call(SupervisorServiceMethods.app, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
        }
        var success: AppInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AppInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.app.missingResult }
        return success
    }

    package func appVersion(
        app: String,
        version: String,
        options: CallOptions = CallOptions()
    ) async throws -> AppVersion {
        let reply = try await self.caller.call(SupervisorServiceMethods.appVersion, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
            writer.field(.string, 2)
            writer.writeString(version)
        }
        var success: AppVersion?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AppVersion(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.appVersion.missingResult }
        return success
    }

    /// Opens an upload; the answer names it in the next calls.
    package func beginPush(upload: PackageUpload, options: CallOptions = CallOptions()) async throws -> String {
        let reply = try await self.caller.call(SupervisorServiceMethods.beginPush, options: options) { writer in
            writer.field(.struct, 1)
            upload.write(to: &writer)
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
        guard let success else { throw SupervisorServiceMethods.beginPush.missingResult }
        return success
    }

    /// At most 1 MiB a call, in order.
    package func pushChunk(
        upload: String,
        offset: Int64,
        bytes: [UInt8],
        options: CallOptions = CallOptions()
    ) async throws {
        let reply = try await self.caller.call(SupervisorServiceMethods.pushChunk, options: options) { writer in
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

    /// Checks the package and stores it. Nothing is stored when a check fails.
    package func finishPush(upload: String, options: CallOptions = CallOptions()) async throws -> PushResult {
        let reply = try await self.caller.call(SupervisorServiceMethods.finishPush, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(upload)
        }
        var success: PushResult?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try PushResult(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.finishPush.missingResult }
        return success
    }

    package func abortPush(upload: String, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(SupervisorServiceMethods.abortPush, options: options) { writer in
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

    package func activate(app: String, version: String, options: CallOptions = CallOptions()) async throws -> AppInfo {
        let reply = try await self.caller.call(SupervisorServiceMethods.activate, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
            writer.field(.string, 2)
            writer.writeString(version)
        }
        var success: AppInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AppInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.activate.missingResult }
        return success
    }

    package func bind(app: String, targets: String, options: CallOptions = CallOptions()) async throws -> AppInfo {
        let reply = try await self.caller.call(SupervisorServiceMethods.bind, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
            writer.field(.string, 2)
            writer.writeString(targets)
        }
        var success: AppInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AppInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.bind.missingResult }
        return success
    }

    package func unbind(app: String, targets: String, options: CallOptions = CallOptions()) async throws -> AppInfo {
        let reply = try await self.caller.call(SupervisorServiceMethods.unbind, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
            writer.field(.string, 2)
            writer.writeString(targets)
        }
        var success: AppInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AppInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.unbind.missingResult }
        return success
    }

    package func remove(app: String, options: CallOptions = CallOptions()) async throws {
        let reply = try await self.caller.call(SupervisorServiceMethods.remove, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(app)
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

    package func createKey(request: KeyRequest, options: CallOptions = CallOptions()) async throws -> NewKey {
        let reply = try await self.caller.call(SupervisorServiceMethods.createKey, options: options) { writer in
            writer.field(.struct, 1)
            request.write(to: &writer)
        }
        var success: NewKey?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try NewKey(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.createKey.missingResult }
        return success
    }

    package func keys(options: CallOptions = CallOptions()) async throws -> [KeyInfo] {
        let reply = try await self.caller.call(SupervisorServiceMethods.keys, options: options) { _ in }
        var success: [KeyInfo]?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .list):
                success = try reader.readList(of: .struct) { reader throws(ThriftError) in try KeyInfo(from: &reader) }
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.keys.missingResult }
        return success
    }

    package func revokeKey(id: String, options: CallOptions = CallOptions()) async throws -> KeyInfo {
        let reply = try await self.caller.call(SupervisorServiceMethods.revokeKey, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(id)
        }
        var success: KeyInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try KeyInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.revokeKey.missingResult }
        return success
    }

    /// Waits up to `waitMs` for a generation above `after`.
    package func keyChanges(
        after: Int64,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> KeyChanges {
        let reply = try await self.caller.call(SupervisorServiceMethods.keyChanges, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(after)
            writer.field(.i64, 2)
            writer.writeInt64(waitMs)
        }
        var success: KeyChanges?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try KeyChanges(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.keyChanges.missingResult }
        return success
    }

    package func catalogChanges(
        after: Int64,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> CatalogChanges {
        let reply = try await self.caller.call(SupervisorServiceMethods.catalogChanges, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(after)
            writer.field(.i64, 2)
            writer.writeInt64(waitMs)
        }
        var success: CatalogChanges?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try CatalogChanges(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw SupervisorServiceMethods.catalogChanges.missingResult }
        return success
    }

    /// At most 256 KiB a call; shorter only at the file's end.
    package func readFile(
        digest: [UInt8],
        offset: Int64,
        length: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [UInt8] {
        let reply = try await self.caller.call(SupervisorServiceMethods.readFile, options: options) { writer in
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
        guard let success else { throw SupervisorServiceMethods.readFile.missingResult }
        return success
    }
}

/// Serves `SupervisorService` by a handler.
package struct SupervisorServiceProcessor<Handler: SupervisorServiceHandler>: ThriftService {
    package static var serviceName: String { "SupervisorService" }
    /// The methods, each bound to the handler.
    package let methods: [ThriftMethod]

    /// Creates the service over its handler.
    package init(_ handler: Handler) {
        methods = [
            ThriftMethod(SupervisorServiceMethods.apps) { try await Self.apps($0, handler) },
            ThriftMethod(SupervisorServiceMethods.app) { try await Self.app($0, handler) },
            ThriftMethod(SupervisorServiceMethods.appVersion) { try await Self.appVersion($0, handler) },
            ThriftMethod(SupervisorServiceMethods.beginPush) { try await Self.beginPush($0, handler) },
            ThriftMethod(SupervisorServiceMethods.pushChunk) { try await Self.pushChunk($0, handler) },
            ThriftMethod(SupervisorServiceMethods.finishPush) { try await Self.finishPush($0, handler) },
            ThriftMethod(SupervisorServiceMethods.abortPush) { try await Self.abortPush($0, handler) },
            ThriftMethod(SupervisorServiceMethods.activate) { try await Self.activate($0, handler) },
            ThriftMethod(SupervisorServiceMethods.bind) { try await Self.bind($0, handler) },
            ThriftMethod(SupervisorServiceMethods.unbind) { try await Self.unbind($0, handler) },
            ThriftMethod(SupervisorServiceMethods.remove) { try await Self.remove($0, handler) },
            ThriftMethod(SupervisorServiceMethods.createKey) { try await Self.createKey($0, handler) },
            ThriftMethod(SupervisorServiceMethods.keys) { try await Self.keys($0, handler) },
            ThriftMethod(SupervisorServiceMethods.revokeKey) { try await Self.revokeKey($0, handler) },
            ThriftMethod(SupervisorServiceMethods.keyChanges) { try await Self.keyChanges($0, handler) },
            ThriftMethod(SupervisorServiceMethods.catalogChanges) { try await Self.catalogChanges($0, handler) },
            ThriftMethod(SupervisorServiceMethods.readFile) { try await Self.readFile($0, handler) },
        ]
    }

    private static func apps(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.apps(context: call.context)
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

    private static func app(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.app(app: app, context: call.context)
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

    private static func appVersion(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        var version: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            case (2, .string):
                version = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.appVersion(app: app, version: version, context: call.context)
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

    private static func beginPush(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: PackageUpload = PackageUpload()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                upload = try PackageUpload(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.beginPush(upload: upload, context: call.context)
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

    private static func pushChunk(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
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
            try await handler.pushChunk(upload: upload, offset: offset, bytes: bytes, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func finishPush(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                upload = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.finishPush(upload: upload, context: call.context)
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

    private static func abortPush(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var upload: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                upload = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.abortPush(upload: upload, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func activate(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        var version: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            case (2, .string):
                version = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.activate(app: app, version: version, context: call.context)
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

    private static func bind(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        var targets: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            case (2, .string):
                targets = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.bind(app: app, targets: targets, context: call.context)
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

    private static func unbind(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        var targets: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            case (2, .string):
                targets = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.unbind(app: app, targets: targets, context: call.context)
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

    private static func remove(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var app: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                app = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            try await handler.remove(app: app, context: call.context)
            return call.answer { _ in }
        } catch let thrown1 as Fault {
            return call.answer { writer in
                writer.field(.struct, 1)
                thrown1.write(to: &writer)
            }
        }
    }

    private static func createKey(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var request: KeyRequest = KeyRequest()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                request = try KeyRequest(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.createKey(request: request, context: call.context)
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

    private static func keys(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        try call.decode { field, reader throws(ThriftError) in
            try reader.skip(field.type)
        }
        do {
            let success = try await handler.keys(context: call.context)
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

    private static func revokeKey(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var id: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                id = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.revokeKey(id: id, context: call.context)
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

    private static func keyChanges(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var after: Int64 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                after = try reader.readInt64()
            case (2, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.keyChanges(after: after, waitMs: waitMs, context: call.context)
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

    private static func catalogChanges(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var after: Int64 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                after = try reader.readInt64()
            case (2, .i64):
                waitMs = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.catalogChanges(after: after, waitMs: waitMs, context: call.context)
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

    private static func readFile(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
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
            let success = try await handler.readFile(
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
}
