/// A struct, union or exception that generated code can read and write.
package protocol ThriftStruct: Sendable {
    /// Reads the fields up to and with the stop byte. Unknown fields are skipped.
    init(from reader: inout ThriftReader) throws(ThriftError)
    /// Writes the fields and the stop byte.
    func write(to writer: inout ThriftWriter)
}

/// An open enum: any number is kept, those that the IDL names have a name.
package protocol ThriftEnum: RawRepresentable, Sendable, Hashable, CustomStringConvertible where RawValue == Int32 {
    init(rawValue: Int32)
    /// The IDL's name, or nil for a number that this IDL does not know.
    var name: String? { get }
}

extension ThriftEnum {
    package var description: String { name ?? String(rawValue) }
}

extension ThriftStruct {
    /// The value's bytes, without frame or message around them.
    package func encoded(as encoding: ThriftEncoding) -> [UInt8] {
        var writer = ThriftWriter(encoding)
        write(to: &writer)
        return writer.bytes()
    }

    /// Reads a value from exactly these bytes.
    package init(
        decoding bytes: [UInt8], as encoding: ThriftEncoding, limits: ThriftLimits = .standard
    ) throws(ThriftError) {
        self = try ThriftReader.reading(bytes, as: encoding, limits: limits) { reader throws(ThriftError) in
            let value = try Self(from: &reader)
            guard reader.remaining == 0 else {
                throw ThriftError(.invalidData, "\(reader.remaining) bytes follow the value")
            }
            return value
        }
    }
}
