import Thrift

/// A random schema: what a type looks like, without names.
indirect enum Shape {
    case scalar(ThriftType)
    case structure([(id: Int16, shape: Shape)])
    case list(Shape)
    case set(Shape)
    case map(Shape, Shape)

    private static let scalars: [ThriftType] = [.bool, .byte, .i16, .i32, .i64, .double, .string]

    static func randomStructure(depth: Int, using random: inout SeededGenerator) -> Shape {
        var fields: [Int16: Shape] = [:]
        for _ in 0..<random.below(7) {
            let id = random.oneIn(3) ? Int16(1 + random.below(32767)) : Int16(1 + random.below(24))
            fields[id] = Shape.random(depth: depth - 1, using: &random)
        }
        // Order by a hash that the seed decides: numbers may fall as well as rise.
        var order = fields.keys.sorted()
        if random.oneIn(3) { order.shuffle(using: &random) }
        return .structure(order.compactMap { id in fields[id].map { (id, $0) } })
    }

    static func random(depth: Int, using random: inout SeededGenerator) -> Shape {
        guard depth > 0, random.oneIn(2) else { return .scalar(scalars[random.below(scalars.count)]) }
        switch random.below(4) {
        case 0: return .list(.random(depth: depth - 1, using: &random))
        case 1: return .set(.random(depth: depth - 1, using: &random))
        case 2:
            return .map(.random(depth: depth - 1, using: &random), .random(depth: depth - 1, using: &random))
        default: return randomStructure(depth: depth, using: &random)
        }
    }

    var type: ThriftType {
        switch self {
        case .scalar(let type): type
        case .structure: .struct
        case .list: .list
        case .set: .set
        case .map: .map
        }
    }

    /// A random value of this shape; `utf8`: strings are text, never any bytes.
    func value(utf8: Bool = false, using random: inout SeededGenerator) -> Dynamic {
        switch self {
        case .scalar(.string) where utf8: return .string(Array(random.text().utf8))
        case .scalar(let type): return .random(type, using: &random)
        case .structure(let fields):
            return .structure(
                fields.compactMap { field in
                    random.oneIn(4) ? nil : .init(id: field.id, value: field.shape.value(utf8: utf8, using: &random))
                })
        case .list(let shape): return .list(shape.type, shape.values(utf8, using: &random))
        case .set(let shape): return .set(shape.type, shape.values(utf8, using: &random))
        case .map(let key, let value):
            let entries = (0..<Shape.count(using: &random)).map { _ in
                Dynamic.Entry(
                    key: key.value(utf8: utf8, using: &random), value: value.value(utf8: utf8, using: &random))
            }
            return .map(key.type, value.type, entries)
        }
    }

    private func values(_ utf8: Bool, using random: inout SeededGenerator) -> [Dynamic] {
        (0..<Shape.count(using: &random)).map { _ in value(utf8: utf8, using: &random) }
    }

    /// A container's size: mostly small, at times past Compact's short form.
    static func count(using random: inout SeededGenerator) -> Int { random.below(random.oneIn(10) ? 40 : 4) }
}

extension Dynamic {
    /// A random number, bool, or text.
    static func random(_ type: ThriftType, asKey: Bool = false, using random: inout SeededGenerator) -> Dynamic {
        switch type {
        case .bool: .bool(random.oneIn(2))
        case .byte: .byte(random.integer())
        case .i16: .i16(random.integer())
        case .i32: .i32(random.integer())
        case .i64: .i64(random.integer())
        case .double: .double(bits: random.double(asKey: asKey).bitPattern)
        default: .string(random.oneIn(2) ? Array(random.text().utf8) : random.bytes())
        }
    }
}
