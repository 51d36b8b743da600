import ElvesCore
import ServiceCore
import Testing
import Thrift

/// The codes under which logs, people and `/api/v3` hear of what went wrong between two programs.
@Suite struct ThriftErrorRegistryTests {
    @Test(
        arguments: [
            (.denied, "channel.role.denied"), (.identityMissing, "channel.identity.missing"),
            (.identityInvalid, "channel.identity.invalid"), (.identityExpired, "channel.identity.expired"),
            (.identityInUse, "channel.identity.duplicate"), (.addressInUse, "channel.identity.ip"),
            (.refused, "channel.refused"), (.versionMismatch, "channel.version"), (.invalidData, "channel.malformed"),
            (.truncated, "channel.malformed"), (.missingField, "channel.malformed"),
            (.tooLarge, "channel.frame.tooLong"), (.tooDeep, "channel.frame.tooLong"),
            (.overloaded, "channel.overloaded"), (.notConnected, "channel.unreachable"),
            (.connectionLost, "channel.closed"), (.unknownMethod, "channel.method.unknown"),
            (.deadlineExceeded, "elves.deadline"), (.cancelled, "elves.cancelled"), (.internalError, "elves.internal"),
        ] as [(ThriftError.Code, String)])
    func eachKindHasItsCode(kind: ThriftError.Code, code: String) {
        #expect(ThriftError(kind, "why").registered.code == code)
    }
}
