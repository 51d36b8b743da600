internal import Crypto
internal import ElvesCore
internal import Foundation
internal import Identity

/// The key under which secrets rest in the store; only the supervisor reads its file.
package struct MasterKey: Sendable {
    private let key: SymmetricKey

    /// Makes a new one in a file (mode 0600), which must not be there yet.
    package static func create(at path: String) throws -> MasterKey {
        let key = SymmetricKey(size: .bits256)
        let text = key.withUnsafeBytes { Hex.encode($0) } + "\n"
        do {
            try PrivateFile.write(Array(text.utf8), to: path, replacing: false)
        } catch {
            throw ElvesError(.elvesSecretMissing, "no master key could be made: \(error)", hint: error.hint)
        }
        return MasterKey(key: key)
    }

    /// Reads the file; one that others may read is refused.
    package static func load(from path: String) throws -> MasterKey {
        let bytes: [UInt8]
        do {
            bytes = try PrivateFile.read(path, limit: 1_024)
        } catch {
            throw ElvesError(
                error.isExposed ? .elvesSecretPermissions : .elvesSecretMissing, "master key \(path) \(error.reason)",
                hint: error.isExposed ? error.hint : "make one with: elves-supervisor init, or restore it from a backup"
            )
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard let key = Hex.decode(text), key.count == 32 else {
            throw ElvesError(
                .supervisorKeyMaster, "\(path) is not 64 hex digits", hint: "restore the file that init made")
        }
        return MasterKey(key: SymmetricKey(data: key))
    }

    /// Seals a secret; `context`, such as the key's id, must be the same when it is opened.
    package func seal(_ secret: String, for context: String) throws -> [UInt8] {
        let box = try ChaChaPoly.seal(
            Data(secret.utf8), using: key, authenticating: Data(context.utf8))
        return Array(box.combined)
    }

    /// Opens a sealed secret; fails under another master key, for another context, or after a change.
    package func open(_ sealed: [UInt8], for context: String) throws -> String {
        do {
            let box = try ChaChaPoly.SealedBox(combined: sealed)
            let secret = try ChaChaPoly.open(box, using: key, authenticating: Data(context.utf8))
            return String(decoding: secret, as: UTF8.self)
        } catch {
            throw ElvesError(
                .supervisorKeyMaster, "the secret of key \(context) does not open under this master key", cause: error)
        }
    }
}
