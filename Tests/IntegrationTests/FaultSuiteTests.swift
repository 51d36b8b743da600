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
        #expect(
            floors.map(\.name) == [
                "asked for", "acknowledged", "succeeded", "workers that began", "faults", "kinds of faults",
            ])
        for floor in floors { #expect(floor.floor > 0 && floor.found >= floor.floor, "\(run)") }
        #expect(!run.output.contains("TOO LITTLE"))
        let kinds = try #require(run.output.split(separator: "\n").first { $0.contains("  faults: ") }, "\(run)")
        let struck = Set(kinds.split(separator: ": ")[1].split(separator: ", ").map { $0.split(separator: " × ")[1] })
        // What the machine can do is done to it.
        let isRoot = getuid() == 0
        if isRoot { #expect(run.output.contains("full disks on"), "\(run)") }
        for kind in Self.kinds where isRoot || !kind.hasPrefix("full disk") {
            #expect(struck.contains(Substring(kind)), "\(kind) never struck: \(run)")
        }
    }

    private static let kinds =
        ["scheduler", "heartbeat", "supervisor", "openapi", "agent", "runner"].map { "kill -9 \($0)" }
        + ["component", "agent", "runner"].map { "pause \($0)" }
        + ["cut", "cut agent–heartbeat", "cut openapi–scheduler"]
        + ["half-open agent–heartbeat", "half-open openapi–scheduler", "mute", "scramble"]
        + ["full disk of scheduler", "full disk of agent", "clock step of center", "clock step of agent"]

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
