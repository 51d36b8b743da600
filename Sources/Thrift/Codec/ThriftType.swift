/// A value's type on the wire, numbered as the Binary protocol numbers it.
package enum ThriftType: UInt8, Sendable, CaseIterable {
    case stop = 0
    case bool = 2
    case byte = 3
    case double = 4
    case i16 = 6
    case i32 = 8
    case i64 = 10
    /// Both `string` and `binary`.
    case string = 11
    case `struct` = 12
    case map = 13
    case set = 14
    case list = 15

    /// The Compact protocol's number for this type; a `bool` inside a container is 1.
    @inlinable
    package var compactCode: UInt8 {
        switch self {
        case .stop: 0
        case .bool: 1
        case .byte: 3
        case .i16: 4
        case .i32: 5
        case .i64: 6
        case .double: 7
        case .string: 8
        case .list: 9
        case .set: 10
        case .map: 11
        case .struct: 12
        }
    }

    /// The type that a Compact number stands for; 1 and 2 are both `bool`.
    @inlinable
    package init?(compactCode: UInt8) {
        switch compactCode {
        case 0: self = .stop
        case 1, 2: self = .bool
        case 3: self = .byte
        case 4: self = .i16
        case 5: self = .i32
        case 6: self = .i64
        case 7: self = .double
        case 8: self = .string
        case 9: self = .list
        case 10: self = .set
        case 11: self = .map
        case 12: self = .struct
        default: return nil
        }
    }

    /// The fewest bytes that a value of this type takes.
    @inlinable
    package func minimumSize(in encoding: ThriftEncoding) -> Int {
        switch (self, encoding) {
        case (.double, _): 8
        case (.i16, .binary): 2
        case (.i32, .binary), (.string, .binary): 4
        case (.i64, .binary): 8
        case (.list, .binary), (.set, .binary): 5
        case (.map, .binary): 6
        default: 1
        }
    }
}

/// Which of the two protocols a frame is written in.
package enum ThriftEncoding: Sendable, Hashable {
    case binary
    case compact
}
