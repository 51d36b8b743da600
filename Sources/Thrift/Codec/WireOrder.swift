// Sets and maps go out in the order of their keys, as libthrift writes them: the same value always gives
// the same bytes. Strings are ordered by their UTF-8 bytes, which Swift's own `<` does not do.

/// The order of keys on the wire.
@usableFromInline
enum WireOrder {
    @inlinable
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    @inlinable
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }

    @inlinable
    static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }

    /// A total order, NaN included.
    @inlinable
    static func precedes(_ left: Double, _ right: Double) -> Bool {
        left.isTotallyOrdered(belowOrEqualTo: right) && left.bitPattern != right.bitPattern
    }
}

extension Dictionary where Key: FixedWidthInteger {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { $0.key < $1.key } }
}

extension Set where Element: FixedWidthInteger {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted() }
}

extension Dictionary where Key: ThriftEnum {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { $0.key.rawValue < $1.key.rawValue } }
}

extension Set where Element: ThriftEnum {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { $0.rawValue < $1.rawValue } }
}

extension Dictionary where Key == String {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0.key, $1.key) } }
}

extension Set where Element == String {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0, $1) } }
}

extension Dictionary where Key == [UInt8] {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0.key, $1.key) } }
}

extension Set where Element == [UInt8] {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0, $1) } }
}

extension Dictionary where Key == Bool {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0.key, $1.key) } }
}

extension Set where Element == Bool {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0, $1) } }
}

extension Dictionary where Key == Double {
    /// The entries in the order of their keys on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0.key, $1.key) } }
}

extension Set where Element == Double {
    /// The elements in their order on the wire.
    @inlinable
    package var inWireOrder: [Element] { sorted { WireOrder.precedes($0, $1) } }
}
