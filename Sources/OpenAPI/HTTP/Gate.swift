import Synchronization

/// Bounds how many requests are served at once.
final class Gate: Sendable {
    let limit: Int
    private let inside = Atomic<Int>(0)
    private let closed = Atomic<Bool>(false)

    /// - Parameter limit: requests served at once, at most.
    init(limit: Int) {
        self.limit = limit
    }

    /// Requests being served now.
    var count: Int { inside.load(ordering: .relaxed) }

    /// Whether there was room; who entered must leave.
    func enter() -> Bool {
        guard inside.add(1, ordering: .relaxed).newValue <= limit else {
            leave()
            return false
        }
        return true
    }

    /// Whether the program is stopping.
    var isClosed: Bool { closed.load(ordering: .relaxed) }

    /// Lets nobody in any more.
    func close() { closed.store(true, ordering: .relaxed) }

    func leave() { inside.subtract(1, ordering: .relaxed) }
}
