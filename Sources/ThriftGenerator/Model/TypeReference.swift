/// A declaration's place and name in the IDL.
package struct Name: Sendable, Hashable, CustomStringConvertible {
    /// The document that declares it.
    package var module: String
    package var id: String

    /// Creates a name.
    package init(_ module: String, _ id: String) {
        self.module = module
        self.id = id
    }

    package var description: String { "\(module).\(id)" }
}

/// A type as the IDL writes it: typedefs and enums keep their names.
package indirect enum TypeReference: Sendable, Hashable {
    case void
    case bool
    case int8
    case int16
    case int32
    case int64
    case double
    case string
    case binary
    case list(TypeReference)
    case set(TypeReference)
    case map(TypeReference, TypeReference)
    case named(Name)
}

/// The value of a constant or of a default; enum members are numbers already.
package indirect enum ConstantValue: Sendable, Hashable {
    /// A key and a value of a map, or a field's name and value of a struct.
    package struct Entry: Sendable, Hashable {
        package var key: ConstantValue
        package var value: ConstantValue
    }

    case integer(Int64)
    case double(String)
    case string(String)
    case list([ConstantValue])
    case map([Entry])
}
