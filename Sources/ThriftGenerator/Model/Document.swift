/// One IDL file, as the official compiler parsed it.
package struct Document: Sendable, Hashable {
    /// The file's name without `.thrift`.
    package var name: String
    package var doc: String
    /// Namespace by language, such as `swift` = `Elves2`.
    package var namespaces: [String: String]
    package var constants: [Constant]
    package var typedefs: [Typedef]
    package var enumerations: [Enumeration]
    package var structures: [Structure]
    package var services: [Service]
}

/// A `const`.
package struct Constant: Sendable, Hashable {
    package var name: String
    package var doc: String
    package var type: TypeReference
    package var value: ConstantValue
}

/// A `typedef`.
package struct Typedef: Sendable, Hashable {
    package var name: String
    package var doc: String
    package var type: TypeReference
}

/// An `enum`.
package struct Enumeration: Sendable, Hashable {
    /// One named number.
    package struct Member: Sendable, Hashable {
        package var name: String
        package var doc: String
        package var value: Int32
    }

    package var name: String
    package var doc: String
    package var members: [Member]
}

/// A `struct`, `union` or `exception`.
package struct Structure: Sendable, Hashable {
    /// Which of the three it is.
    package enum Kind: String, Sendable {
        case structure = "struct"
        case union
        case exception
    }

    package var kind: Kind
    package var name: String
    package var doc: String
    package var fields: [Field]
}

/// A field of a struct, an argument or a declared exception of a method.
package struct Field: Sendable, Hashable {
    /// What the IDL says about the field's presence.
    package enum Requiredness: Sendable {
        /// Always written; may be absent when read.
        case standard
        case required
        case optional
    }

    package var id: Int16
    package var name: String
    package var doc: String
    package var requiredness: Requiredness
    package var type: TypeReference
    package var defaultValue: ConstantValue?
}

/// A `service`.
package struct Service: Sendable, Hashable {
    package var name: String
    package var doc: String
    /// The service that this one `extends`.
    package var parent: Name?
    package var methods: [Method]
}

/// A method of a service.
package struct Method: Sendable, Hashable {
    package var name: String
    package var doc: String
    package var isOneway: Bool
    package var returns: TypeReference
    package var arguments: [Field]
    package var exceptions: [Field]
    /// From the annotation `(roles = "a,b")`; nil without one.
    package var roles: [String]?
}
