import Foundation
import Testing

/// A bounded part of the fault suite: real programs, real faults, and the checker's word on what came of it.
@Suite struct FaultSuiteTests {
    /// The same seed gives the same faults, one after the other. docs/reliability.md says how to run more.
    @Test(.timeLimit(.minutes(6)))
    func noPromiseIsBrokenWhileEverythingFails() async throws {
        let run = try await Task.detached {
            try Typed(
                running: RunningCenter.program("elves-bench"),
                [
                    "faults", "--seed", "20261121", "--tasks", "5000", "--seconds", "120", "--agents", "3",
                    "--callers", "8",
                ],
                ProcessInfo.processInfo.environment)
        }.value
        #expect(run.status == 0, "\(run)")
        #expect(run.output.contains("  0 violations"))
        let line = try #require(run.output.split(separator: "\n").first { $0.contains("floors: ") }, "\(run)")
        let floors = line.split(separator: ": ", maxSplits: 1)[1].split(separator: ", ").map(Floor.init)
        #expect(floors.map(\.name) == ["asked for", "acknowledged", "succeeded", "workers that began", "faults"])
        for floor in floors { #expect(floor.floor > 0 && floor.found >= floor.floor, "\(run)") }
        #expect(!run.output.contains("TOO LITTLE"))
        let kinds = try #require(run.output.split(separator: "\n").first { $0.contains("  faults: ") }, "\(run)")
        for kind in ["kill -9 scheduler", "kill -9 agent", "kill -9 runner", "pause", "cut", "clock step"] {
            #expect(kinds.contains("× \(kind)"), "\(run)")
        }
        // What the machine can do is done to it.
        if getuid() == 0 { #expect(run.output.contains("full disks on"), "\(run)") }
        #expect(run.output.contains("clock steps on"), "\(run)")
    }

    /// `succeeded 1200 of 700`
    private struct Floor {
        let name: String
        let found: Int
        let floor: Int

        init(_ text: Substring) {
            let words = text.split(separator: " ")
            name = words.dropLast(3).joined(separator: " ")
            found = words.dropLast(2).last.flatMap { Int($0) } ?? -1
            floor = words.last.flatMap { Int($0) } ?? .max
        }
    }
}
