import Synchronization

/// What the scheduler counts.
final class SchedulerNumbers: Sendable {
    /// Tasks that have not ended.
    let inFlight = Atomic<Int>(0)
    let started = Atomic<Int>(0)
    let ended = Atomic<Int>(0)
    /// Calls refused because a bound was reached.
    let overloaded = Atomic<Int>(0)
    /// Agents' words on tasks that had ended already.
    let late = Atomic<Int>(0)
    /// Connections that were refused for their identity.
    let refused = Atomic<Int>(0)

    /// Takes a place among all tasks in flight; false when all `limit` are taken.
    func reserve(limit: Int) -> Bool {
        guard inFlight.add(1, ordering: .relaxed).newValue <= limit else {
            inFlight.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    func release() {
        inFlight.subtract(1, ordering: .relaxed)
    }
}
