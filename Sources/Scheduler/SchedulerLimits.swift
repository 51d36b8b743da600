/// Bounds of the scheduler; each has a default that suits 10,000 agents on a small machine.
package struct SchedulerLimits: Sendable {
    /// Tasks that have not ended, over all agents.
    package var tasksInFlight = 50_000
    /// Tasks that have not ended, on one agent.
    package var tasksInFlightPerAgent = 256
    /// Tasks that have not ended, of one app and of one caller key.
    package var tasksPerApp = 10_000
    package var tasksPerKey = 10_000
    /// The same for single apps and keys, by name.
    package var tasksOfApps: [String: Int] = [:]
    package var tasksOfKeys: [String: Int] = [:]
    /// Durable tasks that have not ended, sent or not.
    package var tasksHeld = 200_000
    /// How long an agent has to come back before the end of what it was running is given as unknown, in
    /// milliseconds. A later word still goes into the record.
    package var lostPatienceMs: Int64 = 60_000
    /// How long a durable task waits that its agent's channel, or the agent, could not take just now, in
    /// milliseconds.
    package var briefPauseMs: Int64 = 250
    /// Between two rounds of telling agents which results are recorded; calls to them carry the news meanwhile.
    package var tellInterval: Duration = .seconds(2)
    /// Targets of one batch.
    package var batchTargets = 100_000
    /// Targets of all batches that have not ended.
    package var batchTargetsHeld = 1_000_000
    /// Bytes of an agent's answer: more than any agent sends that keeps to its own limits, and little enough that
    /// its record fits into a message.
    package var answerBytes = 6 << 20
    /// Bytes of records in one page of a batch's ends, about; a message holds 16 MiB.
    package var pageBytes = 8 << 20
    /// The longest that a call waits for an end, in milliseconds.
    package var longestWaitMs: Int64 = 600_000
    /// Added to a task's timeout before the scheduler gives it up: the agent's grace between TERM and KILL,
    /// and time for the result to travel. Milliseconds.
    package var backstopSlackMs: Int64 = 30_000
    /// When a task that has no timeout of its own is given up, in milliseconds.
    package var longestTaskMs: Int64 = 7 * 86_400_000
    /// Ended records that wait to be written; past this the oldest are dropped, counted and reported.
    package var unwrittenRecords = 100_000
    /// Bytes of output in records that wait to be written.
    package var unwrittenBytes = 256 << 20
    /// Records in one transaction.
    package var writeBatch = 1_000
    /// Between two rounds of writing.
    package var writeInterval: Duration = .milliseconds(50)
    /// Between two looks at what is due: the precision of every wait and deadline.
    package var sweepInterval: Duration = .milliseconds(20)
    /// How long records are kept, in milliseconds.
    package var retentionMs: Int64 = 14 * 86_400_000
    /// How many records are kept.
    package var retentionCount = 2_000_000
    /// Bytes that the store may take before the oldest ended records are deleted.
    package var retentionBytes: Int64 = 20 << 30
    /// How many events are kept, and for how many milliseconds.
    package var eventCount = 200_000
    package var eventMs: Int64 = 7 * 86_400_000
    /// Records that one step of a retention run deletes.
    package var retentionStep = 1_000
    /// Between two retention runs.
    package var retentionInterval: Duration = .seconds(60)

    /// Ended tasks that lists look for in memory, before they go into the indexes together.
    package var unindexedRecords = 32_768
    /// Between two looks at how many those are.
    package var indexInterval: Duration = .seconds(1)

    /// The defaults.
    package init() {}
}
