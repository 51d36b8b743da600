package import ArgumentParser
internal import ElvesClient
internal import Foundation

/// `elves up`.
package struct UpCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Run a whole center with agents on this machine.",
        discussion: """
            Starts elves-supervisor, elves-heartbeat, elves-scheduler, elves-openapi and the agents, each as
            its own process, and starts again what dies. Prints `ready URL` once a call would succeed and
            writes DIR/credentials.json, which other commands find by themselves. Ctrl-C or TERM stops all.

            The programs are looked for in ELVES_BIN, beside elves, and in PATH. Logs are in DIR/logs.
            """)

    @Option(
        help: ArgumentHelp("Everything lies in here; made if it is missing.", valueName: "DIR"),
        completion: .directory)
    var data: String
    @Option(help: ArgumentHelp("Port of the REST API on 127.0.0.1; 0 takes a free one.", valueName: "N"))
    var port: Int
    @Option(help: ArgumentHelp("Agents, at 127.0.0.1, 127.0.0.2 and on.", valueName: "K")) var agents = 1
    @Option(
        help: ArgumentHelp("Push, activate and bind every app folder in here.", valueName: "DIR"),
        completion: .directory)
    var apps: String?
    @Flag(help: .hidden) var keeper = false

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535.") }
        guard (0...200).contains(agents) else { throw ValidationError("--agents is 0 to 200.") }
        guard !data.isEmpty else { throw ValidationError("--data names a folder.") }
    }

    /// Runs until it is told to stop.
    package func run() async throws {
        let context = CommandContext.current
        let folder = DataFolder(path: data)
        let apps = apps.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
        if keeper {
            let options = UpOptions(folder: folder, port: port, agents: agents, apps: apps)
            return try await UpKeeper(context: context, options: options).run()
        }
        try folder.make()
        var arguments = ["up", "--data", folder.root.path(percentEncoded: false), "--agents", String(agents)]
        arguments += ["--port", String(try freePort())]
        if let apps { arguments += ["--apps", apps] }
        let status = try await UpFront(context: context).run(arguments)
        if status != .success { throw status }
    }

    private func freePort() throws -> Int {
        if port == 0 { return try LoopbackPort.free(besides: []) }
        return port
    }
}
