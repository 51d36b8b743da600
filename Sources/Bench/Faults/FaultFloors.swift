/// What a run must come to before its silence about violations means anything.
package struct FaultFloors: Sendable {
    /// One count, and the least that it must be.
    package struct Figure: Sendable, Hashable {
        package var name: String
        package var found: Int
        package var floor: Int
        /// What else to say when it is not reached.
        package var remark = ""

        package var isReached: Bool { found >= floor }
    }

    package let figures: [Figure]
    private let isSettled: Bool

    /// - Parameters:
    ///   - wanted: tasks that the run was to ask for.
    ///   - asked: tasks that were asked for.
    ///   - acknowledged: those of them, and of batches, whose acceptance was told.
    ///   - begun: workers that wrote that they began.
    ///   - faults: how often each kind of fault struck, within `seconds`.
    ///   - dealt: the kinds that were dealt often enough to strike.
    ///   - isSettled: whether everything came to an end within the time for that.
    package init(
        wanted: Int, asked: Int, acknowledged: Int, succeeded: Int, begun: Int, faults: [String: Int],
        dealt: Set<String>, seconds: Int, isSettled: Bool
    ) {
        let half = max(1, asked / 2)
        let missing = dealt.filter { faults[$0, default: 0] == 0 }.sorted()
        figures = [
            // A slow machine, or one with hard faults, asks for less within the time; a fraction proves nothing.
            Figure(name: "asked for", found: asked, floor: max(1, wanted / 2)),
            Figure(name: "acknowledged", found: acknowledged, floor: half),
            Figure(name: "succeeded", found: succeeded, floor: half),
            Figure(name: "workers that began", found: begun, floor: half),
            Figure(name: "faults", found: faults.values.reduce(0, +), floor: max(1, seconds / 10)),
            Figure(
                name: "kinds of faults", found: dealt.count - missing.count, floor: dealt.count,
                remark: "never struck: " + missing.joined(separator: ", ")),
        ]
        self.isSettled = isSettled
    }

    /// What is missing, in words; empty when the run counts.
    package var shortfalls: [String] {
        figures.filter { !$0.isReached }.map {
            "\($0.found) \($0.name), where \($0.floor) are the least" + ($0.remark.isEmpty ? "" : "; " + $0.remark)
        }
            + (isSettled ? [] : ["something was still under way when the time for settling ran out"])
    }

    /// All of it on a line.
    package var text: String {
        "floors: " + figures.map { "\($0.name) \($0.found) of \($0.floor)" }.joined(separator: ", ")
    }
}
