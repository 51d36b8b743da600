/// Finds names that would meet in Swift, before the Swift compiler does.
struct NameCheck {
    let documents: [Document]

    func run() throws {
        try checkTypes()
        for document in documents {
            for item in document.enumerations {
                try checkUnique(
                    item.members.map(\.name), of: "enum \(document.name).\(item.name)", reserved: ["all", "name"])
            }
            for item in document.structures {
                let reserved: Set = item.kind == .union ? ["unknown"] : []
                try checkUnique(
                    item.fields.map(\.name), of: "\(item.kind.rawValue) \(document.name).\(item.name)",
                    reserved: reserved)
            }
            for service in document.services {
                try checkUnique(service.methods.map(\.name), of: "service \(document.name).\(service.name)")
            }
        }
    }

    private func checkTypes() throws {
        var owners: [String: String] = [:]
        for document in documents {
            let namespace = document.namespaces["swift"]
            if let namespace, namespace.contains(".") {
                throw GeneratorError("namespace swift \(namespace) of \(document.name): one name, without dots")
            }
            let names =
                document.typedefs.map(\.name) + document.enumerations.map(\.name) + document.structures.map(\.name)
                + document.services.flatMap { service in
                    ["Handler", "Client", "Processor", "Methods"].map { service.name + $0 }
                }
            for name in names {
                let type = SwiftName.type(name)
                guard !SwiftName.reservedTypes.contains(type) else {
                    throw GeneratorError("\(document.name).\(name): Swift needs this name itself; choose another")
                }
                let full = namespace.map { "\($0).\(type)" } ?? type
                if let owner = owners[full] {
                    throw GeneratorError(
                        "\(document.name).\(name) and \(owner) are both \(full) in Swift: "
                            + "give one of the files a `namespace swift`")
                }
                owners[full] = "\(document.name).\(name)"
            }
        }
    }

    private func checkUnique(_ names: [String], of owner: String, reserved: Set<String> = []) throws {
        var seen: [String: String] = [:]
        for name in names {
            let swift = SwiftName.lowerCamel(name)
            guard !reserved.contains(swift) else {
                throw GeneratorError("\(owner): \(name) is taken by generated code; choose another name")
            }
            if let other = seen[swift] {
                throw GeneratorError("\(owner): \(other) and \(name) are both \(swift) in Swift")
            }
            seen[swift] = name
        }
    }
}
