import ElvesCore
import Synchronization

/// Bounds how many requests are served at once, or streamed, or uploaded.
final class Gate: Sendable {
    let limit: Int
    private let what: String
    private let inside = Atomic<Int>(0)
    private let closed = Atomic<Bool>(false)

    /// - Parameters:
    ///   - limit: how many at once, at most.
    ///   - what: what is bounded, and what happens to it.
    init(limit: Int, what: String = "requests are being served") {
        self.limit = limit
        self.what = what
    }

    /// Requests being served now.
    var count: Int { inside.load(ordering: .relaxed) }

    /// Takes a place, or says why there is none; who entered must leave.
    func enter() throws(ElvesError) {
        guard !isClosed else { throw ElvesError(.elvesStopping) }
        guard inside.add(1, ordering: .relaxed).newValue <= limit else {
            leave()
            throw ElvesError(.elvesOverloaded, "\(limit) \(what) already")
        }
    }

    /// Takes a place that is given back when its last reference goes: for answers that outlive their handler.
    func place() throws(ElvesError) -> Place {
        try enter()
        return Place(self)
    }

    /// A place inside the gate.
    final class Place: Sendable {
        private let gate: Gate

        fileprivate init(_ gate: Gate) { self.gate = gate }

        /// Keeps the place until here.
        func hold() {}

        deinit { gate.leave() }
    }

    /// Whether the program is stopping.
    var isClosed: Bool { closed.load(ordering: .relaxed) }

    /// Lets nobody in any more.
    func close() { closed.store(true, ordering: .relaxed) }

    /// Gives the place back.
    func leave() { inside.subtract(1, ordering: .relaxed) }
}
