// swift-format-ignore-file
// Made by elves-thrift from heartbeat.thrift. Do not edit: `make generate`.

package import Thrift

/// An app that runs on an agent, as the agent itself says.
package struct InstalledApp: ThriftStruct, Hashable {
    package var app: String
    package var version: String
    package var treeDigest: [UInt8]
    /// Why the wanted version is not installed; empty when it is.
    package var problem: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(app: String = "", version: String = "", treeDigest: [UInt8] = [], problem: String = "") {
        self.app = app
        self.version = version
        self.treeDigest = treeDigest
        self.problem = problem
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
                self.treeDigest = try reader.readBinary()
            case (4, .string):
                self.problem = try reader.readString()
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
        writer.writeBinary(self.treeDigest)
        writer.field(.string, 4)
        writer.writeString(self.problem)
        writer.endStruct(outer)
    }
}

/// What an agent says of itself.
package struct Beat: ThriftStruct, Hashable {
    package var name: String
    /// Agent program's version.
    package var version: String
    package var labels: [String: String]
    package var facts: [String: String]
    package var apps: [InstalledApp]
    /// Generation of the desired state that the agent last applied; 0 before the first.
    package var desiredGeneration: Int64
    package var numbers: [String: Int64]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        name: String = "",
        version: String = "",
        labels: [String: String] = [:],
        facts: [String: String] = [:],
        apps: [InstalledApp] = [],
        desiredGeneration: Int64 = 0,
        numbers: [String: Int64] = [:]
    ) {
        self.name = name
        self.version = version
        self.labels = labels
        self.facts = facts
        self.apps = apps
        self.desiredGeneration = desiredGeneration
        self.numbers = numbers
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
            case (3, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (4, .map):
                self.facts = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (5, .list):
                self.apps = try reader.readList(of: .struct) { reader throws(ThriftError) in try InstalledApp(from: &reader) }
            case (6, .i64):
                self.desiredGeneration = try reader.readInt64()
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
        writer.writeString(self.name)
        writer.field(.string, 2)
        writer.writeString(self.version)
        writer.field(.map, 3)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.map, 4)
        writer.beginMap(key: .string, value: .string, count: self.facts.count)
        for (key, value) in self.facts.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.list, 5)
        writer.beginList(of: .struct, count: self.apps.count)
        for element in self.apps {
            element.write(to: &writer)
        }
        writer.field(.i64, 6)
        writer.writeInt64(self.desiredGeneration)
        writer.field(.map, 7)
        writer.beginMap(key: .string, value: .i64, count: self.numbers.count)
        for (key, value) in self.numbers.inWireOrder {
            writer.writeString(key)
            writer.writeInt64(value)
        }
        writer.endStruct(outer)
    }
}

/// An app that an agent should have.
package struct DesiredApp: ThriftStruct, Hashable {
    package var manifest: AppManifest
    package var tree: Tree

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(manifest: AppManifest = AppManifest(), tree: Tree = Tree()) {
        self.manifest = manifest
        self.tree = tree
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .struct):
                self.manifest = try AppManifest(from: &reader)
            case (2, .struct):
                self.tree = try Tree(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.struct, 1)
        self.manifest.write(to: &writer)
        writer.field(.struct, 2)
        self.tree.write(to: &writer)
        writer.endStruct(outer)
    }
}

/// What an agent should have. Only what `removals` names is removed; an app in neither list stays
/// as it is, so an empty state removes nothing.
package struct DesiredState: ThriftStruct, Hashable {
    package var generation: Int64
    package var apps: [DesiredApp]
    package var removals: [String]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(generation: Int64 = 0, apps: [DesiredApp] = [], removals: [String] = []) {
        self.generation = generation
        self.apps = apps
        self.removals = removals
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.generation = try reader.readInt64()
            case (2, .list):
                self.apps = try reader.readList(of: .struct) { reader throws(ThriftError) in try DesiredApp(from: &reader) }
            case (3, .list):
                self.removals = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.generation)
        writer.field(.list, 2)
        writer.beginList(of: .struct, count: self.apps.count)
        for element in self.apps {
            element.write(to: &writer)
        }
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.removals.count)
        for element in self.removals {
            writer.writeString(element)
        }
        writer.endStruct(outer)
    }
}

/// Struct `BeatReply`.
package struct BeatReply: ThriftStruct, Hashable {
    /// Milliseconds until the next beat.
    package var intervalMs: Int64
    /// Present when the agent's generation is not the current one.
    package var desired: DesiredState?

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(intervalMs: Int64 = 0, desired: DesiredState? = nil) {
        self.intervalMs = intervalMs
        self.desired = desired
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.intervalMs = try reader.readInt64()
            case (2, .struct):
                self.desired = try DesiredState(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.intervalMs)
        if let value = self.desired {
            writer.field(.struct, 2)
            value.write(to: &writer)
        }
        writer.endStruct(outer)
    }
}

/// An agent as others see it.
package struct AgentInfo: ThriftStruct, Hashable {
    package var id: Int64
    package var ip: String
    package var name: String
    package var version: String
    package var labels: [String: String]
    package var facts: [String: String]
    package var apps: [InstalledApp]
    /// Whether its beats arrive.
    package var alive: Bool
    /// UTC milliseconds of the last beat.
    package var lastBeatAt: Int64
    package var firstSeenAt: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        ip: String = "",
        name: String = "",
        version: String = "",
        labels: [String: String] = [:],
        facts: [String: String] = [:],
        apps: [InstalledApp] = [],
        alive: Bool = false,
        lastBeatAt: Int64 = 0,
        firstSeenAt: Int64 = 0
    ) {
        self.id = id
        self.ip = ip
        self.name = name
        self.version = version
        self.labels = labels
        self.facts = facts
        self.apps = apps
        self.alive = alive
        self.lastBeatAt = lastBeatAt
        self.firstSeenAt = firstSeenAt
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .string):
                self.ip = try reader.readString()
            case (3, .string):
                self.name = try reader.readString()
            case (4, .string):
                self.version = try reader.readString()
            case (5, .map):
                self.labels = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (6, .map):
                self.facts = try reader.readMap(key: .string, value: .string, { reader throws(ThriftError) in try reader.readString() }, { reader throws(ThriftError) in try reader.readString() })
            case (7, .list):
                self.apps = try reader.readList(of: .struct) { reader throws(ThriftError) in try InstalledApp(from: &reader) }
            case (8, .bool):
                self.alive = try reader.readBool()
            case (9, .i64):
                self.lastBeatAt = try reader.readInt64()
            case (10, .i64):
                self.firstSeenAt = try reader.readInt64()
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
        writer.writeString(self.ip)
        writer.field(.string, 3)
        writer.writeString(self.name)
        writer.field(.string, 4)
        writer.writeString(self.version)
        writer.field(.map, 5)
        writer.beginMap(key: .string, value: .string, count: self.labels.count)
        for (key, value) in self.labels.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.map, 6)
        writer.beginMap(key: .string, value: .string, count: self.facts.count)
        for (key, value) in self.facts.inWireOrder {
            writer.writeString(key)
            writer.writeString(value)
        }
        writer.field(.list, 7)
        writer.beginList(of: .struct, count: self.apps.count)
        for element in self.apps {
            element.write(to: &writer)
        }
        writer.boolField(8, self.alive)
        writer.field(.i64, 9)
        writer.writeInt64(self.lastBeatAt)
        writer.field(.i64, 10)
        writer.writeInt64(self.firstSeenAt)
        writer.endStruct(outer)
    }
}

/// An agent that a selector hit.
package struct AgentRef: ThriftStruct, Hashable {
    package var id: Int64
    package var ip: String
    package var name: String
    package var alive: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(id: Int64 = 0, ip: String = "", name: String = "", alive: Bool = false) {
        self.id = id
        self.ip = ip
        self.name = name
        self.alive = alive
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.id = try reader.readInt64()
            case (2, .string):
                self.ip = try reader.readString()
            case (3, .string):
                self.name = try reader.readString()
            case (4, .bool):
                self.alive = try reader.readBool()
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
        writer.writeString(self.ip)
        writer.field(.string, 3)
        writer.writeString(self.name)
        writer.boolField(4, self.alive)
        writer.endStruct(outer)
    }
}

/// A frozen list of agents.
package struct Resolution: ThriftStruct, Hashable {
    package var agents: [AgentRef]
    /// The inventory's generation that the list was made from.
    package var generation: Int64
    /// Words of the target text that hit nothing.
    package var unmatched: [String]

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(agents: [AgentRef] = [], generation: Int64 = 0, unmatched: [String] = []) {
        self.agents = agents
        self.generation = generation
        self.unmatched = unmatched
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.agents = try reader.readList(of: .struct) { reader throws(ThriftError) in try AgentRef(from: &reader) }
            case (2, .i64):
                self.generation = try reader.readInt64()
            case (3, .list):
                self.unmatched = try reader.readList(of: .string) { reader throws(ThriftError) in try reader.readString() }
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.agents.count)
        for element in self.agents {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.generation)
        writer.field(.list, 3)
        writer.beginList(of: .string, count: self.unmatched.count)
        for element in self.unmatched {
            writer.writeString(element)
        }
        writer.endStruct(outer)
    }
}

/// Struct `AgentPage`.
package struct AgentPage: ThriftStruct, Hashable {
    package var agents: [AgentInfo]
    /// Pass as `after` for the next page; 0 at the end.
    package var nextAfter: Int64

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(agents: [AgentInfo] = [], nextAfter: Int64 = 0) {
        self.agents = agents
        self.nextAfter = nextAfter
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .list):
                self.agents = try reader.readList(of: .struct) { reader throws(ThriftError) in try AgentInfo(from: &reader) }
            case (2, .i64):
                self.nextAfter = try reader.readInt64()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.list, 1)
        writer.beginList(of: .struct, count: self.agents.count)
        for element in self.agents {
            element.write(to: &writer)
        }
        writer.field(.i64, 2)
        writer.writeInt64(self.nextAfter)
        writer.endStruct(outer)
    }
}

/// Something that happened in the fleet.
package struct FleetEvent: ThriftStruct, Hashable {
    /// Grows by one with each event of this start of heartbeat.
    package var id: Int64
    /// UTC milliseconds.
    package var at: Int64
    /// `agent.up`, `agent.down`, `app.installed`, `app.failed`.
    package var kind: String
    package var agentId: Int64
    package var ip: String
    package var name: String
    /// Of an app's event.
    package var app: String
    package var version: String
    /// Why; empty when nothing went wrong.
    package var problem: String

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(
        id: Int64 = 0,
        at: Int64 = 0,
        kind: String = "",
        agentId: Int64 = 0,
        ip: String = "",
        name: String = "",
        app: String = "",
        version: String = "",
        problem: String = ""
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.agentId = agentId
        self.ip = ip
        self.name = name
        self.app = app
        self.version = version
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
                self.at = try reader.readInt64()
            case (3, .string):
                self.kind = try reader.readString()
            case (4, .i64):
                self.agentId = try reader.readInt64()
            case (5, .string):
                self.ip = try reader.readString()
            case (6, .string):
                self.name = try reader.readString()
            case (7, .string):
                self.app = try reader.readString()
            case (8, .string):
                self.version = try reader.readString()
            case (9, .string):
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
        writer.writeInt64(self.at)
        writer.field(.string, 3)
        writer.writeString(self.kind)
        writer.field(.i64, 4)
        writer.writeInt64(self.agentId)
        writer.field(.string, 5)
        writer.writeString(self.ip)
        writer.field(.string, 6)
        writer.writeString(self.name)
        writer.field(.string, 7)
        writer.writeString(self.app)
        writer.field(.string, 8)
        writer.writeString(self.version)
        writer.field(.string, 9)
        writer.writeString(self.problem)
        writer.endStruct(outer)
    }
}

/// Struct `FleetEvents`.
package struct FleetEvents: ThriftStruct, Hashable {
    /// Differs with each start of heartbeat: ids of another epoch mean nothing.
    package var epoch: Int64
    package var events: [FleetEvent]
    /// Pass as `after` for the next page.
    package var nextAfter: Int64
    /// Whether events after `after` are gone.
    package var lost: Bool

    /// Creates a value; what is left out has the IDL's default, else zero, empty or nil.
    package init(epoch: Int64 = 0, events: [FleetEvent] = [], nextAfter: Int64 = 0, lost: Bool = false) {
        self.epoch = epoch
        self.events = events
        self.nextAfter = nextAfter
        self.lost = lost
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        self.init()
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .i64):
                self.epoch = try reader.readInt64()
            case (2, .list):
                self.events = try reader.readList(of: .struct) { reader throws(ThriftError) in try FleetEvent(from: &reader) }
            case (3, .i64):
                self.nextAfter = try reader.readInt64()
            case (4, .bool):
                self.lost = try reader.readBool()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.i64, 1)
        writer.writeInt64(self.epoch)
        writer.field(.list, 2)
        writer.beginList(of: .struct, count: self.events.count)
        for element in self.events {
            element.write(to: &writer)
        }
        writer.field(.i64, 3)
        writer.writeInt64(self.nextAfter)
        writer.boolField(4, self.lost)
        writer.endStruct(outer)
    }
}

/// What the IDL says of the methods of `HeartbeatService`, and who may call them.
package enum HeartbeatServiceMethods {
    package static let beat = MethodDescriptor(service: "HeartbeatService", method: "beat", roles: ["agent"])
    package static let fetchFile = MethodDescriptor(service: "HeartbeatService", method: "fetchFile", roles: ["agent"])
    package static let resolve = MethodDescriptor(
        service: "HeartbeatService",
        method: "resolve",
        roles: ["openapi", "scheduler", "queue", "cron"]
    )
    package static let agents = MethodDescriptor(service: "HeartbeatService", method: "agents", roles: ["openapi"])
    package static let agent = MethodDescriptor(
        service: "HeartbeatService",
        method: "agent",
        roles: ["openapi", "scheduler"]
    )
    package static let events = MethodDescriptor(service: "HeartbeatService", method: "events", roles: ["scheduler"])
    /// Every method.
    package static let all: [MethodDescriptor] = [beat, fetchFile, resolve, agents, agent, events]
}

/// Served by `elves-heartbeat`.
package protocol HeartbeatServiceHandler: Sendable {
    func beat(beat: Beat, context: CallContext) async throws -> BeatReply
    /// At most 256 KiB a call; only files of trees that the agent should have.
    func fetchFile(digest: [UInt8], offset: Int64, length: Int32, context: CallContext) async throws -> [UInt8]
    /// `targets`, `exclude`: selectors, ips, names, or comma lists of them; `*` is everything.
    func resolve(targets: String, exclude: String, context: CallContext) async throws -> Resolution
    func agents(targets: String, after: Int64, limit: Int32, context: CallContext) async throws -> AgentPage
    func agent(ref: String, context: CallContext) async throws -> AgentInfo
    /// Events after `after` of that epoch, or the newest position for epoch 0; waits up to `waitMs` for at least one.
    func events(
        epoch: Int64,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        context: CallContext
    ) async throws -> FleetEvents
}

/// Calls `HeartbeatService`.
package struct HeartbeatServiceClient: Sendable {
    /// The connection that carries the calls.
    package let caller: any ThriftCaller

    /// Creates a client over a connection.
    package init(_ caller: any ThriftCaller) {
        self.caller = caller
    }

    package func beat(beat: Beat, options: CallOptions = CallOptions()) async throws -> BeatReply {
        let reply = try await self.caller.call(HeartbeatServiceMethods.beat, options: options) { writer in
            writer.field(.struct, 1)
            beat.write(to: &writer)
        }
        var success: BeatReply?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try BeatReply(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw HeartbeatServiceMethods.beat.missingResult }
        return success
    }

    /// At most 256 KiB a call; only files of trees that the agent should have.
    package func fetchFile(
        digest: [UInt8],
        offset: Int64,
        length: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> [UInt8] {
        let reply = try await self.caller.call(HeartbeatServiceMethods.fetchFile, options: options) { writer in
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
        guard let success else { throw HeartbeatServiceMethods.fetchFile.missingResult }
        return success
    }

    /// `targets`, `exclude`: selectors, ips, names, or comma lists of them; `*` is everything.
    package func resolve(
        targets: String,
        exclude: String,
        options: CallOptions = CallOptions()
    ) async throws -> Resolution {
        let reply = try await self.caller.call(HeartbeatServiceMethods.resolve, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(targets)
            writer.field(.string, 2)
            writer.writeString(exclude)
        }
        var success: Resolution?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try Resolution(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw HeartbeatServiceMethods.resolve.missingResult }
        return success
    }

    package func agents(
        targets: String,
        after: Int64,
        limit: Int32,
        options: CallOptions = CallOptions()
    ) async throws -> AgentPage {
        let reply = try await self.caller.call(HeartbeatServiceMethods.agents, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(targets)
            writer.field(.i64, 2)
            writer.writeInt64(after)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
        }
        var success: AgentPage?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AgentPage(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw HeartbeatServiceMethods.agents.missingResult }
        return success
    }

    package func agent(ref: String, options: CallOptions = CallOptions()) async throws -> AgentInfo {
        let reply = try await self.caller.call(HeartbeatServiceMethods.agent, options: options) { writer in
            writer.field(.string, 1)
            writer.writeString(ref)
        }
        var success: AgentInfo?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try AgentInfo(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw HeartbeatServiceMethods.agent.missingResult }
        return success
    }

    /// Events after `after` of that epoch, or the newest position for epoch 0; waits up to `waitMs` for at least one.
    package func events(
        epoch: Int64,
        after: Int64,
        limit: Int32,
        waitMs: Int64,
        options: CallOptions = CallOptions()
    ) async throws -> FleetEvents {
        let reply = try await self.caller.call(HeartbeatServiceMethods.events, options: options) { writer in
            writer.field(.i64, 1)
            writer.writeInt64(epoch)
            writer.field(.i64, 2)
            writer.writeInt64(after)
            writer.field(.i32, 3)
            writer.writeInt32(limit)
            writer.field(.i64, 4)
            writer.writeInt64(waitMs)
        }
        var success: FleetEvents?
        var thrown1: Fault?
        try reply?.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (0, .struct):
                success = try FleetEvents(from: &reader)
            case (1, .struct):
                thrown1 = try Fault(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        if let thrown1 { throw thrown1 }
        guard let success else { throw HeartbeatServiceMethods.events.missingResult }
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
            ThriftMethod(HeartbeatServiceMethods.beat) { try await Self.beat($0, handler) },
            ThriftMethod(HeartbeatServiceMethods.fetchFile) { try await Self.fetchFile($0, handler) },
            ThriftMethod(HeartbeatServiceMethods.resolve) { try await Self.resolve($0, handler) },
            ThriftMethod(HeartbeatServiceMethods.agents) { try await Self.agents($0, handler) },
            ThriftMethod(HeartbeatServiceMethods.agent) { try await Self.agent($0, handler) },
            ThriftMethod(HeartbeatServiceMethods.events) { try await Self.events($0, handler) },
        ]
    }

    private static func beat(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var beat: Beat = Beat()
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .struct):
                beat = try Beat(from: &reader)
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.beat(beat: beat, context: call.context)
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

    private static func fetchFile(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
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
            let success = try await handler.fetchFile(
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

    private static func resolve(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var targets: String = ""
        var exclude: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                targets = try reader.readString()
            case (2, .string):
                exclude = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.resolve(targets: targets, exclude: exclude, context: call.context)
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

    private static func agents(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var targets: String = ""
        var after: Int64 = 0
        var limit: Int32 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                targets = try reader.readString()
            case (2, .i64):
                after = try reader.readInt64()
            case (3, .i32):
                limit = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.agents(targets: targets, after: after, limit: limit, context: call.context)
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

    private static func agent(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var ref: String = ""
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .string):
                ref = try reader.readString()
            default: try reader.skip(field.type)
            }
        }
        do {
            let success = try await handler.agent(ref: ref, context: call.context)
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

    private static func events(_ call: ThriftCall, _ handler: Handler) async throws -> ThriftAnswer? {
        var epoch: Int64 = 0
        var after: Int64 = 0
        var limit: Int32 = 0
        var waitMs: Int64 = 0
        try call.decode { field, reader throws(ThriftError) in
            switch (field.id, field.type) {
            case (1, .i64):
                epoch = try reader.readInt64()
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
            let success = try await handler.events(
                epoch: epoch,
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
}
