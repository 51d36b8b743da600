extension ThriftReader {
    func takeElementType(_ code: UInt8) throws(ThriftError) -> ThriftType {
        let type = encoding == .binary ? ThriftType(rawValue: code) : ThriftType(compactCode: code)
        guard let type, type != .stop else { throw Self.badType(code) }
        return type
    }

    /// A list's element type and count. An empty list may name any type, also none.
    mutating func listHeader() throws(ThriftError) -> (ThriftType, Int) {
        let first = try takeByte()
        switch encoding {
        case .binary:
            let count = try takeCount(Int(try takeBigEndian(Int32.self)))
            return (count == 0 ? .byte : try takeElementType(first), count)
        case .compact:
            let short = Int(first >> 4)
            let count = short < 15 ? short : try takeCount(Int(truncatingIfNeeded: try takeVarint()))
            return (count == 0 ? .byte : try takeElementType(first & 0x0F), count)
        }
    }

    /// A map's key type, value type and count.
    mutating func mapHeader() throws(ThriftError) -> (ThriftType, ThriftType, Int) {
        switch encoding {
        case .binary:
            let key = try takeByte()
            let value = try takeByte()
            let count = try takeCount(Int(try takeBigEndian(Int32.self)))
            if count == 0 { return (.byte, .byte, 0) }
            return (try takeElementType(key), try takeElementType(value), count)
        case .compact:
            let count = try takeCount(Int(truncatingIfNeeded: try takeVarint()))
            if count == 0 { return (.byte, .byte, 0) }
            let types = try takeByte()
            return (try takeElementType(types >> 4), try takeElementType(types & 0x0F), count)
        }
    }

    private func takeCount(_ count: Int) throws(ThriftError) -> Int {
        guard count >= 0 else { throw ThriftError(.invalidData, "a size is negative") }
        return count
    }

    /// Refuses a container that cannot fit into the bytes that are left.
    func checkFits(_ count: Int, minimum: Int) throws(ThriftError) {
        guard count <= remaining / minimum else {
            throw ThriftError(.tooLarge, "\(count) elements cannot fit into the \(remaining) bytes left")
        }
    }

    /// As `checkFits`, and takes the elements' memory from the frame's budget.
    @usableFromInline
    mutating func charge(_ count: Int, minimum: Int, stride: Int) throws(ThriftError) {
        try checkFits(count, minimum: minimum)
        let (bytes, overflow) = count.multipliedReportingOverflow(by: stride)
        guard !overflow, bytes <= budget else {
            throw ThriftError(.tooLarge, "containers take more than \(limits.containerBytes) bytes of memory")
        }
        budget -= bytes
    }

    @usableFromInline
    mutating func descend() throws(ThriftError) {
        guard depth < limits.nesting else {
            throw ThriftError(.tooDeep, "more than \(limits.nesting) levels of nesting")
        }
        depth += 1
    }

    @inlinable
    mutating func takeByte() throws(ThriftError) -> UInt8 {
        guard position < end else { throw Self.truncated }
        let byte = base.load(fromByteOffset: position, as: UInt8.self)
        position += 1
        return byte
    }

    @inlinable
    mutating func takeBigEndian<Number: FixedWidthInteger>(_ type: Number.Type) throws(ThriftError) -> Number {
        let size = MemoryLayout<Number>.size
        guard end - position >= size else { throw Self.truncated }
        let value = base.loadUnaligned(fromByteOffset: position, as: Number.self)
        position += size
        return Number(bigEndian: value)
    }

    @usableFromInline
    mutating func takeVarint() throws(ThriftError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try takeByte()
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                // The tenth byte has room for one bit only.
                guard shift < 63 || byte <= 1 else { throw ThriftError(.invalidData, "varint above 64 bits") }
                return value
            }
            shift += 7
            guard shift < 70 else { throw ThriftError(.invalidData, "varint longer than 10 bytes") }
        }
    }

    @usableFromInline
    mutating func takeZigzag32() throws(ThriftError) -> Int32 {
        guard let value = UInt32(exactly: try takeVarint()) else {
            throw ThriftError(.invalidData, "number does not fit 32 bits")
        }
        return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }

    mutating func takeSized() throws(ThriftError) -> UnsafeRawBufferPointer {
        let size: Int
        switch encoding {
        case .binary: size = Int(try takeBigEndian(Int32.self))
        case .compact: size = Int(truncatingIfNeeded: try takeVarint())
        }
        guard size >= 0 else { throw ThriftError(.invalidData, "a size is negative") }
        guard size <= remaining else {
            throw ThriftError(.tooLarge, "\(size) bytes announced, \(remaining) left")
        }
        let bytes = UnsafeRawBufferPointer(start: base + position, count: size)
        position += size
        return bytes
    }

    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        var bits: UInt64 = 0
        while offset + 8 <= bytes.count {
            bits |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < bytes.count {
            bits |= UInt64(bytes[offset])
            offset += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }

    mutating func advance(_ count: Int) throws(ThriftError) {
        guard remaining >= count else { throw Self.truncated }
        position += count
    }

    @usableFromInline
    static var truncated: ThriftError { ThriftError(.truncated, "the bytes end inside a value") }

    @usableFromInline
    static func badType(_ code: UInt8) -> ThriftError { ThriftError(.invalidData, "no type has the number \(code)") }
}
