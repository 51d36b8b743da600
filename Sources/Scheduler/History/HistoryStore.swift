import ElvesCore

/// An end in an owner's cursor.
package struct PlacedEnd: Sendable, Hashable {
    package let position: Int64
    package let execution: Execution
}

/// Some of an owner's ends, in the order in which they were recorded.
package struct PlacedEnds: Sendable, Hashable {
    package var ends: [PlacedEnd]
    /// Pass as `after` for the next ones.
    package var nextAfter: Int64
    /// Whether ends after `after` are gone, or `after` is of another store: then these are from the first on.
    package var lost: Bool

    /// The ends after `after`. `deleted`: of the owner's ends up to this one some were deleted; `newest`: the last one that
    /// it has or had; `fetch`: the ends after a position.
    static func after(
        _ after: Int64, deleted: Int64, newest: Int64, fetch: (Int64) throws -> [PlacedEnd]
    ) rethrows -> PlacedEnds {
        // Past the newest: of a store that was there before this one.
        let isForeign = after > newest
        let start = isForeign ? 0 : after
        let ends = try fetch(start)
        return PlacedEnds(
            ends: ends, nextAfter: ends.last?.position ?? max(start, deleted), lost: isForeign || after < deleted)
    }
}

/// Lists of ended tasks.
package protocol HistoryStore: Sendable {
    /// Ended tasks, newest first, brief. A page may be short before the end.
    func history(_ query: HistoryQuery) async throws -> HistoryPage
    /// Fills the indexes of lists when at least `threshold` ended tasks are missing there; answers how many it took.
    func index(threshold: Int) async throws -> Int

    /// Ends of an owner's tasks after `after`.
    func results(of owner: String, after: Int64, limit: Int) async throws -> PlacedEnds
}
