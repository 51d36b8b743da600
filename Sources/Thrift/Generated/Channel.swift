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
