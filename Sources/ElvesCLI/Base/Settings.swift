package import ElvesClient
internal import ElvesCore
package import Foundation

/// Which center a command talks to, as whom, and who said so.
package struct Settings: Sendable, Hashable {
    /// The center's address.
    package var url: URL
    /// The bearer token, if known.
    package var token: String?
    /// The key's id, if known.
    package var authID: String?
    /// The key's secret, if known.
    package var secret: String?
    /// Where this was found, for people.
    package var source: String

    /// What to present to the center.
    package var credentials: Credentials? {
        if let token { return .token(token) }
        return signing
    }

    /// The key that signs, if its secret is known.
    package var signing: Credentials? {
        guard let authID, let secret else { return nil }
        return .key(authID: authID, secret: secret)
    }
}

/// A file with an address and credentials: `DIR/credentials.json`, or a user's own settings.
package struct SettingsFile: Codable, Sendable, Hashable {
    /// The center's address.
    package var url: String?
    /// The key's id.
    package var authID: String?
    /// The key's secret.
    package var secret: String?
    /// The key's bearer token.
    package var token: String?
    /// In a user's settings: the data folder of an `elves up`, whose credentials are used.
    package var data: String?

    enum CodingKeys: String, CodingKey {
        case url, secret, token, data
        case authID = "auth_id"
    }

    /// A file's content.
    package init(
        url: String? = nil, authID: String? = nil, secret: String? = nil, token: String? = nil, data: String? = nil
    ) {
        self.url = url
        self.authID = authID
        self.secret = secret
        self.token = token
        self.data = data
    }
}

/// Finds the center: `--data`, then ELVES_URL and ELVES_TOKEN, then the user's settings, then the
/// last `elves up` of this user.
package struct SettingsLookup {
    private let context: CommandContext

    /// A lookup in a context.
    package init(_ context: CommandContext) { self.context = context }

    /// The settings that count.
    package func find(data: String? = nil) throws -> Settings {
        if let data { return try read(dataFolder: data, source: "--data \(data)") }
        if let settings = try fromEnvironment() { return settings }
        if let settings = try fromUser() { return settings }
        if let folder = lastUp() { return try read(dataFolder: folder, source: "the last `elves up`") }
        throw Failure(
            .cliUrlMissing, "no center is known here",
            hint: "start one with `elves up --data DIR --port N`, or set ELVES_URL and ELVES_TOKEN", status: .usage)
    }

    /// Notes the data folder that later commands find.
    package func remember(dataFolder: URL) throws {
        guard let folder = context.settingsFolder else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = dataFolder.path(percentEncoded: false) + "\n"
        try Data(text.utf8).write(to: folder.appending(path: "last-up"), options: .atomic)
    }

    private func fromEnvironment() throws -> Settings? {
        let environment = context.environment
        guard let text = environment["ELVES_URL"], !text.isEmpty else {
            if environment["ELVES_TOKEN"]?.isEmpty == false {
                throw Failure(
                    .cliUrlMissing, "ELVES_TOKEN is set without ELVES_URL", hint: "set both or neither",
                    status: .usage)
            }
            return nil
        }
        let file = SettingsFile(
            url: text, authID: environment["ELVES_AUTH_ID"], secret: environment["ELVES_SECRET"],
            token: environment["ELVES_TOKEN"])
        return try settings(file, source: "ELVES_URL")
    }

    private func fromUser() throws -> Settings? {
        let named = context.environment["ELVES_CONFIG"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
        guard let path = named ?? context.settingsFolder?.appending(path: "config.json") else { return nil }
        let name = path.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: name) else {
            if named == nil { return nil }
            throw Failure(
                .cliConfigInvalid, "ELVES_CONFIG names \(name), which does not exist", status: .usage)
        }
        let file = try read(path)
        if file.url == nil, let data = file.data { return try read(dataFolder: data, source: name) }
        return try settings(file, source: name)
    }

    func lastUp() -> String? {
        guard let path = context.settingsFolder?.appending(path: "last-up"),
            let text = try? String(contentsOf: path, encoding: .utf8)
        else { return nil }
        let folder = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let credentials = URL(filePath: folder).appending(path: "credentials.json")
        return FileManager.default.fileExists(atPath: credentials.path(percentEncoded: false)) ? folder : nil
    }

    private func read(dataFolder: String, source: String) throws -> Settings {
        let path = URL(filePath: dataFolder, directoryHint: .isDirectory).appending(path: "credentials.json")
        guard FileManager.default.fileExists(atPath: path.path(percentEncoded: false)) else {
            throw Failure(
                .cliCredentialsMissing, "\(path.path(percentEncoded: false)) does not exist",
                hint: "`elves up --data \(dataFolder)` writes it when the center is ready", status: .usage)
        }
        return try settings(try read(path), source: source)
    }

    private func read(_ path: URL) throws -> SettingsFile {
        do {
            return try JSONDecoder().decode(SettingsFile.self, from: Data(contentsOf: path))
        } catch {
            throw Failure(
                .cliCredentialsUnreadable,
                "\(path.path(percentEncoded: false)) cannot be read: \(Self.reason(error))",
                hint: #"it should read {"url": "http://…", "token": "…"}"#, status: .usage)
        }
    }

    private func settings(_ file: SettingsFile, source: String) throws -> Settings {
        guard let text = file.url, let url = URL(string: text), ["http", "https"].contains(url.scheme),
            url.host() != nil
        else {
            throw Failure(
                .cliConfigInvalid, "\(source) gives no usable address: \(file.url ?? "none")",
                hint: "such as http://127.0.0.1:7300", status: .usage)
        }
        func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        return Settings(
            url: url, token: filled(file.token), authID: filled(file.authID), secret: filled(file.secret),
            source: source)
    }

    private static func reason(_ error: any Error) -> String {
        error is DecodingError ? "it is not JSON of that shape" : error.localizedDescription
    }
}
