internal import NIOCore
internal import NIOSSL
internal import Thrift

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension ThriftError {
    /// What ended a connection, in words that say which side has to change what.
    ///
    /// BoringSSL names its reasons in capitals; an alert is what the peer said, anything else this side found.
    ///
    /// - Parameters:
    ///   - shown: the certificate that the peer showed, if it came that far.
    ///   - shaking: the peer's identity was not known yet.
    init(connection error: any Error, shown: NIOSSLCertificate?, shaking: Bool) {
        let text: String
        switch error {
        case NIOSSLError.handshakeFailed(let reason): text = "\(reason)"
        // Over TLS 1.3 the word of a peer that does not take our certificate comes after our handshake.
        case let reason as BoringSSLError: text = "\(reason)"
        case let broken as IOError where shaking:
            self.init(.refused, "\(Self.endedEarly) (\(broken))")
            return
        default:
            self.init(.refused, "\(error)")
            return
        }
        let known = Self.reasons.first { reason in reason.marks.contains { Self.has(text, $0) } }
        guard let known else {
            self.init(.refused, "the TLS handshake failed: \(text)")
            return
        }
        if known.code == .identityInvalid, let shown, Self.has(text, "CERTIFICATE_VERIFY_FAILED") {
            let name = (try? PeerIdentity(certificate: shown)).map { " of \($0)" } ?? ""
            let now = time(nil)
            guard shown.notValidAfter >= now else {
                self.init(.identityExpired, "the peer's certificate\(name) is out of date")
                return
            }
            guard shown.notValidBefore <= now else {
                self.init(.identityExpired, "the peer's certificate\(name) is not valid yet; compare the clocks")
                return
            }
            self.init(
                .identityInvalid,
                "the peer's certificate\(name) is not of the authority that is trusted here, or not for this use")
            return
        }
        self.init(known.code, known.words)
    }

    /// Whether the mark stands in the text. The standard library's `contains` would bring its regular expressions
    /// into the agent, over a megabyte of them.
    private static func has(_ text: String, _ mark: String) -> Bool {
        let text = Array(text.utf8)
        let mark = Array(mark.utf8)
        guard text.count >= mark.count else { return false }
        return (0...(text.count - mark.count)).contains { text[$0..<($0 + mark.count)].elementsEqual(mark) }
    }

    private static let endedEarly = "the peer ended the connection during the TLS handshake"

    private static let reasons: [(marks: [String], code: Code, words: String)] = [
        (
            ["ALERT_CERTIFICATE_EXPIRED"], .identityExpired,
            "the peer says that this side's certificate is out of date, or not valid yet"
        ),
        (["ALERT_CERTIFICATE_REQUIRED"], .identityMissing, "the peer wants a certificate, and this side showed none"),
        (
            [
                "ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE_UNKNOWN",
                "ALERT_UNSUPPORTED_CERTIFICATE",
            ],
            .identityInvalid, "the peer does not take this side's certificate"
        ),
        (["PEER_DID_NOT_RETURN_A_CERTIFICATE"], .identityMissing, "the peer showed no certificate"),
        (
            ["CERTIFICATE_VERIFY_FAILED"], .identityInvalid,
            "the peer's certificate is not of the authority that is trusted here, or is out of date"
        ),
        (
            ["ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"], .refused,
            "the two sides have no TLS version in common; TLS 1.3 is needed"
        ),
        (["WRONG_VERSION_NUMBER", "HTTP_REQUEST"], .refused, "the peer does not speak TLS"),
        (["EOF during handshake"], .refused, endedEarly),
    ]
}
