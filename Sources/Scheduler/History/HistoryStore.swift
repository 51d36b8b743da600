import ElvesCore

/// An end in an owner's cursor.
package struct PlacedEnd: Sendable, Hashable {
    package let position: Int64
    package let execution: Execution
}

/// Lists of ended tasks.
package protocol HistoryStore: Sendable {
    /// Ended tasks, newest first, brief. A page may be short before the end.
    func history(_ query: HistoryQuery) async throws -> HistoryPage
    /// Fills the indexes of lists when at least `threshold` ended tasks are missing there; answers how many it took.
    func index(threshold: Int) async throws -> Int

    /// Ends of an owner's tasks after `after`, in the order in which they were recorded.
    func results(of owner: String, after: Int64, limit: Int) async throws -> [PlacedEnd]
}
