import ElvesCore
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

    /// Takes a place, or says why there is none; who entered must leave.
    func enter() throws(ElvesError) {
        guard !isClosed else { throw ElvesError(.elvesStopping) }
        guard inside.add(1, ordering: .relaxed).newValue <= limit else {
            leave()
            throw ElvesError(.elvesOverloaded, "\(limit) requests are being served already")
        }
    }

    /// Whether the program is stopping.
    var isClosed: Bool { closed.load(ordering: .relaxed) }

    /// Lets nobody in any more.
    func close() { closed.store(true, ordering: .relaxed) }

    /// Gives the place back.
    func leave() { inside.subtract(1, ordering: .relaxed) }
}
