internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// A private certificate authority: it says which program is which, to programs that trust only it.
///
/// Its folder holds `authority.pem` and `authority-key.pem`, mode 0600. Whoever has the key can be
/// any component or agent: keep it on the machine that issues, and nowhere else.
package struct CertificateAuthority: Sendable {
    /// The authority's own certificate, PEM; every program trusts this one.
    package let certificate: String
    private let subject: DistinguishedName
    private let identifier: SubjectKeyIdentifier
    private let key: P256.Signing.PrivateKey

    /// Why an authority cannot be used, or will not issue.
    package struct Failure: Error, CustomStringConvertible {
        /// What was wrong, and what would be right.
        package let description: String
    }

    private static let validFor = Duration.seconds(10 * 365 * 86_400)
    /// Clocks of machines differ; certificates are valid from a little before they were made.
    private static let backdated = 300.0

    // MARK: Make and load

    /// Makes a new authority in the folder, which must be there and hold none yet.
    ///
    /// - Parameter now: UTC milliseconds.
    package static func create(in folder: String, now: Int64) throws -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let signer = Certificate.PrivateKey(key)
        let subject = try DistinguishedName {
            CommonName("Elves private authority \(String(UInt32.random(in: 0 ... .max), radix: 16))")
        }
        let from = date(now).addingTimeInterval(-backdated)
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: signer.publicKey, notValidBefore: from,
            notValidAfter: date(now, after: validFor), issuer: subject, subject: subject,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: signer.publicKey)
            },
            issuerPrivateKey: signer)
        let paths = paths(folder)
        // The key first: a key without a certificate is no authority, and may be made again.
        try PrivateFile.write(Array(key.pemRepresentation.utf8), to: paths.key, replacing: !exists(paths.certificate))
        try PrivateFile.write(
            Array(try certificate.serializeAsPEM().pemString.utf8), to: paths.certificate, replacing: false)
        return try CertificateAuthority(certificate, key)
    }

    /// Reads the authority of a folder.
    package static func load(from folder: String) throws -> CertificateAuthority {
        let paths = paths(folder)
        let certificateText = String(decoding: try PrivateFile.read(paths.certificate), as: UTF8.self)
        let keyText = String(decoding: try PrivateFile.read(paths.key), as: UTF8.self)
        do {
            let certificate = try Certificate(pemEncoded: certificateText)
            let key = try P256.Signing.PrivateKey(pemRepresentation: keyText)
            guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
                throw Failure(description: "\(paths.key) is not the key of \(paths.certificate); restore the right one")
            }
            return try CertificateAuthority(certificate, key)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(folder) holds no usable authority: \(error); restore its two PEM files")
        }
    }

    /// Whether the folder holds an authority.
    package static func exists(in folder: String) -> Bool { exists(paths(folder).certificate) }

    private init(_ certificate: Certificate, _ key: P256.Signing.PrivateKey) throws {
        self.certificate = try certificate.serializeAsPEM().pemString
        self.key = key
        subject = certificate.subject
        identifier = SubjectKeyIdentifier(hash: certificate.publicKey)
    }

    // MARK: Issue

    /// Makes a key and a certificate for one program, for both ends of a connection.
    ///
    /// - Parameters:
    ///   - role: such as `scheduler`; `agent` for agents.
    ///   - instance: unique among those of the role; an agent's is its id, 16 hex digits.
    ///   - ip: the address that an agent stands for; nil for components.
    ///   - validFor: how long it is good.
    ///   - now: UTC milliseconds.
    package func issue(
        role: String, instance: String, ip: String? = nil, validFor: Duration, now: Int64
    ) throws -> IssuedIdentity {
        try Self.check(role: role, instance: instance, ip: ip)
        guard validFor > .zero else {
            throw Failure(description: "a certificate must be valid for some time; give a duration above zero")
        }
        var names: [GeneralName] = [.uniformResourceIdentifier("elves://\(role)/\(instance)")]
        if let ip { names.append(.ipAddress(ASN1OctetString(contentBytes: try Self.address(ip)[...]))) }
        let holder = P256.Signing.PrivateKey()
        let holderKey = Certificate.PublicKey(holder.publicKey)
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: holderKey,
            notValidBefore: Self.date(now).addingTimeInterval(-Self.backdated),
            notValidAfter: Self.date(now, after: validFor), issuer: subject,
            subject: try DistinguishedName { CommonName("\(role) \(instance)") },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames(names)
                SubjectKeyIdentifier(hash: holderKey)
                AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
        return IssuedIdentity(
            certificate: try certificate.serializeAsPEM().pemString, key: holder.pemRepresentation,
            authority: self.certificate)
    }

    private static func check(role: String, instance: String, ip: String?) throws {
        guard isWord(role), isWord(instance) else {
            throw Failure(
                description: "\"\(role)\" and \"\(instance)\" do not name a role and an instance; "
                    + "use 1 to 64 letters, digits, -, _ and .")
        }
        guard !["local", "none", "any"].contains(role) else {
            throw Failure(description: "\(role) stands for peers without a certificate; choose another role")
        }
        guard role == "agent" else { return }
        guard instance.count == 16, instance.allSatisfy({ $0.isHexDigit && !$0.isUppercase }), ip != nil else {
            throw Failure(
                description: "an agent is named by its id and ip; give 16 lower-case hex digits and an address")
        }
    }

    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch UnicodeScalar(byte) {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
                default: false
                }
            }
    }

    private static func paths(_ folder: String) -> (certificate: String, key: String) {
        (folder + "/authority.pem", folder + "/authority-key.pem")
    }

    private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func date(_ milliseconds: Int64, after duration: Duration = .zero) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000 + Double(duration.components.seconds))
    }
}
