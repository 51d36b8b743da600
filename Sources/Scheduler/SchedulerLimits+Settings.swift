/// Limits as an operator sets them.
extension SchedulerLimits {
    /// Reads a number by its setting's name, with what it is when it is not set and what it may be.
    package typealias Number = (_ name: String, _ default: Int, _ range: ClosedRange<Int>) throws -> Int

    /// The defaults, and over them what is set. `text` reads a setting; empty when it is not set.
    package init(number: Number, text: (String) throws -> String) throws {
        self.init()
        let day: Int64 = 86_400_000
        tasksInFlight = try number("tasks.inFlight", tasksInFlight, 1...1_000_000)
        tasksInFlightPerAgent = try number("tasks.inFlightPerAgent", tasksInFlightPerAgent, 1...100_000)
        tasksPerApp = try number("limits.perApp", tasksPerApp, 1...1_000_000)
        tasksPerKey = try number("limits.perKey", tasksPerKey, 1...1_000_000)
        tasksOfApps = try Self.named(try text("limits.apps"), setting: "limits.apps")
        tasksOfKeys = try Self.named(try text("limits.keys"), setting: "limits.keys")
        tasksHeld = try number("tasks.held", tasksHeld, 1...10_000_000)
        lostPatienceMs = 1_000 * Int64(try number("tasks.lostPatience", 60, 1...86_400))
        retentionMs = day * Int64(try number("records.days", 14, 1...3_650))
        retentionCount = try number("records.count", retentionCount, 1_000...1_000_000_000)
        retentionBytes = Int64(try number("records.bytes", Int(retentionBytes), 64 << 20...1 << 50))
        eventCount = try number("events.count", eventCount, 1_000...100_000_000)
        eventMs = day * Int64(try number("events.days", 7, 1...3_650))
    }
}
