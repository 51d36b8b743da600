/// Reads documents from the output of `thrift --gen xml:merge`.
package enum DocumentReader {
    /// The documents of one run: the file that the compiler was given, then what it includes.
    package static func documents(fromXML xml: String) throws -> [Document] {
        let root = try XMLElement.parse(xml)
        guard root.name == "idl" else {
            throw GeneratorError("the root is <\(root.name)>, expected <idl>: make it with `thrift --gen xml:merge`")
        }
        return try root.all("document").map(document)
    }

    private static func document(_ element: XMLElement) throws -> Document {
        var namespaces: [String: String] = [:]
        for namespace in element.all("namespace") {
            namespaces[try namespace.attribute("name")] = try namespace.attribute("value")
        }
        return Document(
            name: try element.attribute("name"), doc: doc(element), namespaces: namespaces,
            constants: try element.all("const").map(constant),
            typedefs: try element.all("typedef").map {
                Typedef(name: try $0.attribute("name"), doc: doc($0), type: try TypeReader.type(of: $0))
            },
            enumerations: try element.all("enum").map(enumeration),
            structures: try element.children.compactMap { child in
                guard let kind = Structure.Kind(rawValue: child.name) else { return nil }
                return Structure(
                    kind: kind, name: try child.attribute("name"), doc: doc(child),
                    fields: try child.all("field").map(field))
            },
            services: try element.all("service").map(service))
    }

    private static func doc(_ element: XMLElement) -> String { element.attributes["doc"] ?? "" }

    private static func constant(_ element: XMLElement) throws -> Constant {
        let valueNames: Set = ["int", "double", "string", "list", "map"]
        guard let value = element.children.first(where: { valueNames.contains($0.name) }) else {
            throw GeneratorError("const \(try element.attribute("name")) has no value that the generator knows")
        }
        return Constant(
            name: try element.attribute("name"), doc: doc(element), type: try TypeReader.type(of: element),
            value: try TypeReader.value(value))
    }

    private static func enumeration(_ element: XMLElement) throws -> Enumeration {
        Enumeration(
            name: try element.attribute("name"), doc: doc(element),
            members: try element.all("member").map { member in
                let number = try member.attribute("value")
                guard let value = Int32(number) else {
                    throw GeneratorError("enum member value \(number) does not fit 32 bits")
                }
                return .init(name: try member.attribute("name"), doc: doc(member), value: value)
            })
    }

    private static func field(_ element: XMLElement) throws -> Field {
        let number = try element.attribute("field-id")
        let name = try element.attribute("name")
        guard let id = Int16(number), id > 0, id < Int16.max else {
            throw GeneratorError("field \(name) has id \(number); give it one from 1 to 32766")
        }
        let requiredness: Field.Requiredness =
            switch element.attributes["required"] {
            case "required": .required
            case "optional": .optional
            default: .standard
            }
        return Field(
            id: id, name: name, doc: doc(element), requiredness: requiredness,
            type: try TypeReader.type(of: element),
            defaultValue: try element.first("default")?.children.first.map(TypeReader.value))
    }

    private static func service(_ element: XMLElement) throws -> Service {
        var parent: Name?
        if let id = element.attributes["parent-id"] {
            parent = Name(try element.attribute("parent-module"), id)
        }
        return Service(
            name: try element.attribute("name"), doc: doc(element), parent: parent,
            methods: try element.all("method").map(method))
    }

    private static func method(_ element: XMLElement) throws -> Method {
        let annotation = element.all("annotation").first { $0.attributes["key"] == "roles" }
        let roles = annotation?.attributes["value"]?
            .split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map { String($0) }
        guard let returns = element.first("returns") else {
            throw GeneratorError("method \(try element.attribute("name")) has no <returns>")
        }
        return Method(
            name: try element.attribute("name"), doc: doc(element),
            isOneway: element.attributes["oneway"] == "true", returns: try TypeReader.type(of: returns),
            arguments: try element.all("arg").map(field), exceptions: try element.all("throws").map(field),
            roles: roles)
    }
}
