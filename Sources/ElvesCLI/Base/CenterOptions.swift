internal import ArgumentParser
internal import ElvesClient
internal import Foundation

/// What every command that talks to a center takes.
struct CenterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Use the center that `elves up` runs in this folder.", valueName: "DIR"),
        completion: .directory)
    var data: String?

    init() {}

    /// The center, and how it was found.
    func connect() throws -> (center: ElvesCenter, settings: Settings) {
        let context = CommandContext.current
        let settings = try SettingsLookup(context).find(data: data)
        let center = ElvesCenter(url: settings.url, credentials: settings.credentials)
        return (center, settings)
    }
}

/// `--json`.
struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON, a line for each item.") var json = false

    init() {}
}

/// Prints values as the API gives them.
enum JSONLines {
    /// One line of JSON.
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try RESTCoding.encoder().encode(value), as: UTF8.self)
    }
}
