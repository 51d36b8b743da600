internal import NIOSSL
package import ThriftNIO

/// This process's certificate and key, and the authority that it trusts: files in PEM form.
package struct TLSIdentity: Sendable {
    private let certificates: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey
    private let authority: [NIOSSLCertificate]

    /// Reads the three files.
    ///
    /// - Throws: `IdentityError` that names the file and what is wrong with it.
    package init(certificate: String, key: String, authority: String) throws(IdentityError) {
        certificates = try Self.read(certificate) { try NIOSSLCertificate.fromPEMFile($0) }
        self.key = try Self.read(key) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        self.authority = try Self.read(authority) { try NIOSSLCertificate.fromPEMFile($0) }
    }

    /// Mutual TLS for a listener: a peer without a certificate of the authority gets no connection.
    package func server() throws -> TransportSecurity {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.trustRoots = .certificates(authority)
        configuration.certificateVerification = .noHostnameVerification
        configuration.minimumTLSVersion = .tlsv13
        return .mutualTLS(try NIOSSLContext(configuration: configuration))
    }

    /// Mutual TLS for a dialler; who answered is told by the certificate's role, not by a host name.
    package func client() throws -> TransportSecurity {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = certificates.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = .certificates(authority)
        configuration.certificateVerification = .noHostnameVerification
        configuration.minimumTLSVersion = .tlsv13
        return .mutualTLS(try NIOSSLContext(configuration: configuration))
    }

    private static func read<Value>(
        _ path: String, _ read: (String) throws -> Value
    ) throws(IdentityError) -> Value {
        do { return try read(path) } catch {
            throw IdentityError(path: path, reason: "\(error)")
        }
    }
}

/// A certificate or key file that cannot be used.
package struct IdentityError: Error, Sendable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String {
        "cannot read \(path): \(reason). It should be a PEM file that this user may read; "
            + "`elves up` makes certificates, and an operator issues them for other machines"
    }
}
