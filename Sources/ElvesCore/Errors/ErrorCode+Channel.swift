/// The connections between the programs.
extension ErrorCode {
    /// The other program cannot be reached.
    package static let channelUnreachable = ErrorCode(
        "channel.unreachable", "The other program cannot be reached", 503, .operator, retryable: true,
        hint: "Check that it runs, and its address: elves doctor.")
    /// The connection broke during the call.
    package static let channelClosed = ErrorCode(
        "channel.closed", "The connection broke during the call", 502, .operator, retryable: true,
        hint: "Try again; if it happens often, look at the other program's log.")
    /// Too many calls in flight on one connection.
    package static let channelOverloaded = ErrorCode(
        "channel.overloaded", "Too many calls in flight on one connection", 503, .operator, retryable: true,
        hint: "Try again after a moment, or make fewer calls at once.")
    /// The other program does not want the connection.
    package static let channelRefused = ErrorCode(
        "channel.refused", "The other program does not want the connection", 403, .operator,
        hint: "The message says why; correct that and connect again.")
    /// No protocol version in common.
    package static let channelVersion = ErrorCode(
        "channel.version", "No protocol version in common", 505, .operator,
        hint: "Upgrade the older side: the center first, agents within two versions.")
    /// The peer showed no certificate.
    package static let channelIdentityMissing = ErrorCode(
        "channel.identity.missing", "The peer showed no certificate", 401, .operator,
        hint: "Every link is mutual TLS: give the peer a certificate of the center's CA.")
    /// The peer's certificate is not one of ours.
    package static let channelIdentityInvalid = ErrorCode(
        "channel.identity.invalid", "The peer's certificate is not one of ours", 401, .operator,
        hint: "Issue a certificate from the center's own CA, with an elves:// name.")
    /// The peer's certificate is out of date.
    package static let channelIdentityExpired = ErrorCode(
        "channel.identity.expired", "The peer's certificate is out of date", 401, .operator,
        hint: "Renew it, and check both clocks.")
    /// Two agents with one identity.
    package static let channelIdentityDuplicate = ErrorCode(
        "channel.identity.duplicate", "Two agents with one identity", 409, .operator,
        hint: "Give each machine its own certificate; a copied disk image must enrol anew.")
    /// An agent claims another's ip.
    package static let channelIdentityIp = ErrorCode(
        "channel.identity.ip", "An agent claims another's ip", 409, .operator,
        hint: "Free the ip of the other agent, or enrol this one with its own.")
    /// That role may not call this method.
    package static let channelRoleDenied = ErrorCode(
        "channel.role.denied", "That role may not call this method", 403, .operator,
        hint: "Use a certificate of the role that the method table names.")
    /// No such method.
    package static let channelMethodUnknown = ErrorCode(
        "channel.method.unknown", "No such method", 501, .operator,
        hint: "The two sides differ in version: upgrade the one that lacks the method.")
    /// A frame over the limit.
    package static let channelFrameTooLong = ErrorCode(
        "channel.frame.tooLong", "A frame over the limit", 413, .caller,
        hint: "A frame holds at most 16 MiB: send less at once.")
    /// Bytes that are no Thrift message.
    package static let channelMalformed = ErrorCode(
        "channel.malformed", "Bytes that are no Thrift message", 400, .elves,
        hint: "Something else speaks on that port, or one side has a bug: compare versions.")

    static let channel: [ErrorCode] = [
        channelUnreachable, channelClosed, channelOverloaded, channelRefused, channelVersion, channelIdentityMissing,
        channelIdentityInvalid, channelIdentityExpired, channelIdentityDuplicate, channelIdentityIp,
        channelRoleDenied, channelMethodUnknown, channelFrameTooLong, channelMalformed,
    ]
}
