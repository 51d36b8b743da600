internal import Foundation
internal import Supervisor

/// The key of whoever runs `elves up`: made in the supervisor's own folder, before it first starts.
struct FirstKey: Sendable {
    let options: UpOptions

    /// The credentials of before, with today's address, or those of a new admin key.
    func credentials(now: Date) async throws -> SettingsFile {
        let path = options.folder.credentials
        if let data = FileManager.default.contents(atPath: path),
            var file = try? JSONDecoder().decode(SettingsFile.self, from: data), file.token != nil
        {
            file.url = options.url
            try write(file)
            return file
        }
        let milliseconds = Int64(now.timeIntervalSince1970 * 1000)
        let supervisor = SupervisorFolder(options.folder.path("data", "supervisor"))
        try supervisor.initialise()
        let key = try await supervisor.open { milliseconds }
            .createKey(KeyDraft(comment: "elves up", scope: KeyScope(admin: true)))
        let file = SettingsFile(
            url: options.url, authID: key.record.id, secret: key.secret, token: key.token)
        try write(file)
        return file
    }

    private func write(_ file: SettingsFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try options.folder.write(try encoder.encode(file) + Data("\n".utf8), to: options.folder.credentials)
    }
}
