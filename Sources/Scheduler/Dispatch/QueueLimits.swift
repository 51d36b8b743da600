/// How many tasks may be in flight at once.
///
/// Tasks that wait their turn leave a tenth of each general limit to calls that do not wait, so that a giant batch does
/// not make them fail. A limit that names its app or key holds as it is.
struct QueueLimits: Sendable {
    var overall: Int
    var perAgent: Int
    var perApp: Int
    var perKey: Int
    /// Limits of single apps.
    var apps: [String: Int] = [:]
    /// Limits of single keys.
    var keys: [String: Int] = [:]

    func app(_ name: String) -> Int { apps[name] ?? perApp }
    func key(_ name: String) -> Int { keys[name] ?? perKey }

    /// The same for tasks that wait their turn.
    var queuedOverall: Int { Self.queued(overall) }
    var queuedPerAgent: Int { Self.queued(perAgent) }
    func queuedApp(_ name: String) -> Int { apps[name] ?? Self.queued(perApp) }
    func queuedKey(_ name: String) -> Int { keys[name] ?? Self.queued(perKey) }

    private static func queued(_ limit: Int) -> Int { limit - limit / 10 }
}

extension QueueLimits {
    /// The limits of a scheduler's settings.
    init(_ limits: SchedulerLimits) {
        self.init(
            overall: limits.tasksInFlight, perAgent: limits.tasksInFlightPerAgent, perApp: limits.tasksPerApp,
            perKey: limits.tasksPerKey, apps: limits.tasksOfApps, keys: limits.tasksOfKeys)
    }
}
