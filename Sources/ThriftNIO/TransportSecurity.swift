internal import NIOCore
package import NIOSSL
package import Thrift

/// How a connection is protected, and by that who its peer is.
package enum TransportSecurity: Sendable {
    /// No protection; the peer is taken to be who this says. For Unix sockets, in-process peers and tests.
    case plaintext(peer: PeerIdentity)
    /// Mutual TLS: the peer's certificate names it.
    case mutualTLS(NIOSSLContext)
}

extension PeerIdentity {
    /// Reads the identity that a verified certificate names: a URI `elves://ROLE/INSTANCE` among its
    /// alternative names, and the first IP address, if there is one.
    package init(certificate: NIOSSLCertificate) throws(ThriftError) {
        var named: (role: String, instance: String)?
        var ip: String?
        for name in certificate._subjectAlternativeNames() {
            switch name.nameType {
            case .uri:
                let uri = String(decoding: name.contents, as: UTF8.self)
                if named == nil { named = Self.parse(uri) }
            case .ipAddress:
                if ip == nil { ip = Self.text(address: Array(name.contents)) }
            default: continue
            }
        }
        guard let named else {
            throw ThriftError(.identityInvalid, "the peer's certificate has no name of the form elves://role/instance")
        }
        // These stand for peers without a certificate, and for everyone.
        guard !["local", "none", "any"].contains(named.role) else {
            throw ThriftError(.identityInvalid, "no certificate can give its peer the role \(named.role)")
        }
        self.init(role: named.role, instance: named.instance, ip: ip)
    }

    private static func parse(_ uri: String) -> (role: String, instance: String)? {
        guard uri.hasPrefix("elves://") else { return nil }
        let parts = uri.dropFirst("elves://".count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    private static func text(address: [UInt8]) -> String? {
        switch address.count {
        case 4: return address.map(String.init).joined(separator: ".")
        case 16:
            let buffer = ByteBuffer(bytes: address)
            return try? SocketAddress(packedIPAddress: buffer, port: 0).ipAddress
        default: return nil
        }
    }
}
