/// How a method's arguments and result read in Swift.
struct MethodTypes {
    let schema: Schema

    func argumentNames(_ method: Method) -> Set<String> {
        Set(method.arguments.map { SwiftName.lowerCamel($0.name) })
    }

    /// `name: Type` for each argument.
    func parameters(_ method: Method) throws -> [String] {
        try method.arguments.map { "\(SwiftName.member($0.name)): \(try schema.swiftType($0.type))" }
    }

    /// ` -> Type`, or nothing for a method without a result.
    func arrow(_ method: Method) throws -> String {
        try schema.resolved(method.returns) == .void ? "" : " -> \(try schema.swiftType(method.returns))"
    }

    /// The table's list of all methods, unless a method has that name.
    static func allMethods(_ methods: [Method]) -> String {
        SwiftName.unused("all", Set(methods.map { SwiftName.lowerCamel($0.name) }))
    }

    /// The exceptions' fields, with the local names that hold them.
    func exceptions(_ method: Method, avoiding taken: Set<String>) -> [(field: Field, local: String)] {
        method.exceptions.map { ($0, SwiftName.unused("thrown\($0.id)", taken)) }
    }
}
