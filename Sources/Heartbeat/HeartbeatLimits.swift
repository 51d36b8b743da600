/// Bounds of the heartbeat component.
package struct HeartbeatLimits: Sendable {
    /// Milliseconds between two beats of an agent.
    package var beatIntervalMs: Int64 = 10_000
    /// Beats a second of the whole fleet: past it each agent beats less often. Lost connections show at once all
    /// the same.
    package var beatsPerSecond: Int64 = 500
    /// Agents that are known, connected or not.
    package var agents = 100_000
    /// Labels of one agent; facts and apps have their own bounds.
    package var labels = 64
    package var facts = 256
    package var apps = 1_000
    /// Bytes of a label, a fact, a name.
    package var textBytes = 1_024
    /// Bytes of package files kept in memory.
    package var cachedFileBytes = 64 << 20
    /// The longest wait for a change of the catalog, in milliseconds.
    package var catalogWaitMs: Int64 = 25_000
    /// Pause after the supervisor failed to answer.
    package var catalogRetry: Duration = .seconds(1)
    /// Changes of the desired state within this time are told to an agent as one.
    package var refreshInterval: Duration = .milliseconds(50)
    /// Between two rounds of writing.
    package var writeInterval: Duration = .milliseconds(500)
    /// Records in one transaction.
    package var writeBatch = 1_000
    /// Milliseconds after which a beat is written even when it told nothing new.
    package var quietWriteMs: Int64 = 30_000
    /// Milliseconds without a beat after which an agent is forgotten.
    package var retentionMs: Int64 = 90 * 86_400_000
    /// Between two retention runs.
    package var retentionInterval: Duration = .seconds(600)

    /// Events that are kept for those who follow them.
    package var events = 10_000
    /// The longest wait for an event, in milliseconds.
    package var eventWaitMs: Int64 = 60_000
    /// Milliseconds for which an agent has to be away before that is an event.
    package var absenceMs: Int64 = 15_000
    /// The same for agents that were there when heartbeat stopped: they have to find back first.
    package var returnMs: Int64 = 90_000
    /// Between two looks at who is there.
    package var watchInterval: Duration = .seconds(1)

    /// The defaults.
    package init() {}

    /// Milliseconds between beats in a fleet of so many agents, at most a minute.
    package func beatIntervalMs(agents: Int) -> Int64 {
        max(beatIntervalMs, min(Int64(agents) * 1000 / beatsPerSecond, 60_000))
    }
}
