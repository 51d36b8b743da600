/// A fresh key and the certificate that names its holder.
package struct IssuedIdentity: Sendable {
    /// The certificate, PEM.
    package let certificate: String
    /// The private key, PEM (PKCS #8).
    package let key: String
    /// The certificate of the authority that signed it, PEM.
    package let authority: String

    /// The three files that `write(to:)` makes, and that a program's TLS identity is read from.
    package struct Files: Sendable, Hashable {
        /// `certificate.pem`
        package let certificate: String
        /// `key.pem`
        package let key: String
        /// `authority.pem`
        package let authority: String

        /// The files' places in `folder`.
        package init(folder: String) {
            certificate = folder + "/certificate.pem"
            key = folder + "/key.pem"
            authority = folder + "/authority.pem"
        }
    }

    /// Writes the three files into the folder, which must be there, each whole or not at all, mode 0600.
    @discardableResult
    package func write(to folder: String) throws -> Files {
        let files = Files(folder: folder)
        try PrivateFile.write(Array(authority.utf8), to: files.authority)
        try PrivateFile.write(Array(key.utf8), to: files.key)
        try PrivateFile.write(Array(certificate.utf8), to: files.certificate)
        return files
    }
}
