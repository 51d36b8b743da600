import ElvesContracts
import ElvesCore
import Runner
import Synchronization
import Testing

@testable import Agent

/// Output of real workers, copied by a real host, sent by the agent's own parts to a played center.
@Suite struct WorkerOutputTests {
    private let center = PlayedCenter()

    private func running(
        _ script: String, settings: [String: String] = [:],
        _ body: (Bench) async throws -> Void
    ) async throws {
        let bench = try await Bench(
            [Package(entry: ["sh", "worker.sh"], functions: ["f"], ["worker.sh": script])], settings: settings,
            center: center.caller)
        let feeder = try #require(bench.parts.output)
        try await feeder.running { () async throws in try await body(bench) }
        await bench.stop()
    }

    private func output(of result: TaskResult) -> PlayedCenter.Arrived {
        center[AttemptKey(taskId: result.taskId, attempt: result.attempt)]
    }

    @Test func aLoudWorkersOutputArrivesByteForByte() async throws {
        let script = """
            i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo "$i: aé€😀 and so on until the line is long enough"; done
            i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "$i: ßüö" >&2; done
            """
        try await running(script) { bench async throws in
            let result = try await bench.run("f")
            let out = (1...4000).map { "\($0): aé€😀 and so on until the line is long enough\n" }.joined()
            let errors = (1...3000).map { "\($0): ßüö\n" }.joined()
            #expect(try await eventually { output(of: result).isDone })
            let arrived = output(of: result)
            #expect(arrived.bytes[.stdout] == Array(out.utf8) && arrived.bytes[.stderr] == Array(errors.utf8))
            #expect(arrived.dropped.isEmpty && arrived.torn == 0)
            #expect(result.copiedBytes == Int64(out.utf8.count + errors.utf8.count))
            #expect(result.stdoutBytes == Int64(out.utf8.count) && result.stderrBytes == Int64(errors.utf8.count))
            #expect(try await eventually { Disk.names(in: bench.folder.agent.outputs).isEmpty })
        }
    }

    @Test func aSlowWorkersLinesComeWhileItRuns() async throws {
        try await running("echo first; while [ ! -e $ELVES_STATE_DIR/go ]; do sleep 0.02; done; echo last") {
            bench async throws in
            async let result = bench.run("f")
            let text = { center.state.withLock { $0.output.values.first?.bytes[.stdout] } ?? [] }
            #expect(try await eventually { text() == Array("first\n".utf8) })
            try bench.folder.write("state/app/go", "")
            let ended = try await result
            #expect(try await eventually { output(of: ended).isDone })
            #expect(text() == Array("first\nlast\n".utf8))
        }
    }

    @Test func aShortQuietTaskSendsNothing() async throws {
        try await running("echo hi") { bench async throws in
            let result = try await bench.run("f")
            #expect(result.stdout.head == "hi\n" && result.copiedBytes == nil)
            #expect(center.state.withLock { $0.calls } == 0)
            #expect(Disk.names(in: bench.folder.agent.outputs).isEmpty)
        }
    }

    @Test func whatTheCopyDoesNotHoldIsCounted() async throws {
        try await running("head -c 500000 /dev/zero | tr '\\0' x", settings: ["output_bytes": "100000"]) {
            bench async throws in
            let result = try await bench.run("f")
            #expect(try await eventually { output(of: result).isDone })
            let arrived = output(of: result)
            #expect(arrived.end + (arrived.dropped[.stdout] ?? 0) == 500_000)
            #expect(arrived.end == result.copiedBytes && arrived.end <= 100_000)
        }
    }
}
