import ElvesClient
import Foundation
import Testing

/// What workers write, seen while they write it, on a real center.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LiveOutputTests {
    @Test func outputIsSeenAsItIsWritten() async throws {
        let running = try await RunningCenter.start(agents: 2, apps: [.deck])
        try await twoTargetsBehindTheirNames(running)
        try await aRunningTask(running)
        try await aStreamThatIsCutAndResumed(running)
    }

    /// `elves exec --follow`: each line behind its target's name, before the worker has ended.
    private func twoTargetsBehindTheirNames(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let exec = try running.typing("exec deck say --on local-1,local-2 --follow \(marks.option)")
        try await running.until("both speak") {
            Set(exec.output.all) == ["local-1 | first", "local-2 | first"]
                && Set(exec.errors.all) == ["local-1 ! oops", "local-2 ! oops"]
        }
        #expect(exec.status == nil && !marks.has("go"))
        try marks.leave("go")
        try await running.until("the end") { exec.status != nil }
        #expect(exec.status == 0)
        for target in ["local-1", "local-2"] {
            let lines = exec.output.all.filter { $0.hasPrefix(target) }
            #expect(lines == ["first", "second", "no newline"].map { "\(target) | \($0)" })
        }
        #expect(exec.output.all.last?.hasPrefix(#"2 ✓ "said""#) == true, "\(exec.output.text)")
        #expect(exec.output.all.count == 7, "\(exec.output.text)")
    }

    /// `elves task output -f`, begun in the middle: the same bytes, each on its own output.
    private func aRunningTask(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let task = try await running.typed("exec deck say --on local-2 --async \(marks.option)").word
        let follow = try running.typing("task output -f \(task)")
        try await running.until("it has begun") {
            follow.output.text == "first\n" && follow.errors.text == "oops\n"
        }
        let soFar = try await running.typed("task output \(task)")
        #expect(soFar.status == 0 && soFar.output == "first\n" && soFar.errors == "oops\n", "\(soFar)")
        #expect(follow.status == nil)
        try marks.leave("go")
        try await running.until("the end") { follow.status != nil }
        #expect(follow.status == 0 && follow.output.text == "first\nsecond\nno newline", "\(follow.output.text)")
        let later = try await running.typed("task output \(task)")
        #expect(later.output == follow.output.text && later.errors == follow.errors.text, "\(later)")
        let text = try running.curl("/api/v3/tasks/\(task)/output?stream=stdout")
        #expect(text.output == follow.output.text, "\(text)")
    }

    /// A stream over REST is cut by the end of openapi and goes on behind its last id: the worker's bytes, each once.
    /// The library's stream does the same by itself.
    private func aStreamThatIsCutAndResumed(_ running: RunningCenter) async throws {
        let marks = try Marks(running)
        let center = try running.client()
        let task = try await center.createTask(
            TaskRequest(app: "deck", function: "stream", target: "local-1", param: marks.param))
        let following = Task {
            var bytes: [UInt8] = []
            for try await event in center.followOutput(of: task.id) {
                if case .output(let piece) = event { bytes += piece.bytes }
            }
            return bytes
        }
        defer { following.cancel() }
        let path = "/api/v3/tasks/\(task.id)/output?follow=true"
        let cut = try running.curling(path)
        try await running.until("much has come") { cut.output.bytes.count > 100_000 }
        try await running.restart("openapi.yaml")
        try await running.until("the stream was cut") { cut.status != nil }
        let first = ServerEvent.parse(cut.output.bytes)
        #expect(!first.contains { $0.name == "end" })
        let last = try #require(first.last?.id)
        try await running.works()

        let resumed = try running.curling(path, "-H", "Last-Event-ID: \(last)")
        try await running.until("more comes") { resumed.output.bytes.count > 100_000 }
        try marks.leave("go")
        try await running.until("the stream ended") { resumed.status != nil }
        let second = ServerEvent.parse(resumed.output.bytes)
        #expect(resumed.status == 0 && second.last?.name == "end", "\(second.last?.data ?? "")")
        #expect(try json(second.last)["state"] == "succeeded")
        let wrote = marks.bytes("wrote")
        #expect(wrote.count > 50_000)
        #expect(try bytes(first + second) == wrote, "what came in two parts is what was written")
        #expect(try await following.value == wrote, "so does what the library followed")
    }

    private func json(_ event: ServerEvent?) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data((event?.data ?? "").utf8))
    }

    private func bytes(_ events: [ServerEvent]) throws -> [UInt8] {
        try events.filter { $0.name == "output" }.flatMap { event in
            let piece = try JSONDecoder().decode(OutputPiece.self, from: Data(event.data.utf8))
            #expect(piece.stream == .stdout && piece.dropped == 0)
            return piece.bytes
        }
    }
}
