import Foundation
import Testing

/// A bounded part of the fault suite: real programs, real faults, and the checker's word on what came of it.
@Suite struct FaultSuiteTests {
    /// The same seed gives the same faults; docs/reliability.md says how to run more.
    @Test(.timeLimit(.minutes(6)))
    func noPromiseIsBrokenWhileEverythingFails() async throws {
        let run = try await Task.detached {
            try Typed(
                running: RunningCenter.program("elves-bench"),
                [
                    "faults", "--seed", "20261121", "--tasks", "1500", "--seconds", "60", "--agents", "3", "--callers",
                    "8",
                ],
                ProcessInfo.processInfo.environment)
        }.value
        #expect(run.status == 0, "\(run)")
        #expect(run.output.contains("  0 violations"))
    }
}
