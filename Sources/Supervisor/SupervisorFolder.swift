internal import ElvesCore
internal import Foundation
internal import Identity

/// The supervisor's data folder: `supervisor.sqlite`, `master.key`, `blobs/`, and what pushes need.
package struct SupervisorFolder: Sendable {
    /// Absolute or relative path.
    package let path: String

    /// The folder at `path`.
    package init(_ path: String) { self.path = path }

    /// The master key's file.
    package var masterKey: String { path + "/master.key" }
    private var database: String { path + "/supervisor.sqlite" }

    /// Makes the folder and a master key, each unless it is there; a key is never replaced.
    package func initialise() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ElvesError(
                .elvesStoreUnavailable, "cannot make \(path): \(error)", hint: "check its parent's owner and mode",
                cause: error)
        }
        guard !FileManager.default.fileExists(atPath: masterKey) else { return }
        guard !FileManager.default.fileExists(atPath: database) else {
            throw ElvesError(
                .supervisorKeyMaster, "\(masterKey) is gone, and \(database) holds secrets that only it opens",
                hint: "restore it from a backup; or move the database away and make all keys anew")
        }
        _ = try MasterKey.create(at: masterKey)
    }

    /// Opens the service over the folder, which must have been initialised.
    ///
    /// - Parameter now: UTC milliseconds.
    package func open(now: @escaping @Sendable () -> Int64) async throws -> SupervisorService {
        let key = try MasterKey.load(from: masterKey)
        let store = try SQLiteSupervisorStore(path: database)
        return try await SupervisorService(store: store, folder: path, masterKey: key, now: now)
    }

    /// Makes an administrator's key while no supervisor runs on the folder, and writes it to `file`,
    /// mode 0600: a JSON object with `auth_id`, `secret` and `token`.
    package func makeAdministrator(
        comment: String, file: String, now: @escaping @Sendable () -> Int64
    ) async throws {
        let draft = KeyDraft(comment: comment, scope: KeyScope(admin: true))
        let issued = try await open(now: now).createKey(draft)
        let json: JSONValue = [
            "auth_id": .string(issued.record.id), "secret": .string(issued.secret), "token": .string(issued.token),
        ]
        try PrivateFile.write(Array((json.text() + "\n").utf8), to: file)
    }
}
