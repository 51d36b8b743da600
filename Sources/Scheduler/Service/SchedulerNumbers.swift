import Synchronization

/// What the scheduler counts.
final class SchedulerNumbers: Sendable {
    /// Tasks that take part in the traffic: sent, or about to be sent.
    let inFlight = Atomic<Int>(0)
    let started = Atomic<Int>(0)
    let ended = Atomic<Int>(0)
    /// Calls refused because a bound was reached.
    let overloaded = Atomic<Int>(0)
    /// Agents' words on tasks that had ended already.
    let late = Atomic<Int>(0)
    /// Durable tasks that have not ended.
    let held = Atomic<Int>(0)
    /// New attempts after one that ended badly.
    let retried = Atomic<Int>(0)
    /// Attempts that agents were asked for after a lost connection or a restart.
    let resumed = Atomic<Int>(0)
    /// Results that agents sent by themselves.
    let reported = Atomic<Int>(0)
    /// Records made from results of tasks that the scheduler had forgotten.
    let recreated = Atomic<Int>(0)
    /// Connections that were refused for their identity.
    let refused = Atomic<Int>(0)

    /// Counts a task in flight; its places are the dispatcher's.
    func occupy() {
        inFlight.add(1, ordering: .relaxed)
    }

    func release() {
        inFlight.subtract(1, ordering: .relaxed)
    }

    /// Takes a place among the durable tasks; false when all `limit` are taken.
    func hold(limit: Int) -> Bool { Self.take(held, limit) }

    func letGo() {
        held.subtract(1, ordering: .relaxed)
    }

    private static func take(_ count: borrowing Atomic<Int>, _ limit: Int) -> Bool {
        guard count.add(1, ordering: .relaxed).newValue <= limit else {
            count.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }
}
