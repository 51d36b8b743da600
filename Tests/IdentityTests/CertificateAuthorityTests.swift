import Crypto
import Foundation
import Identity
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

@Suite struct CertificateAuthorityTests {
    private let now: Int64 = 1_780_000_000_000

    /// Whether the certificate is good at that time for someone who trusts `authority`.
    private func isGood(_ identity: IssuedIdentity, trusting authority: String, at time: Int64) async throws -> Bool {
        let root = try Certificate(pemEncoded: authority)
        var verifier = Verifier(rootCertificates: CertificateStore([root])) {
            RFC5280Policy(fixedExpiryValidationTime: Date(timeIntervalSince1970: Double(time) / 1_000))
        }
        let leaf = try Certificate(pemEncoded: identity.certificate)
        switch await verifier.validate(leaf: leaf, intermediates: CertificateStore()) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }

    private func authority(_ scratch: Scratch) throws -> CertificateAuthority {
        try CertificateAuthority.create(in: scratch.folder, now: now)
    }

    @Test func anIssuedChainVerifiesWhileItIsValid() async throws {
        let scratch = try Scratch()
        let authority = try authority(scratch)
        let identity = try authority.issue(
            role: "scheduler", instance: "scheduler-1", validFor: .seconds(3_600), now: now)
        #expect(try await isGood(identity, trusting: authority.certificate, at: now))
        #expect(try await isGood(identity, trusting: authority.certificate, at: now + 3_599_000))
        #expect(try await !isGood(identity, trusting: authority.certificate, at: now + 3_601_000))
        #expect(try await !isGood(identity, trusting: authority.certificate, at: now - 400_000))
    }

    @Test func anotherAuthorityDoesNotVerify() async throws {
        let (one, two) = (try Scratch(), try Scratch())
        let identity = try authority(one).issue(role: "openapi", instance: "a", validFor: .seconds(60), now: now)
        #expect(try await !isGood(identity, trusting: authority(two).certificate, at: now))
    }

    @Test func aLeafCannotIssue() async throws {
        let scratch = try Scratch()
        let authority = try authority(scratch)
        let leaf = try authority.issue(role: "openapi", instance: "a", validFor: .seconds(60), now: now)
        let certificate = try Certificate(pemEncoded: leaf.certificate)
        let constraints = try #require(try certificate.extensions.basicConstraints)
        #expect(constraints == .notCertificateAuthority)
        #expect(try certificate.extensions.keyUsage == KeyUsage(digitalSignature: true))
        let root = try Certificate(pemEncoded: authority.certificate)
        #expect(try root.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
    }

    @Test func namesAreWhatTheChannelReads() throws {
        let scratch = try Scratch()
        let identity = try authority(scratch).issue(
            role: "agent", instance: "00a1b2c3d4e5f607", ip: "127.0.0.3", validFor: .seconds(60), now: now)
        let certificate = try Certificate(pemEncoded: identity.certificate)
        let names = try #require(try certificate.extensions.subjectAlternativeNames)
        #expect(
            Array(names) == [
                .uniformResourceIdentifier("elves://agent/00a1b2c3d4e5f607"),
                .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 3])),
            ])
        let key = try P256.Signing.PrivateKey(pemRepresentation: identity.key)
        #expect(certificate.publicKey == Certificate.PublicKey(key.publicKey))
    }

    @Test func whatCannotBeANameIsRefused() throws {
        let scratch = try Scratch()
        let authority = try authority(scratch)
        for (role, instance, ip) in [
            ("agent", "00a1b2c3d4e5f607", nil), ("agent", "00A1B2C3D4E5F607", "10.0.0.1"),
            ("agent", "7", "10.0.0.1"), ("agent", "00a1b2c3d4e5f607", "10.0.0.256"), ("", "x", nil),
            ("openapi", "a/b", nil), ("openapi", "a b", nil), ("local", "x", nil), ("none", "x", nil),
            ("any", "x", nil),
        ] as [(String, String, String?)] {
            #expect(throws: CertificateAuthority.Failure.self) {
                try authority.issue(role: role, instance: instance, ip: ip, validFor: .seconds(60), now: now)
            }
        }
        #expect(throws: CertificateAuthority.Failure.self) {
            try authority.issue(role: "openapi", instance: "a", validFor: .zero, now: now)
        }
    }

    @Test func aLoadedAuthorityIsTheSame() async throws {
        let scratch = try Scratch()
        let made = try authority(scratch)
        #expect(CertificateAuthority.exists(in: scratch.folder))
        let loaded = try CertificateAuthority.load(from: scratch.folder)
        let identity = try loaded.issue(role: "openapi", instance: "a", validFor: .seconds(60), now: now)
        #expect(try await isGood(identity, trusting: made.certificate, at: now))
    }

    @Test func anAuthorityIsNeverReplaced() throws {
        let scratch = try Scratch()
        let made = try authority(scratch)
        #expect(throws: PrivateFile.Failure.self) { try authority(scratch) }
        #expect(try CertificateAuthority.load(from: scratch.folder).certificate == made.certificate)
    }

    @Test func keysAreForTheirOwnerOnly() throws {
        let scratch = try Scratch()
        let authority = try authority(scratch)
        let files = try authority.issue(role: "openapi", instance: "a", validFor: .seconds(60), now: now)
            .write(to: scratch.folder + "")
        let names = [files.certificate, files.key, scratch.folder + "/authority-key.pem"]
        for name in names {
            let mode = try FileManager.default.attributesOfItem(atPath: name)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        let rest = try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted()
        #expect(rest == ["authority-key.pem", "authority.pem", "certificate.pem", "key.pem"])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: scratch.folder + "/authority-key.pem")
        let failure = #expect(throws: PrivateFile.Failure.self) {
            try CertificateAuthority.load(from: scratch.folder)
        }
        #expect(failure?.isExposed == true)
    }

    @Test func aStrangersKeyIsNotTakenForTheAuthoritys() throws {
        let scratch = try Scratch()
        _ = try authority(scratch)
        let other = P256.Signing.PrivateKey().pemRepresentation
        try PrivateFile.write(Array(other.utf8), to: scratch.folder + "/authority-key.pem")
        #expect(throws: CertificateAuthority.Failure.self) { try CertificateAuthority.load(from: scratch.folder) }
    }
}

/// A folder of its own for one test, deleted with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "elves-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}
