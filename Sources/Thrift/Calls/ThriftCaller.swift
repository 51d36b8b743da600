/// One end of a connection, as the side that calls sees it.
package protocol ThriftCaller: Sendable {
    /// Sends a call and waits for its answer.
    ///
    /// `arguments` writes the fields of the argument struct, without its begin and end; it runs before the
    /// first suspension. A oneway call returns nil once it is queued.
    /// - Throws: `ThriftError`, whose code tells whether the call may have run: `notConnected`, `overloaded` and
    ///   `tooLarge` mean that it did not, `connectionLost` and `deadlineExceeded` that nobody knows, and
    ///   `invalidData` that its answer cannot be read.
    func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply?
}

/// The answer to a call: a frame whose result struct begins at `bodyOffset`.
package struct ThriftReply: Sendable {
    package let frame: [UInt8]
    package let encoding: ThriftEncoding
    package let bodyOffset: Int
    package let limits: ThriftLimits

    /// Creates a reply; transports do.
    package init(
        frame: [UInt8], encoding: ThriftEncoding, bodyOffset: Int, limits: ThriftLimits = .standard
    ) {
        self.frame = frame
        self.encoding = encoding
        self.bodyOffset = bodyOffset
        self.limits = limits
    }

    /// Reads the result struct: `fields` gets each field but the call header.
    @inlinable
    package func decode(
        _ fields: (ThriftField, inout ThriftReader) throws(ThriftError) -> Void
    ) throws(ThriftError) {
        do throws(ThriftError) {
            try ThriftReader.reading(frame, from: bodyOffset, as: encoding, limits: limits) {
                reader throws(ThriftError) in
                let outer = try reader.beginStruct()
                while let field = try reader.nextField() { try fields(field, &reader) }
                reader.endStruct(outer)
            }
        } catch {
            throw error.inAnswer
        }
    }
}

extension ThriftError {
    /// The same trouble, met while reading an answer. `tooLarge` is kept for calls that were not sent: a caller
    /// must not take an answer that cannot be read for a call that never ran.
    package var inAnswer: ThriftError {
        code == .tooLarge ? ThriftError(.invalidData, "the answer cannot be read: \(message)") : self
    }
}

extension MethodDescriptor {
    /// The error for an answer that has neither a value nor a declared exception.
    package var missingResult: ThriftError {
        ThriftError(.internalError, "\(wireName) answered without a result")
    }
}
