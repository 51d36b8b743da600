import ElvesCLI
import Foundation
import Synchronization
import TestSupport
import Testing

/// `elves exec --follow`, and Ctrl-C in it.
@Suite(.timeLimit(.minutes(1))) struct LiveExecTests {
    private static func task(_ number: Int, _ state: String) -> String {
        ExecCommandTests.task("10.0.0.\(number)", state, result: #""ok""#, id: "000000000000000\(number)")
    }

    private static func output(_ pieces: [(String, String)], state: String = "succeeded") -> String {
        pieces.map { stream, text in
            let data = #"{"stream":"\#(stream)","text":"\#(text)","dropped":0,"attempt":1}"#
            return "event: output\nid: 1\ndata: \(data)\n\n"
        }.joined() + "event: end\nid: 2\ndata: {\"state\":\"\(state)\",\"attempt\":1}\n\n"
    }

    private static func answer(_ asked: FakeCenter.Asked, isDone: Bool = true) -> (Int, String) {
        switch asked.line.prefix(while: { $0 != "?" }) {
        case "GET /api/v3/resolve": return (200, ExecCommandTests.agents(2))
        case "POST /api/v3/batches": return (201, ExecCommandTests.batch)
        case "GET /api/v3/batches/b1/ends":
            let tasks = isDone ? [task(1, "succeeded"), task(2, "failed")] : []
            return (200, #"{"tasks":[\#(tasks.joined(separator: ","))],"next":"c1","done":\#(isDone)}"#)
        case "GET /api/v3/tasks":
            return (200, #"{"tasks":[\#(task(2, "running")),\#(task(1, "running"))],"next":null}"#)
        case "GET /api/v3/tasks/0000000000000001/output":
            return (200, output([("stdout", #"one\ntw"#), ("stderr", #"oh\n"#), ("stdout", #"o\nlast"#)]))
        case "GET /api/v3/tasks/0000000000000002/output":
            return (200, output([("stdout", #"zwei\n"#)], state: "failed"))
        case "POST /api/v3/batches/b1/stop": return (200, ExecCommandTests.batch)
        case "POST /api/v3/tasks": return (202, task(1, "running"))
        case "GET /api/v3/tasks/0000000000000001": return (200, task(1, "succeeded"))
        default: return (500, asked.line)
        }
    }

    private static let batch = ["exec", "hello", "greet", "--on", "zone=bj", "--follow"]

    @Test func linesOfManyTargetsAndTheirSummary() async throws {
        try await FakeCenter.run(answering: { Self.answer($0) }) { url, center in
            let (status, terminal) = await Command.run(Self.batch, url: url)
            #expect(status == .failure)
            #expect(
                terminal.output.filter { $0.hasPrefix("10.0.0.1") }
                    == ["one", "two", "last"].map { "10.0.0.1 | \($0)" })
            #expect(terminal.output.contains("10.0.0.2 | zwei"))
            #expect(terminal.notes.contains("10.0.0.1 ! oh"))
            #expect(
                terminal.output.last == #"1 ✓ "ok": 10.0.0.1 · 1 ✗ "ok": 10.0.0.2"#
                    || terminal.output.last?.contains("1 ✓") == true, "\(terminal.output)")
            #expect(center.asked.contains { $0.line.hasPrefix("GET /api/v3/tasks?batch=b1") })

            let (_, lines) = await Command.run(Self.batch + ["--json"], url: url)
            #expect(
                lines.output.contains { $0.contains(#""stream":"stderr""#) && $0.contains(#""target":"10.0.0.1""#) })
            #expect(lines.output.filter { $0.contains(#""state":"#) }.count == 2)
        }
    }

    @Test func oneTargetIsShownAsItWrites() async throws {
        try await FakeCenter.run(answering: { Self.answer($0) }) { url, center in
            let (status, terminal) = await Command.run(
                ["exec", "hello", "greet", "--on", "10.0.0.1", "--follow"], url: url)
            #expect(status == .success)
            #expect(terminal.written == "one\ntwo\nlast" && terminal.writtenErrors == "oh\n")
            #expect(terminal.output == ["ok"] && terminal.notes.isEmpty)
            #expect(center.asked.first?.line == "POST /api/v3/tasks", "recorded before it starts")
        }
    }

    private static func presses(_ count: Int) -> AsyncStream<Void> {
        AsyncStream { continuation in
            for _ in 0..<count { continuation.yield() }
        }
    }

    @Test func theFirstInterruptSaysWhatGoesOnAndTheSecondLeaves() async throws {
        let (presses, press) = AsyncStream.makeStream(of: Void.self)
        let terminal = RecordingTerminal()
        try await FakeCenter.run(answering: { Self.answer($0, isDone: false) }) { url, center in
            async let run = Command.run(Self.batch, url: url, terminal: terminal, interrupts: presses)
            // Both outputs are read, so that no connection is being opened when the fake center goes.
            try await eventually("both outputs are read", within: .seconds(30)) {
                center.asked.filter { $0.line.contains("/output") }.count == 2
            }
            press.yield()
            try await eventually("it says what Ctrl-C does", within: .seconds(30)) {
                terminal.notes.contains { $0.contains("Ctrl-C again leaves") }
            }
            let notes = terminal.notes.joined(separator: "\n")
            #expect(notes.contains("elves batch show b1") && notes.contains("elves batch stop b1 --kill"), "\(notes)")
            press.yield()
            let (status, _) = await run
            #expect(status == .unreachable)
            #expect(!center.asked.contains { $0.line.contains("/stop") }, "nothing is stopped")
        }
    }

    @Test func anInterruptMayStopWhatRuns() async throws {
        let stopped = Atomic(false)
        try await FakeCenter.run(answering: { asked in
            if asked.line.hasSuffix("/stop") { stopped.store(true, ordering: .relaxed) }
            return Self.answer(asked, isDone: stopped.load(ordering: .relaxed))
        }) { url, center in
            let (status, terminal) = await Command.run(
                Self.batch + ["--kill-on-interrupt"], url: url, interrupts: Self.presses(1))
            #expect(status == .failure)
            #expect(terminal.output.last?.contains("1 ✓") == true, "its ends are waited for")
            let stop = try #require(center.asked.first { $0.line.hasSuffix("/stop") })
            #expect(stop.body == #"{"kill":true,"reason":"Ctrl-C"}"#)
        }
    }
}
