/// Which structs hold which directly, that is without a container in between.
struct Cycles {
    private struct Edge {
        let target: Name
        let field: Field
    }

    private var edges: [Name: [Edge]] = [:]
    private let unions: Set<Name>

    init(_ declarations: [Name: Schema.Declaration]) {
        func target(_ type: TypeReference) -> Name? {
            guard case .named(let name) = type else { return nil }
            switch declarations[name] {
            case .typedef(let typedef): return target(typedef.type)
            case .structure: return name
            default: return nil
            }
        }
        var unions: Set<Name> = []
        for (name, declaration) in declarations {
            guard case .structure(let structure) = declaration else { continue }
            if structure.kind == .union { unions.insert(name) }
            edges[name] = structure.fields.compactMap { field in
                target(field.type).map { Edge(target: $0, field: field) }
            }
        }
        self.unions = unions
    }

    func reaches(from start: Name, to goal: Name, atLeastOneStep: Bool = false) -> Bool {
        var seen: Set<Name> = []
        var open = atLeastOneStep ? (edges[start] ?? []).map(\.target) : [start]
        while let name = open.popLast() {
            if name == goal { return true }
            if seen.insert(name).inserted { open += (edges[name] ?? []).map(\.target) }
        }
        return false
    }

    /// A struct that always holds itself has no value: some field of the circle must be optional.
    func check() throws {
        for start in edges.keys.sorted(by: { $0.description < $1.description }) {
            var seen: Set<Name> = []
            var open = [start]
            while let name = open.popLast() {
                guard seen.insert(name).inserted, !unions.contains(name) else { continue }
                for edge in edges[name] ?? [] where edge.field.requiredness != .optional {
                    if edge.target == start {
                        throw GeneratorError(
                            "\(start) always holds itself, by field \(edge.field.name) of \(name): "
                                + "make that field optional")
                    }
                    open.append(edge.target)
                }
            }
        }
    }
}
