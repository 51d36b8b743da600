/// What `elves up` was asked for.
package struct UpOptions: Sendable, Hashable {
    /// Everything lies in here.
    package var folder: DataFolder
    /// Port of the REST API on 127.0.0.1.
    package var port: Int
    /// Agents on this machine.
    package var agents: Int
    /// Folder of app folders to push, activate and bind.
    package var apps: String?

    /// Options.
    package init(folder: DataFolder, port: Int, agents: Int, apps: String? = nil) {
        self.folder = folder
        self.port = port
        self.agents = agents
        self.apps = apps
    }

    /// The REST API's address.
    var url: String { "http://127.0.0.1:\(port)" }

    /// Addresses of the agents: 127.0.0.1 and on.
    var agentAddresses: [String] { (0..<agents).map { "127.0.0.\($0 + 1)" } }
}
