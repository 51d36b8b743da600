/// Writes values in either protocol into memory that grows.
///
/// The order of calls for a struct: `beginStruct`, then `field` and a value for each field (`boolField`
/// for a `bool`), then `endStruct` with what `beginStruct` returned.
package struct ThriftWriter: ~Copyable {
    package let encoding: ThriftEncoding
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    /// Bytes written so far.
    package private(set) var count: Int {
        @inlinable get { end }
        set { end = newValue }
    }
    @usableFromInline var end = 0
    @usableFromInline var lastField: Int16 = 0

    /// Creates an empty writer; `capacity` is a first guess in bytes.
    package init(_ encoding: ThriftEncoding, capacity: Int = 512) {
        self.encoding = encoding
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Forgets what was written and keeps the memory.
    package mutating func reset() {
        end = 0
        lastField = 0
    }

    /// A copy of what was written.
    package func bytes() -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: base, count: end))
    }

    /// Lends what was written for the length of `body`.
    @inlinable
    package func withBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(UnsafeRawBufferPointer(start: base, count: end))
    }

    /// Replaces the four bytes at `offset` by a big-endian number: for a length known only at the end.
    package mutating func patch(_ value: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= end)
        base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    // MARK: Structs

    /// Starts a struct; give the answer to `endStruct`.
    @inlinable
    package mutating func beginStruct() -> Int16 {
        let outer = lastField
        lastField = 0
        return outer
    }

    /// Writes the stop byte and goes back to the struct around.
    @inlinable
    package mutating func endStruct(_ outer: Int16) {
        put(0)
        lastField = outer
    }

    /// Announces a field that is not a `bool`.
    @inlinable
    package mutating func field(_ type: ThriftType, _ id: Int16) {
        switch encoding {
        case .binary:
            reserve(3)
            base.storeBytes(of: type.rawValue, toByteOffset: end, as: UInt8.self)
            base.storeBytes(of: id.bigEndian, toByteOffset: end + 1, as: Int16.self)
            end += 3
        case .compact:
            compactField(type.compactCode, id)
        }
    }

    /// Writes a `bool` field whole: Compact keeps the value in the field's type.
    @inlinable
    package mutating func boolField(_ id: Int16, _ value: Bool) {
        switch encoding {
        case .binary:
            field(.bool, id)
            put(value ? 1 : 0)
        case .compact:
            compactField(value ? 1 : 2, id)
        }
    }

    @usableFromInline
    mutating func compactField(_ code: UInt8, _ id: Int16) {
        let delta = Int(id) - Int(lastField)
        if delta > 0 && delta <= 15 {
            put(UInt8(delta) << 4 | code)
        } else {
            put(code)
            putVarint(UInt64(Self.zigzag(Int32(id))))
        }
        lastField = id
    }

    // MARK: Values

    /// Writes a `bool` inside a container.
    @inlinable
    package mutating func writeBool(_ value: Bool) {
        put(encoding == .binary ? (value ? 1 : 0) : (value ? 1 : 2))
    }

    @inlinable
    package mutating func writeByte(_ value: Int8) { put(UInt8(bitPattern: value)) }

    @inlinable
    package mutating func writeInt16(_ value: Int16) {
        switch encoding {
        case .binary: putBigEndian(value)
        case .compact: putVarint(UInt64(Self.zigzag(Int32(value))))
        }
    }

    @inlinable
    package mutating func writeInt32(_ value: Int32) {
        switch encoding {
        case .binary: putBigEndian(value)
        case .compact: putVarint(UInt64(Self.zigzag(value)))
        }
    }

    @inlinable
    package mutating func writeInt64(_ value: Int64) {
        switch encoding {
        case .binary: putBigEndian(value)
        case .compact: putVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
        }
    }

    /// Big-endian in Binary, little-endian in Compact.
    @inlinable
    package mutating func writeDouble(_ value: Double) {
        reserve(8)
        let bits = encoding == .binary ? value.bitPattern.bigEndian : value.bitPattern.littleEndian
        base.storeBytes(of: bits, toByteOffset: end, as: UInt64.self)
        end += 8
    }

    /// Writes text as UTF-8 with its length in bytes.
    package mutating func writeString(_ value: String) {
        var value = value
        value.withUTF8 { putSized(UnsafeRawBufferPointer($0)) }
    }

    package mutating func writeBinary(_ value: [UInt8]) {
        value.withUnsafeBytes { putSized($0) }
    }

    package mutating func writeEnum(_ value: some ThriftEnum) { writeInt32(value.rawValue) }

    // MARK: Containers

    /// Announces a list or set; its elements follow.
    package mutating func beginList(of element: ThriftType, count: Int) {
        switch encoding {
        case .binary:
            put(element.rawValue)
            putBigEndian(Int32(count))
        case .compact where count < 15:
            put(UInt8(count) << 4 | element.compactCode)
        case .compact:
            put(0xF0 | element.compactCode)
            putVarint(UInt64(count))
        }
    }

    /// Announces a map; a key and a value follow for each entry.
    package mutating func beginMap(key: ThriftType, value: ThriftType, count: Int) {
        switch encoding {
        case .binary:
            put(key.rawValue)
            put(value.rawValue)
            putBigEndian(Int32(count))
        case .compact where count == 0:
            put(0)
        case .compact:
            putVarint(UInt64(count))
            put(key.compactCode << 4 | value.compactCode)
        }
    }

    // MARK: Bytes

    @inlinable
    package mutating func put(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
    }

    @inlinable
    package mutating func putBigEndian<Number: FixedWidthInteger>(_ value: Number) {
        reserve(MemoryLayout<Number>.size)
        base.storeBytes(of: value.bigEndian, toByteOffset: end, as: Number.self)
        end += MemoryLayout<Number>.size
    }

    @inlinable
    package mutating func putVarint(_ value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: end, as: UInt8.self)
            end += 1
            rest >>= 7
        }
        base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: end, as: UInt8.self)
        end += 1
    }

    /// Appends bytes as they are: an already encoded value.
    package mutating func putRaw(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (base + end).copyMemory(from: source, byteCount: bytes.count)
        end += bytes.count
    }

    mutating func putSized(_ bytes: UnsafeRawBufferPointer) {
        switch encoding {
        case .binary: putBigEndian(Int32(bytes.count))
        case .compact: putVarint(UInt64(bytes.count))
        }
        putRaw(bytes)
    }

    @inlinable
    static func zigzag(_ value: Int32) -> UInt32 { UInt32(bitPattern: (value << 1) ^ (value >> 31)) }

    @inlinable
    mutating func reserve(_ more: Int) {
        if end + more > capacity { grow(to: end + more) }
    }

    @usableFromInline
    mutating func grow(to needed: Int) {
        let larger = max(needed, capacity * 2)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memory.copyMemory(from: base, byteCount: end)
        base.deallocate()
        base = memory
        capacity = larger
    }
}
