public import Foundation

/// A machine with an agent.
public struct AgentRecord: Sendable, Hashable, Codable {
    /// An app as the agent has it.
    public struct InstalledApp: Sendable, Hashable, Codable {
        /// The app.
        public var app: String
        /// The version that runs.
        public var version: String
        /// Why the wanted version is not installed.
        public var problem: String?
    }

    /// 16 hex digits.
    public var id: String
    /// Its address.
    public var ip: String
    /// Its name; may be empty.
    public var name: String
    /// The agent program's version.
    public var version: String
    /// Whether its beats arrive.
    public var alive: Bool
    /// When the last beat arrived.
    public var lastBeatAt: Date?
    /// When the first beat arrived.
    public var firstSeenAt: Date?
    /// Labels, which selectors match.
    public var labels: [String: String]
    /// What the agent found out about its machine.
    public var facts: [String: String]
    /// The apps it has.
    public var apps: [InstalledApp]

    enum CodingKeys: String, CodingKey {
        case id, ip, name, version, alive, labels, facts, apps
        case lastBeatAt = "last_beat_at"
        case firstSeenAt = "first_seen_at"
    }
}

/// One page of agents.
public struct AgentPage: Sendable, Hashable, Codable {
    /// The agents of this page.
    public var agents: [AgentRecord]
    /// What to pass for the next page; absent on the last.
    public var next: Cursor?
}

/// The agents that a target text hits, now.
public struct Resolution: Sendable, Hashable, Codable {
    /// An agent that was hit.
    public struct Agent: Sendable, Hashable, Codable {
        /// 16 hex digits.
        public var id: String
        /// Its address.
        public var ip: String
        /// Its name; may be empty.
        public var name: String
        /// Whether its beats arrive.
        public var alive: Bool

        /// An agent.
        public init(id: String, ip: String, name: String, alive: Bool) {
            self.id = id
            self.ip = ip
            self.name = name
            self.alive = alive
        }
    }

    /// The agents.
    public var agents: [Agent]
    /// The inventory's generation that they were found in.
    public var generation: Int
    /// Words of the text that hit nothing.
    public var unmatched: [String]

    /// A resolution.
    public init(agents: [Agent], generation: Int, unmatched: [String]) {
        self.agents = agents
        self.generation = generation
        self.unmatched = unmatched
    }
}
