/// What went wrong in encoding, decoding or calling.
package struct ThriftError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; an open set, so that new ones break no switch.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }

        /// The bytes end before the value does.
        package static let truncated = Code("truncated")
        /// A size on the wire is above a limit, or above what the frame still holds.
        package static let tooLarge = Code("too large")
        /// Structs and containers are nested too deeply.
        package static let tooDeep = Code("too deep")
        /// The bytes are not what the protocol allows.
        package static let invalidData = Code("invalid data")
        /// A `required` field is absent.
        package static let missingField = Code("missing field")
        /// The peer serves no such method.
        package static let unknownMethod = Code("unknown method")
        /// The peer's identity may not call the method.
        package static let denied = Code("denied")
        /// Too many calls are in flight; nothing was started.
        package static let overloaded = Code("overloaded")
        /// No connection: the call was never sent.
        package static let notConnected = Code("not connected")
        /// The connection ended after the call was sent; whether it ran is unknown.
        package static let connectionLost = Code("connection lost")
        /// The deadline passed before an answer.
        package static let deadlineExceeded = Code("deadline exceeded")
        /// The caller gave up.
        package static let cancelled = Code("cancelled")
        /// The two sides do not go together, or the peer did not want us.
        package static let refused = Code("refused")
        /// No protocol version in common.
        package static let versionMismatch = Code("no common version")
        /// The peer showed no certificate.
        package static let identityMissing = Code("no certificate")
        /// A certificate that the side it was shown to does not take.
        package static let identityInvalid = Code("invalid certificate")
        /// A certificate that is out of date.
        package static let identityExpired = Code("expired certificate")
        /// A living connection has the newcomer's identity already.
        package static let identityInUse = Code("identity in use")
        /// A living connection has the newcomer's address already.
        package static let addressInUse = Code("address in use")
        /// The peer failed in a way that it did not declare.
        package static let internalError = Code("internal error")
    }

    package let code: Code
    package let message: String

    /// Creates an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code): \(message)" }
}
