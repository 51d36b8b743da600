import Crypto
package import ElvesCore
import Foundation

/// The one key of a center without a supervisor, with all rights: ELVES 2.0's simple mode.
///
/// Its file is a JSON object with `auth_id`, `secret` of at least 16 characters and, if wanted, `token`,
/// `legacy_md5` and `require_nonce`; only its owner may read it.
package struct ConfiguredKey: Sendable {
    /// Ready to check calls with.
    let entry: KeyEntry

    /// The key that a center needs: none when there is a supervisor, else that in the file.
    package static func needed(file path: String?, hasSupervisor: Bool) throws(ElvesError) -> ConfiguredKey? {
        if hasSupervisor { return nil }
        guard let path, !path.isEmpty else {
            throw ElvesError(
                .elvesConfigInvalid, "neither peers.supervisor nor key.file is set, so nobody could call",
                hint: "name the supervisor's address in peers.supervisor (--peers-supervisor); "
                    + "or run without one, with the one key that the file key.file (--key-file) holds")
        }
        return try ConfiguredKey(file: path)
    }

    /// The key in a file.
    package init(file path: String) throws(ElvesError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int, let data = FileManager.default.contents(atPath: path)
        else {
            throw Self.wrong("the key file \(path) cannot be read")
        }
        guard mode & 0o077 == 0 else {
            throw Self.wrong("others may read the key file \(path)", hint: "run: chmod 600 \(path)")
        }
        try self.init(json: Array(data), path: path)
    }

    /// The key in a file's content.
    init(json: [UInt8], path: String) throws(ElvesError) {
        guard let object = (try? JSONValue(parsing: json))?.object else {
            throw Self.wrong("the key file \(path) is not a JSON object")
        }
        guard let id = object["auth_id"]?.string, !id.isEmpty, let secret = object["secret"]?.string,
            secret.utf8.count >= 16
        else {
            throw Self.wrong("the key file \(path) has no auth_id, or no secret of 16 characters or more")
        }
        let token = object["token"]?.string ?? ""
        guard token.isEmpty || token.utf8.count >= 16 else {
            throw Self.wrong("the token in the key file \(path) is shorter than 16 characters")
        }
        entry = KeyEntry(
            id: id, scope: KeyEntry.Scope(admin: true), legacyMD5: object["legacy_md5"]?.bool ?? false,
            requireNonce: object["require_nonce"]?.bool ?? false, secret: secret,
            tokenDigest: token.isEmpty ? [] : Array(SHA256.hash(data: Array(token.utf8))))
    }

    private static func wrong(
        _ message: String,
        hint: String = "it holds {\"auth_id\":\"…\",\"secret\":\"…\"}; make a secret with: openssl rand -hex 32"
    ) -> ElvesError {
        ElvesError(.elvesConfigInvalid, message, hint: hint)
    }
}
