package import Foundation
package import Identity
package import ServiceCore

/// A certificate authority of a test, and the files of what it issued, in a folder that goes with this value.
package final class TestAuthority: Sendable {
    /// Everything lies in here.
    package let folder: URL
    /// The authority itself; its files are `authority.pem` and `authority-key.pem`.
    package let authority: CertificateAuthority

    /// Makes a new authority.
    package init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "elves-ca-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        authority = try CertificateAuthority.create(in: folder.path(percentEncoded: false), now: Self.now)
    }

    /// Uses the authority of a center's data folder.
    package init(ofCenterIn data: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "elves-ca-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        authority = try CertificateAuthority.load(from: data + "/ca")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// UTC milliseconds.
    package static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// Certificate, key and authority of a program, as files of their own.
    ///
    /// - Parameter age: how long ago it was made; longer than `validFor` makes one that has expired.
    package func files(
        _ role: String, _ instance: String? = nil, ip: String? = nil, validFor: Duration = .seconds(3_600),
        age: Duration = .zero
    ) throws -> IssuedIdentity.Files {
        let place = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        return try authority.issue(
            role: role, instance: instance ?? "\(role)-1", ip: ip, validFor: validFor,
            now: Self.now - age.components.seconds * 1_000
        ).write(to: place.path(percentEncoded: false))
    }

    /// The identity of a program.
    package func identity(
        _ role: String, _ instance: String? = nil, ip: String? = nil, validFor: Duration = .seconds(3_600),
        age: Duration = .zero
    ) throws -> TLSIdentity {
        try TLSIdentity(files(role, instance, ip: ip, validFor: validFor, age: age))
    }
}

extension TLSIdentity {
    /// The identity in these files.
    package init(_ files: IssuedIdentity.Files) throws {
        try self.init(certificate: files.certificate, key: files.key, authority: files.authority)
    }
}
