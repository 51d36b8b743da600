internal import Foundation
internal import Identity
internal import ServiceCore

/// Everything that a center on one machine consists of: files on disk, and processes to run.
struct UpPlan: Sendable {
    /// Center components, in the order in which they are started.
    static let components = ["supervisor", "heartbeat", "scheduler", "openapi"]

    let processes: [ProcessSpec]
    let credentials: SettingsFile

    /// Writes what is missing into the data folder and says what to run. `note` takes lines for people.
    static func make(
        _ options: UpOptions, environment: [String: String], now: Date, note: @escaping @Sendable (String) -> Void
    ) async throws -> UpPlan {
        let finder = ProgramFinder(environment: environment)
        let folder = options.folder
        let ports = try UpPorts.choose(components, in: folder)
        let identities = UpIdentities(folder: folder, now: Int64(now.timeIntervalSince1970 * 1000))
        let authority = try identities.authority()
        let configurations = UpConfigurations(options: options, ports: ports)
        try folder.make("config")
        var processes: [ProcessSpec] = []
        for role in components {
            let files = try identities.issue(authority, role: role, instance: "\(role)-1")
            try folder.make("data", role)
            let path = folder.path("config", "\(role).yaml")
            try folder.write(YAMLText.nested(configurations.component(role, files)).utf8, to: path)
            processes.append(
                ProcessSpec(
                    name: "elves-\(role)", program: try finder.find("elves-\(role)"), arguments: ["--config", path],
                    environment: inherited(environment), folder: folder.path()))
        }
        for (index, ip) in options.agentAddresses.enumerated() {
            let number = index + 1
            let files = try identities.issue(authority, agent: number, ip: ip)
            try folder.make("agents", "\(number)")
            let path = folder.path("config", "agent-\(number).conf")
            try folder.write(configurations.agent(number, files).utf8, to: path)
            processes.append(
                ProcessSpec(
                    name: "elves-agent-\(number)", program: try finder.find("elves-agent"),
                    arguments: ["run", "--config", path], environment: inherited(environment), folder: folder.path(),
                    // TERM would leave its runner and workers to the next agent.
                    stopSignal: 2))
        }
        let credentials = try await FirstKey(options: options, note: note).credentials(now: now)
        return UpPlan(processes: processes, credentials: credentials)
    }

    /// The user's environment without anything meant for a command line or another component.
    private static func inherited(_ environment: [String: String]) -> [String: String] {
        environment.filter { !$0.key.hasPrefix("ELVES_") }
    }
}

/// The settings of each process.
struct UpConfigurations: Sendable {
    let options: UpOptions
    let ports: UpPorts

    /// A center component's settings, dotted.
    func component(_ role: String, _ files: IssuedIdentity.Files) -> [String: String] {
        var settings = [
            "instance": "\(role)-1", "listen": address(role), "data": options.folder.path("data", role),
            "log.format": "text",
            "tls.certificate": files.certificate, "tls.key": files.key, "tls.ca": files.authority,
        ]
        switch role {
        case "heartbeat":
            settings["peers.supervisor"] = address("supervisor")
            settings["beat.ms"] = "2000"
        case "scheduler":
            settings["peers.heartbeat"] = address("heartbeat")
        case "openapi":
            settings["http.listen"] = "127.0.0.1:\(options.port)"
            for peer in ["supervisor", "heartbeat", "scheduler"] { settings["peers.\(peer)"] = address(peer) }
        default: break
        }
        return settings
    }

    /// An agent's settings, a line each.
    func agent(_ number: Int, _ files: IssuedIdentity.Files) -> String {
        """
        root = \(options.folder.path("agents", "\(number)"))
        name = local-\(number)
        scheduler = \(address("scheduler"))
        heartbeat = \(address("heartbeat"))
        certificate = \(files.certificate)
        key = \(files.key)
        authority = \(files.authority)

        """
    }

    private func address(_ role: String) -> String { "127.0.0.1:\(ports.thrift[role] ?? 0)" }
}
