/// Calls that wait for something to happen, each until its own deadline. A value: it lives in a Mutex.
struct WaitList {
    private var waits: [(deadline: Int64, continuation: CheckedContinuation<Void, Never>)] = []

    /// The earliest deadline in microseconds; `.max` when nobody waits.
    private(set) var due = Int64.max

    mutating func add(until deadline: Int64, _ continuation: CheckedContinuation<Void, Never>) {
        waits.append((deadline, continuation))
        due = min(due, deadline)
    }

    /// Takes out those whose deadline has passed.
    mutating func takeDue(_ now: Int64) -> [CheckedContinuation<Void, Never>] {
        guard due <= now else { return [] }
        let taken = waits.filter { $0.deadline <= now }
        waits.removeAll { $0.deadline <= now }
        due = waits.map(\.deadline).min() ?? .max
        return taken.map(\.continuation)
    }

    /// Takes out all.
    mutating func takeAll() -> [CheckedContinuation<Void, Never>] {
        guard !waits.isEmpty else { return [] }
        let taken = waits.map(\.continuation)
        waits = []
        due = .max
        return taken
    }
}
