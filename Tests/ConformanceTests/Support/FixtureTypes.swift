import Thrift

/// The generated types of fixtures/everything.thrift by their IDL name.
enum FixtureTypes {
    static let all: [(name: String, type: any ThriftStruct.Type)] = [
        ("Empty", Empty.self), ("Scalars", Scalars.self), ("Optionals", Optionals.self),
        ("Requireds", Requireds.self), ("Defaults", Defaults.self), ("Containers", Containers.self),
        ("Node", Node.self), ("Choice", Choice.self), ("Numbered", Numbered.self), ("Older", Older.self),
        ("Newer", Newer.self), ("Words", Words.self), ("Everything", Everything.self), ("Oops", Oops.self),
        ("Nope", Nope.self),
    ]

    /// A value of each struct as its initialiser leaves it.
    static let defaults: [(name: String, value: any ThriftStruct)] = [
        ("Empty", Empty()), ("Scalars", Scalars()), ("Optionals", Optionals()), ("Requireds", Requireds()),
        ("Defaults", Defaults()), ("Containers", Containers()), ("Node", Node()), ("Choice", Choice.unknown(0)),
        ("Numbered", Numbered()), ("Older", Older()), ("Newer", Newer()), ("Words", Words()),
        ("Everything", Everything()), ("Oops", Oops()), ("Nope", Nope()),
    ]

    /// Decodes and encodes again.
    static func recoded(
        _ bytes: [UInt8], _ type: any ThriftStruct.Type, from: ThriftEncoding, to: ThriftEncoding
    ) throws -> [UInt8] {
        try type.init(decoding: bytes, as: from).encoded(as: to)
    }
}

extension ThriftEncoding {
    static let both: [ThriftEncoding] = [.binary, .compact]
    var word: String { self == .binary ? "binary" : "compact" }
}
