/// A service that a connection can serve: its methods by name.
package protocol ThriftService: Sendable {
    /// The service's name on the wire.
    static var serviceName: String { get }
    /// Every method; authorisation and dispatch both read this one table.
    var methods: [ThriftMethod] { get }
}

/// A method and the code that decodes, calls and encodes.
package struct ThriftMethod: Sendable {
    package let descriptor: MethodDescriptor
    /// Answers with the encoded result fields, or nil for oneway. Throws what no exception declares.
    package let invoke: @Sendable (ThriftCall) async throws -> ThriftAnswer?

    /// Creates a method; generated code does.
    package init(
        _ descriptor: MethodDescriptor, invoke: @escaping @Sendable (ThriftCall) async throws -> ThriftAnswer?
    ) {
        self.descriptor = descriptor
        self.invoke = invoke
    }
}

/// A call that came in: the frame, where its arguments begin, and its context.
package struct ThriftCall: Sendable {
    package let frame: [UInt8]
    package let encoding: ThriftEncoding
    package let bodyOffset: Int
    package let sequence: Int32
    package let limits: ThriftLimits
    package let context: CallContext

    /// Creates a call; transports do.
    package init(
        frame: [UInt8], message: ThriftMessage, limits: ThriftLimits, context: CallContext
    ) {
        self.frame = frame
        self.limits = limits
        self.context = context
        encoding = message.encoding
        bodyOffset = message.bodyOffset
        sequence = message.sequence
    }

    /// Reads the argument struct: `fields` gets each field; it skips those that it does not know, the call
    /// header (32767) among them.
    @inlinable
    package func decode(
        _ fields: (ThriftField, inout ThriftReader) throws(ThriftError) -> Void
    ) throws(ThriftError) {
        try ThriftReader.reading(frame, from: bodyOffset, as: encoding, limits: limits) {
            reader throws(ThriftError) in
            let outer = try reader.beginStruct()
            while let field = try reader.nextField() { try fields(field, &reader) }
            reader.endStruct(outer)
        }
    }

    /// Encodes the answer: `fields` writes the fields of the result struct, without its begin and end.
    @inlinable
    package func answer(_ fields: (inout ThriftWriter) -> Void) -> ThriftAnswer {
        var writer = ThriftWriter(encoding)
        // Room for the frame's length, which the transport fills in.
        writer.putBigEndian(0 as UInt32)
        // libthrift's clients look for the bare name, also in answers to multiplexed calls.
        writer.beginMessage(.reply, name: context.method.method, sequence: sequence)
        let outer = writer.beginStruct()
        fields(&writer)
        writer.endStruct(outer)
        return ThriftAnswer(framed: writer.bytes())
    }
}

/// An encoded answer.
package struct ThriftAnswer: Sendable {
    /// Four bytes for the length, then the message.
    package let framed: [UInt8]

    @inlinable
    init(framed: [UInt8]) { self.framed = framed }
}

extension CallHeader {
    /// The field that carries it.
    package static let fieldID: Int16 = 32767

    /// Reads the header of a call without its arguments; a peer that sends none gets an empty one.
    package init(
        peeking frame: [UInt8], message: ThriftMessage, limits: ThriftLimits
    ) throws(ThriftError) {
        self = try ThriftReader.reading(frame, from: message.bodyOffset, as: message.encoding, limits: limits) {
            reader throws(ThriftError) in
            _ = try reader.beginStruct()
            guard let field = try reader.nextField(), field.id == Self.fieldID, field.type == .struct else {
                return CallHeader()
            }
            return try CallHeader(from: &reader)
        }
    }
}

extension ThriftWriter {
    /// Writes a whole call: four bytes for the length, opening, header, arguments.
    package mutating func writeCall(
        _ method: MethodDescriptor, sequence: Int32, header: CallHeader, arguments: (inout ThriftWriter) -> Void
    ) {
        putBigEndian(0 as UInt32)
        beginMessage(method.oneway ? .oneway : .call, name: method.wireName, sequence: sequence)
        let outer = beginStruct()
        if !header.isEmpty {
            field(.struct, CallHeader.fieldID)
            header.write(to: &self)
        }
        arguments(&self)
        endStruct(outer)
    }
}

extension CallHeader {
    var isEmpty: Bool { deadlineMs == nil && trace == nil && caller == nil && grant == nil }
}
