/// Names of the IDL as Swift writes them.
enum SwiftName {
    /// `request_id`, `REQUEST_ID` and `RequestID` style names in lowerCamelCase, escaped if Swift needs it.
    static func member(_ name: String) -> String { escaped(lowerCamel(name)) }

    /// As `member`, for a place after a dot, where no backticks are needed.
    static func afterDot(_ name: String) -> String { member(name).filter { $0 != "`" } }

    /// The name in lowerCamelCase, not escaped.
    static func lowerCamel(_ name: String) -> String {
        let words = name.split(separator: "_").map(String.init)
        guard let first = words.first else { return name }
        let shouts = !name.contains(where: \.isLowercase)
        let rest = words.dropFirst().map { capitalized(shouts ? $0.lowercased() : $0) }
        return uncapitalized(shouts ? first.lowercased() : first) + rest.joined()
    }

    /// A type's name: words joined, each with a capital.
    static func type(_ name: String) -> String {
        name.split(separator: "_").map { capitalized(String($0)) }.joined()
    }

    /// `base`, with underscores behind it until it is none of `taken`.
    static func unused(_ base: String, _ taken: Set<String>) -> String {
        var name = base
        while taken.contains(name) { name += "_" }
        return name
    }

    private static func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// Lowers the first letter; of a leading run of capitals all but the one that begins the next word.
    private static func uncapitalized(_ word: String) -> String {
        let capitals = word.prefix { $0.isUppercase }.count
        let lowered = capitals > 1 && capitals < word.count ? capitals - 1 : capitals
        return word.prefix(lowered).lowercased() + word.dropFirst(lowered)
    }

    private static func escaped(_ name: String) -> String {
        if unusable.contains(name) { return "\(name)_" }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    /// Names that stand for something else after a dot even in backticks.
    private static let unusable: Set<String> = ["self", "init", "Self", "Type", "Protocol"]

    private static let keywords: Set<String> = [
        "actor", "any", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
        "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
        "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "open", "operator", "package",
        "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "static", "struct",
        "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// Type names that generated code itself relies on.
    static let reservedTypes: Set<String> = [
        "Any", "Array", "Bool", "CallContext", "CallOptions", "Dictionary", "Double", "Error", "Hashable",
        "Int16", "Int32", "Int64", "Int8", "MethodDescriptor", "Optional", "Self", "Sendable", "Set", "String",
        "ThriftAnswer", "ThriftCall", "ThriftCaller", "ThriftEnum", "ThriftError", "ThriftIndirect", "ThriftMethod",
        "ThriftReader", "ThriftService", "ThriftStruct", "ThriftWriter", "UInt8",
    ]
}
