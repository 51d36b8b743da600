import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import OpenAPI

/// What a worker wrote, over the routes and over a real socket.
@Suite struct OutputRoutesTests {
    private static let path = "/api/v3/tasks/0123456789abcdef/output"
    private let edge: TestEdge

    init() {
        var limits = EdgeLimits()
        limits.heartbeat = .milliseconds(50)
        limits.hangUpTime = .milliseconds(50)
        limits.streams = 3
        // While the scheduler is away the clock would run ahead until keys are too old.
        edge = TestEdge(limits: limits, pace: .milliseconds(20))
    }

    private func ask(_ query: String = "", headers: HTTPFields = [:]) async throws -> TestAnswer {
        try await edge.withRouter { client in
            var all = TestKey.caller.bearer
            all.append(contentsOf: headers)
            return try await client.ask(.get, Self.path + query, all)
        }
    }

    @Test func textAsItWasWritten() async throws {
        for line in 1...8 { edge.scheduler.output.write("line \(line)\n", line % 4 == 0 ? .stderr : .stdout) }
        let whole = try await ask()
        #expect(whole.text == (1...8).map { "line \($0)\n" }.joined())
        #expect(whole.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(try await ask("?stream=stderr").text == "line 4\nline 8\n")
        #expect(try await ask("?after=6").text == "line 7\nline 8\n")
        edge.scheduler.output.write("end", dropped: 1234)
        #expect(try await ask("?after=8").text == "\n… 1234 bytes dropped …\nend")
    }

    @Test func pagesOfJSON() async throws {
        edge.scheduler.output.write("grün\n")
        edge.scheduler.output.write(bytes: [0xFF, 0x0A], .stderr)
        let page = try await ask("?format=json").json
        #expect(page.object?.names == SchemaNames.members(of: "OutputPage"))
        #expect(page["parts"]?[0] == ["stream": "stdout", "text": "grün\n", "dropped": 0, "attempt": 1])
        #expect(page["parts"]?[1] == ["stream": "stderr", "base64": "/wo=", "dropped": 0, "attempt": 1])
        #expect(page["next"] == "2" && page["done"] == false && page["state"] == "running")
        edge.scheduler.output.end()
        let last = try await ask("?after=2", headers: [.accept: "text/html, application/json;q=0.9"]).json
        #expect(last["done"] == true && last["state"] == "succeeded")
        for wrong in ["?after=x", "?stream=stdin", "?format=xml", "?follow=maybe", "?after=1.x", "?after=-1"] {
            #expect(try await ask(wrong).code == "openapi.request.query", "\(wrong)")
        }
    }

    /// A client that was cut off within a page goes on behind the piece that it got.
    @Test func aPlaceWithinAPage() async throws {
        for text in ["äb", "cd", "ef"] { edge.scheduler.output.write(text) }
        let page = try await ask("?format=json").json
        #expect(page["next"] == "3")
        #expect(try await ask("?after=0.3").text == "cdef")
        #expect(try await ask("?after=0.5").text == "ef")
        #expect(try await ask("?after=0.6").text == "f")
        #expect(try await ask("?after=0.6.1").text == "f")
        #expect(try await ask("?after=0.6.2").text == "äbcdef", "of another attempt")
    }

    /// Pages may be smaller than the one within which the client was cut off.
    @Test func aPlaceBehindAWholePage() async throws {
        for number in 0..<9 { edge.scheduler.output.write("\(number)xy") }
        edge.scheduler.output.end()
        let first = try await ask("?format=json&after=0.13.1").json
        #expect(first["parts"] == [] && first["next"] == "3.4.1" && first["done"] == false)
        let second = try await ask("?format=json&after=3.4.1").json
        #expect(second["parts"]?[0]?["text"] == "xy" && second["parts"]?[1]?["text"] == "5xy", "\(second)")
        #expect(second["next"] == "6")
        #expect(try await ask("?after=0.13.1").text == "xy5xy6xy7xy8xy")
        #expect(try await ask("?after=0.22").text == "xy8xy", "behind two pages")
    }

    private func live(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await edge.service.application().test(.live) { client in try await body(try #require(client.port)) }
    }

    private static func request(_ query: String, last: String? = nil, key: TestKey = .caller) -> String {
        "GET \(path)\(query) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key.token)\r\n"
            + (last.map { "Last-Event-ID: \($0)\r\n" } ?? "") + "Connection: close\r\n\r\n"
    }

    @Test(.timeLimit(.minutes(1))) func aFollowerHearsEachPieceAndTheEnd() async throws {
        edge.scheduler.output.write("one\n")
        edge.scheduler.output.write("two\n", .stderr)
        let edge = edge
        try await live { port in
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.request("?follow=true"))
            let start = try await socket.read(until: "two")
            #expect(start.contains("text/event-stream") && start.contains("retry: 1000"))
            #expect(start.contains(#"event: output\#nid: 0.4.1\#ndata: {"stream":"stdout","text":"one\n""#), "\(start)")
            #expect(try await socket.read(until: ": still here\nid: 2").contains("still here"))
            edge.scheduler.output.write("three\n")
            edge.scheduler.output.end()
            let rest = try await socket.readToEnd()
            #expect(rest.contains(#"id: 3\#ndata: {"stream":"stdout","text":"three\n""#), "\(rest)")
            #expect(rest.contains(#"event: end\#nid: 3\#ndata: {"state":"succeeded","attempt":1}"#), "\(rest)")

            let again = try await RawSocket(port: port)
            try await again.send(Self.request("?follow=true", last: "0.4.1"))
            let resumed = try await again.readToEnd()
            #expect(!resumed.contains("one") && resumed.contains("two") && resumed.contains("three"), "\(resumed)")
            try await eventually("its place is free") { edge.service.numbers["streams_now"] == 0 }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFollowerThatHangsUpLeavesItsPlace() async throws {
        let edge = edge
        try await live { port in
            var sockets: [RawSocket] = []
            for _ in 1...3 {
                let socket = try await RawSocket(port: port)
                try await socket.send(Self.request("?follow=true"))
                _ = try await socket.read(until: "retry")
                sockets.append(socket)
            }
            let fourth = try await RawSocket(port: port)
            try await fourth.send(Self.request("?follow=true"))
            let refused = try await fourth.readToEnd()
            #expect(refused.contains("503") && refused.contains("elves.overloaded"), "\(refused)")
            #expect(edge.service.numbers["requests_now"] == 0, "followers are not counted among the requests")
            try await sockets[0].close()
            try await sockets[1].finish()
            try await eventually("two places are free") { edge.service.numbers["streams_now"] == 1 }
            try await sockets[2].close()
            try await eventually("all places are free") { edge.service.numbers["streams_now"] == 0 }
            try await settles("nobody is asked any more") { edge.scheduler.output.asked }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aKeyThatIsRevokedHearsNoMore() async throws {
        let edge = edge
        try await live { port in
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.request("?follow=true"))
            _ = try await socket.read(until: "retry")
            edge.service.keys.apply([], gone: ["caller"], complete: false, generation: 2)
            edge.scheduler.output.write("secret")
            let rest = try await socket.readToEnd()
            #expect(rest.contains("event: problem") && rest.contains("openapi.auth.keyRevoked"), "\(rest)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSchedulerThatIsAwayIsAskedAgain() async throws {
        let edge = edge
        try await live { port in
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.request("?follow=true"))
            _ = try await socket.read(until: "retry")
            edge.scheduler.fails(ElvesError(.channelClosed))
            _ = try await socket.read(until: "still here")
            edge.scheduler.fails(nil)
            edge.scheduler.output.write("back")
            #expect(try await socket.read(until: "back").contains("back"))
            edge.scheduler.fails(ElvesError(.schedulerTaskUnknown, "gone"))
            #expect(try await socket.readToEnd().contains("scheduler.task.unknown"))
        }
    }

    /// What a reader does not take stays with the scheduler; and one that takes nothing for long is cut off.
    @Test(.timeLimit(.minutes(1))) func aSlowReaderIsNotReadAheadOf() async throws {
        var limits = EdgeLimits()
        limits.stallTime = .milliseconds(500)
        let edge = TestEdge(limits: limits)
        edge.scheduler.output.neverEnds()
        try await edge.service.application().test(.live) { client in
            let socket = try await DeafSocket(port: try #require(client.port))
            try await socket.send(Self.request("?follow=true"))
            try await eventually("it is cut off") {
                edge.service.numbers["streams_now"] == 0 && edge.scheduler.output.asked > 0
            }
            // 64 KiB a question: what the two sockets' buffers hold, and no more.
            #expect(edge.scheduler.output.asked < 300, "\(edge.scheduler.output.asked)")
            try await socket.close()
        }
    }
}
