/// A field as a struct announces it.
package struct ThriftField: Sendable, Hashable {
    package let type: ThriftType
    package let id: Int16

    @inlinable
    init(type: ThriftType, id: Int16) {
        self.type = type
        self.id = id
    }
}

/// Reads values in either protocol from memory that it does not own.
///
/// Every size is checked against the limits and against the bytes that are left before anything is
/// allocated. The order of calls for a struct: `beginStruct`, `nextField` until it returns nil, with a
/// read or a `skip` for each field, then `endStruct` with what `beginStruct` returned.
package struct ThriftReader: ~Copyable {
    package let encoding: ThriftEncoding
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let end: Int
    @usableFromInline let limits: ThriftLimits
    /// Bytes read so far.
    @usableFromInline package internal(set) var position: Int
    @usableFromInline var depth = 0
    @usableFromInline var budget: Int
    @usableFromInline var lastField: Int16 = 0
    @usableFromInline var fieldBool = false
    @usableFromInline var hasFieldBool = false

    @usableFromInline
    init(_ bytes: UnsafeRawBufferPointer, from offset: Int, as encoding: ThriftEncoding, limits: ThriftLimits) {
        self.encoding = encoding
        // An empty buffer may have no address; `end` of 0 keeps every read away from it.
        base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped
        end = bytes.count
        position = min(max(offset, 0), bytes.count)
        self.limits = limits
        budget = limits.containerBytes
    }

    /// Lends `body` a reader over the bytes from `offset` on.
    @inlinable
    package static func reading<Value>(
        _ bytes: [UInt8], from offset: Int = 0, as encoding: ThriftEncoding, limits: ThriftLimits = .standard,
        _ body: (inout ThriftReader) throws(ThriftError) -> Value
    ) throws(ThriftError) -> Value {
        let result: Result<Value, ThriftError> = bytes.withUnsafeBytes { raw in
            var reader = ThriftReader(raw, from: offset, as: encoding, limits: limits)
            do throws(ThriftError) { return .success(try body(&reader)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Bytes not read yet.
    @inlinable
    package var remaining: Int { end - position }

    // MARK: Structs

    /// Starts a struct; give the answer to `endStruct`.
    @inlinable
    package mutating func beginStruct() throws(ThriftError) -> Int16 {
        try descend()
        let outer = lastField
        lastField = 0
        return outer
    }

    /// Goes back to the struct around. The stop byte was read by `nextField`.
    @inlinable
    package mutating func endStruct(_ outer: Int16) {
        depth -= 1
        lastField = outer
    }

    /// The next field, or nil at the stop byte.
    @inlinable
    package mutating func nextField() throws(ThriftError) -> ThriftField? {
        let first = try takeByte()
        if first == 0 { return nil }
        switch encoding {
        case .binary:
            guard let type = ThriftType(rawValue: first) else { throw Self.badType(first) }
            return ThriftField(type: type, id: try takeBigEndian(Int16.self))
        case .compact:
            return try compactField(first)
        }
    }

    @usableFromInline
    mutating func compactField(_ first: UInt8) throws(ThriftError) -> ThriftField {
        let code = first & 0x0F
        guard let type = ThriftType(compactCode: code), type != .stop else { throw Self.badType(code) }
        let delta = Int16(first >> 4)
        let id: Int16
        if delta == 0 {
            id = try readInt16()
        } else {
            let (sum, overflow) = lastField.addingReportingOverflow(delta)
            guard !overflow else { throw ThriftError(.invalidData, "field id above 32767") }
            id = sum
        }
        lastField = id
        if type == .bool {
            fieldBool = code == 1
            hasFieldBool = true
        }
        return ThriftField(type: type, id: id)
    }

    // MARK: Values

    /// Reads a `bool`, of a field or inside a container.
    @inlinable
    package mutating func readBool() throws(ThriftError) -> Bool {
        if hasFieldBool {
            hasFieldBool = false
            return fieldBool
        }
        return try takeByte() == 1
    }

    @inlinable
    package mutating func readByte() throws(ThriftError) -> Int8 { Int8(bitPattern: try takeByte()) }

    @inlinable
    package mutating func readInt16() throws(ThriftError) -> Int16 {
        switch encoding {
        case .binary: return try takeBigEndian(Int16.self)
        case .compact:
            guard let value = Int16(exactly: try takeZigzag32()) else {
                throw ThriftError(.invalidData, "number does not fit 16 bits")
            }
            return value
        }
    }

    @inlinable
    package mutating func readInt32() throws(ThriftError) -> Int32 {
        switch encoding {
        case .binary: try takeBigEndian(Int32.self)
        case .compact: try takeZigzag32()
        }
    }

    @inlinable
    package mutating func readInt64() throws(ThriftError) -> Int64 {
        switch encoding {
        case .binary: return try takeBigEndian(Int64.self)
        case .compact:
            let value = try takeVarint()
            return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
        }
    }

    @inlinable
    package mutating func readDouble() throws(ThriftError) -> Double {
        let bits = try takeBigEndian(UInt64.self)
        return Double(bitPattern: encoding == .binary ? bits : bits.byteSwapped)
    }

    /// Reads text; bytes that are not UTF-8 are an error.
    package mutating func readString() throws(ThriftError) -> String {
        let bytes = try takeSized()
        // Most text is ASCII, for which a check of our own and the decoder that cannot fail take a fifth of
        // the validating one's time.
        if Self.isASCII(bytes) { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ThriftError(.invalidData, "a string is not UTF-8")
        }
        return text
    }

    package mutating func readBinary() throws(ThriftError) -> [UInt8] { [UInt8](try takeSized()) }

    @inlinable
    package mutating func readEnum<Value: ThriftEnum>(_ type: Value.Type = Value.self) throws(ThriftError) -> Value {
        Value(rawValue: try readInt32())
    }

    // MARK: Containers

    /// Reads a list; `element` reads one.
    @inlinable
    package mutating func readList<Element>(
        of type: ThriftType, _ element: (inout ThriftReader) throws(ThriftError) -> Element
    ) throws(ThriftError) -> [Element] {
        let count = try beginList(of: type, stride: MemoryLayout<Element>.stride)
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try element(&self)) }
        depth -= 1
        return list
    }

    /// Reads a set; a repeated element counts once.
    @inlinable
    package mutating func readSet<Element: Hashable>(
        of type: ThriftType, _ element: (inout ThriftReader) throws(ThriftError) -> Element
    ) throws(ThriftError) -> Set<Element> {
        let count = try beginList(of: type, stride: MemoryLayout<Element>.stride * 2)
        var set = Set<Element>(minimumCapacity: count)
        for _ in 0..<count { set.insert(try element(&self)) }
        depth -= 1
        return set
    }

    /// Reads a map; of a repeated key the last value counts.
    @inlinable
    package mutating func readMap<Key: Hashable, Value>(
        key keyType: ThriftType, value valueType: ThriftType,
        _ key: (inout ThriftReader) throws(ThriftError) -> Key,
        _ value: (inout ThriftReader) throws(ThriftError) -> Value
    ) throws(ThriftError) -> [Key: Value] {
        let stride = (MemoryLayout<Key>.stride + MemoryLayout<Value>.stride) * 2
        let count = try beginMap(key: keyType, value: valueType, stride: stride)
        var map = [Key: Value](minimumCapacity: count)
        for _ in 0..<count {
            let newKey = try key(&self)
            map[newKey] = try value(&self)
        }
        depth -= 1
        return map
    }

    @usableFromInline
    mutating func beginList(of expected: ThriftType, stride: Int) throws(ThriftError) -> Int {
        let (type, count) = try listHeader()
        guard count == 0 || type == expected else {
            throw ThriftError(.invalidData, "elements are \(type), expected \(expected)")
        }
        try charge(count, minimum: type.minimumSize(in: encoding), stride: stride)
        try descend()
        return count
    }

    @usableFromInline
    mutating func beginMap(key: ThriftType, value: ThriftType, stride: Int) throws(ThriftError) -> Int {
        let (keyType, valueType, count) = try mapHeader()
        guard count == 0 || (keyType == key && valueType == value) else {
            throw ThriftError(.invalidData, "entries are \(keyType) to \(valueType), expected \(key) to \(value)")
        }
        let minimum = keyType.minimumSize(in: encoding) + valueType.minimumSize(in: encoding)
        try charge(count, minimum: minimum, stride: stride)
        try descend()
        return count
    }

    // MARK: Skipping

    /// Skips a value of a field that the reader does not know.
    package mutating func skip(_ type: ThriftType) throws(ThriftError) {
        switch type {
        case .stop: throw Self.badType(0)
        case .bool: _ = try readBool()
        case .byte: try advance(1)
        case .double: try advance(8)
        case .i16: _ = try readInt16()
        case .i32: _ = try readInt32()
        case .i64: _ = try readInt64()
        case .string: _ = try takeSized()
        case .struct:
            let outer = try beginStruct()
            while let field = try nextField() { try skip(field.type) }
            endStruct(outer)
        case .list, .set:
            let (element, count) = try listHeader()
            try checkFits(count, minimum: element.minimumSize(in: encoding))
            try descend()
            for _ in 0..<count { try skip(element) }
            depth -= 1
        case .map:
            let (key, value, count) = try mapHeader()
            try checkFits(count, minimum: key.minimumSize(in: encoding) + value.minimumSize(in: encoding))
            try descend()
            for _ in 0..<count {
                try skip(key)
                try skip(value)
            }
            depth -= 1
        }
    }
}
