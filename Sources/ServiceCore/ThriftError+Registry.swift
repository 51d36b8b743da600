package import ElvesCore
package import Thrift

extension ThriftError {
    /// The registry's entry for it, for logs.
    package var registered: ErrorCode {
        switch code {
        case .notConnected: .channelUnreachable
        case .connectionLost: .channelClosed
        case .overloaded: .channelOverloaded
        case .deadlineExceeded: .elvesDeadline
        case .cancelled: .elvesCancelled
        case .denied: .channelRoleDenied
        case .refused: .channelRefused
        case .versionMismatch: .channelVersion
        case .identityMissing: .channelIdentityMissing
        case .identityInvalid: .channelIdentityInvalid
        case .identityExpired: .channelIdentityExpired
        case .identityInUse: .channelIdentityDuplicate
        case .addressInUse: .channelIdentityIp
        case .unknownMethod: .channelMethodUnknown
        case .tooLarge, .tooDeep: .channelFrameTooLong
        case .truncated, .invalidData, .missingField: .channelMalformed
        default: .elvesInternal
        }
    }
}
