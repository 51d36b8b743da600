internal import Foundation
internal import Supervisor

/// The key of whoever runs `elves up`: made in the supervisor's own folder, while no supervisor runs.
struct FirstKey: Sendable {
    let options: UpOptions
    /// Takes lines for people.
    let note: @Sendable (String) -> Void

    /// The credentials of before, with today's address; those of a new admin key when there are none, or when the
    /// supervisor does not take them: its folder is another one, or someone revoked the key.
    func credentials(now: Date) async throws -> SettingsFile {
        let milliseconds = Int64(now.timeIntervalSince1970 * 1000)
        let supervisor = SupervisorFolder(options.folder.path("data", "supervisor"))
        try supervisor.initialise()
        let service = try await supervisor.open { milliseconds }
        if var file = kept, let token = file.token {
            if try await service.accepts(token: token, of: file.authID) {
                file.url = options.url
                try write(file)
                return file
            }
            note(
                "the supervisor does not know the key in \(options.folder.credentials), or it was revoked; "
                    + "making a new one")
        }
        let key = try await service.createKey(KeyDraft(comment: "elves up", scope: KeyScope(admin: true)))
        let file = SettingsFile(
            url: options.url, authID: key.record.id, secret: key.secret, token: key.token)
        try write(file)
        return file
    }

    private var kept: SettingsFile? {
        FileManager.default.contents(atPath: options.folder.credentials)
            .flatMap { try? JSONDecoder().decode(SettingsFile.self, from: $0) }
    }

    private func write(_ file: SettingsFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try options.folder.write(try encoder.encode(file) + Data("\n".utf8), to: options.folder.credentials)
    }
}
