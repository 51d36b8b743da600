package import AgentLinks
package import ElvesCore

/// An app that runs on an agent, as the agent itself says.
package struct InstalledApp: Sendable, Hashable {
    package var app: String
    package var version: String
    package var treeDigest: [UInt8]
    /// Why the wanted version is not installed; empty when it is.
    package var problem: String

    /// Creates one.
    package init(app: String, version: String, treeDigest: [UInt8] = [], problem: String = "") {
        self.app = app
        self.version = version
        self.treeDigest = treeDigest
        self.problem = problem
    }
}

/// What an agent says of itself, all of it only its word.
package struct AgentReport: Sendable, Hashable {
    package var name: String
    /// The agent program's version.
    package var version: String
    package var labels: [String: String]
    package var facts: [String: String]
    package var apps: [InstalledApp]
    /// Generation of the desired state that the agent last applied; 0 before the first.
    package var desiredGeneration: Int64

    /// Creates a report.
    package init(
        name: String = "", version: String = "", labels: [String: String] = [:], facts: [String: String] = [:],
        apps: [InstalledApp] = [], desiredGeneration: Int64 = 0
    ) {
        self.name = name
        self.version = version
        self.labels = labels
        self.facts = facts
        self.apps = apps
        self.desiredGeneration = desiredGeneration
    }
}

/// What is known of an agent: who it is by its certificate, and what it said last.
package struct AgentRecord: Sendable, Hashable {
    package var agent: AgentIdentity
    package var report: AgentReport
    /// UTC milliseconds of the last beat.
    package var lastBeatAt: Int64
    /// UTC milliseconds of the first beat.
    package var firstSeenAt: Int64

    /// Creates a record.
    package init(agent: AgentIdentity, report: AgentReport, lastBeatAt: Int64, firstSeenAt: Int64) {
        self.agent = agent
        self.report = report
        self.lastBeatAt = lastBeatAt
        self.firstSeenAt = firstSeenAt
    }
}

/// An agent as others see it.
package struct AgentView: Sendable, Hashable {
    package var record: AgentRecord
    /// Whether its connection is open and its beats arrive.
    package var alive: Bool

    /// Creates a view.
    package init(record: AgentRecord, alive: Bool) {
        self.record = record
        self.alive = alive
    }
}

/// A frozen list of agents.
package struct TargetResolution: Sendable, Hashable {
    /// By id.
    package var agents: [AgentView]
    /// The inventory's generation that the list was made from.
    package var generation: Int64
    /// Words of the target text that hit nothing.
    package var unmatched: [String]
}

/// A page of agents, by id.
package struct AgentListPage: Sendable, Hashable {
    package var agents: [AgentView]
    /// Pass as `after` for the next page; nil at the end.
    package var next: ElvesID?
}
