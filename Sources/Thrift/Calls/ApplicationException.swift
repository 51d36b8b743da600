/// Thrift's own exception: an answer of type `exception` carries it.
///
/// Numbers below 100 are Thrift's; from 100 on they are ours, and other libraries show them as unknown.
package struct ApplicationException: ThriftStruct, Error, Hashable {
    package var message: String
    package var type: Int32

    /// Creates one from an error of this side.
    package init(_ error: ThriftError) {
        message = error.message
        type =
            switch error.code {
            case .unknownMethod: 1
            case .truncated, .tooLarge, .tooDeep, .invalidData, .missingField: 7
            case .overloaded: 100
            case .denied: 101
            case .deadlineExceeded: 102
            case .cancelled: 103
            case .refused: 104
            default: 6
            }
    }

    /// What this means to the caller.
    package var error: ThriftError {
        let code: ThriftError.Code =
            switch type {
            case 1: .unknownMethod
            case 7: .invalidData
            case 100: .overloaded
            case 101: .denied
            case 102: .deadlineExceeded
            case 103: .cancelled
            case 104: .refused
            default: .internalError
            }
        return ThriftError(code, message)
    }

    package init(from reader: inout ThriftReader) throws(ThriftError) {
        message = ""
        type = 0
        let outer = try reader.beginStruct()
        while let field = try reader.nextField() {
            switch (field.id, field.type) {
            case (1, .string): message = try reader.readString()
            case (2, .i32): type = try reader.readInt32()
            default: try reader.skip(field.type)
            }
        }
        reader.endStruct(outer)
    }

    package func write(to writer: inout ThriftWriter) {
        let outer = writer.beginStruct()
        writer.field(.string, 1)
        writer.writeString(message)
        writer.field(.i32, 2)
        writer.writeInt32(type)
        writer.endStruct(outer)
    }
}
