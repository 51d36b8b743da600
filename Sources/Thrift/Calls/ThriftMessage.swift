/// What a frame is: a call or an answer to one.
package enum ThriftMessageType: UInt8, Sendable {
    case call = 1
    case reply = 2
    case exception = 3
    case oneway = 4
}

/// A frame's opening: name, kind and number. The argument or result struct follows at `bodyOffset`.
package struct ThriftMessage: Sendable, Hashable {
    package let encoding: ThriftEncoding
    package let type: ThriftMessageType
    /// `Service:method`, or the bare method name from a peer that does not multiplex.
    package let name: String
    package let sequence: Int32
    /// Where the struct begins in the frame.
    package let bodyOffset: Int

    /// Reads the opening of a frame; the protocol is told by its first byte.
    package init(parsing frame: [UInt8], limits: ThriftLimits = .standard) throws(ThriftError) {
        switch frame.first {
        case 0x80: self = try Self.parse(frame, .binary, limits)
        case 0x82: self = try Self.parse(frame, .compact, limits)
        default: throw ThriftError(.invalidData, "a frame begins like neither the Binary nor the Compact protocol")
        }
    }

    private init(_ encoding: ThriftEncoding, type: UInt8, name: String, sequence: Int32, at offset: Int)
        throws(ThriftError)
    {
        guard let type = ThriftMessageType(rawValue: type) else {
            throw ThriftError(.invalidData, "no message type has the number \(type)")
        }
        self.encoding = encoding
        self.type = type
        self.name = name
        self.sequence = sequence
        bodyOffset = offset
    }

    private static func parse(
        _ frame: [UInt8], _ encoding: ThriftEncoding, _ limits: ThriftLimits
    ) throws(ThriftError) -> ThriftMessage {
        try ThriftReader.reading(frame, as: encoding, limits: limits) { reader throws(ThriftError) in
            switch encoding {
            case .binary:
                let word = try reader.takeBigEndian(UInt32.self)
                guard word >> 16 == 0x8001 else { throw ThriftError(.invalidData, "not Binary protocol version 1") }
                let name = try reader.readString()
                let sequence = try reader.takeBigEndian(Int32.self)
                return try ThriftMessage(
                    .binary, type: UInt8(word & 0xFF), name: name, sequence: sequence, at: reader.position)
            case .compact:
                _ = try reader.takeByte()
                let second = try reader.takeByte()
                guard second & 0x1F == 1 else { throw ThriftError(.invalidData, "not Compact protocol version 1") }
                let sequence = Int32(truncatingIfNeeded: try reader.takeVarint())
                let name = try reader.readString()
                return try ThriftMessage(
                    .compact, type: second >> 5, name: name, sequence: sequence, at: reader.position)
            }
        }
    }
}

extension ThriftWriter {
    /// Writes a message's opening; its struct follows.
    package mutating func beginMessage(_ type: ThriftMessageType, name: String, sequence: Int32) {
        switch encoding {
        case .binary:
            putBigEndian(0x8001_0000 as UInt32 | UInt32(type.rawValue))
            writeString(name)
            putBigEndian(sequence)
        case .compact:
            put(0x82)
            put(type.rawValue << 5 | 1)
            putVarint(UInt64(UInt32(bitPattern: sequence)))
            writeString(name)
        }
    }
}
