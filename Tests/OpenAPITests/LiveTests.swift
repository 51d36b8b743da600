import ElvesCore
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import OpenAPI

/// What needs a real socket.
@Suite struct LiveTests {
    /// Serves while the body runs; the body gets the port.
    private func live(
        _ edge: TestEdge, _ body: @escaping @Sendable (any TestClientProtocol, Int) async throws -> Void
    ) async throws {
        try await edge.service.application().test(.live) { client in
            try await body(client, try #require(client.port))
        }
    }

    private static func quick() -> EdgeLimits {
        var limits = EdgeLimits()
        limits.headTime = .milliseconds(300)
        limits.bodyTime = .milliseconds(300)
        return limits
    }

    private static let v2Call = [("app", "elder"), ("func", "f"), ("ip", "10.0.0.1")]
    private static let tooLong = "[403.2]Request Params (param) Illegal: the body is longer than 4194304 bytes"

    @Test func answersOverASocket() async throws {
        let edge = TestEdge()
        try await live(edge) { client, _ in
            let exec = TestKey.caller.v2("/api/v2/rt/exec", Self.v2Call)
            for _ in 1...3 { #expect(try await client.ask(.get, exec).json["flag"] == "true") }
            let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
            let signed = TestKey.caller.signature(.post, "/api/v3/tasks?wait=1", body: body, nonce: "x")
            #expect(try await client.ask(.post, "/api/v3/tasks?wait=1", signed, body: body).status == 200)
            let big = String(repeating: "x", count: 10_000_000)
            let refused = try await client.ask(.post, "/api/v3/tasks", TestKey.caller.bearer, body: big)
            #expect(refused.code == "openapi.request.tooLong")
            let signedPost = TestKey.caller.v2("/api/v2/rt/exec", Self.v2Call)
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let tooLong = try await client.ask(.post, signedPost, form, body: "param=" + big)
            #expect(tooLong.json["error"]?.string == Self.tooLong, "\(tooLong.text)")
            let fits = try await client.ask(.post, signedPost, form, body: "mode=" + big.prefix(1_000_000))
            #expect(fits.v2Code == "401.5", "as long as it is read, it is a part of what was signed")
            #expect(try await client.ask(.get, exec).json["flag"] == "true", "the connection still works")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aHeadThatTricklesInEnds() async throws {
        try await live(TestEdge(limits: Self.quick())) { _, port in
            let socket = try await RawSocket(port: port)
            try await socket.send("GET /healthz HTTP/1.1\r\n")
            // A header byte every 20 ms must not stretch the time that the head has.
            let answer = try await socket.readToEnd { try await socket.send("x") }
            #expect(answer.isEmpty || answer.contains("408"), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aBodyThatTricklesInIs408() async throws {
        try await live(TestEdge(limits: Self.quick())) { _, port in
            for (path, words) in [("/api/v3/tasks", "openapi.request.slow"), ("/api/v2/rt/exec", "\"flag\":\"false\"")]
            {
                let socket = try await RawSocket(port: port)
                let head =
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: \(TestKey.caller.bearer[.authorization] ?? "")"
                try await socket.send("\(head)\r\nContent-Length: 1000\r\n\r\n{")
                let answer = try await socket.readToEnd { try await socket.send(" ") }
                #expect(answer.contains(words) && answer.contains("Elves-Trace"), "\(answer)")
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func anIdleConnectionEnds() async throws {
        try await live(TestEdge(limits: Self.quick())) { _, port in
            let silent = try await RawSocket(port: port)
            #expect(try await silent.readToEnd() == "")
            let idle = try await RawSocket(port: port)
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await idle.readToEnd().contains("200 OK"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatTakesLongIsNotCutShort() async throws {
        var limits = EdgeLimits()
        limits.headTime = .seconds(2)
        limits.bodyTime = .seconds(2)
        let edge = TestEdge(limits: limits)
        edge.scheduler.delay(.milliseconds(2500))
        try await live(edge) { client, _ in
            let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
            let answer = try await client.ask(.post, "/api/v3/tasks?wait=5", TestKey.caller.bearer, body: body)
            #expect(answer.status == 200)
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("NONSENSE\r\n\r\n", "HTTP/1.1 400", "openapi.request.malformed"),
            (
                "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n", "HTTP/1.1 431",
                "openapi.request.headTooLong"
            ),
            (
                "POST /api/v3/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 400",
                "openapi.request.malformed"
            ),
        ])
    func bytesThatAreNoRequest(bytes: String, status: String, code: String) async throws {
        try await live(TestEdge()) { _, port in
            let socket = try await RawSocket(port: port)
            try await socket.send(bytes)
            let answer = try await socket.readToEnd()
            #expect(answer.hasPrefix(status) && answer.contains(code) && answer.contains("Elves-Trace"), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aClientMayAskBeforeItSendsItsBody() async throws {
        try await live(TestEdge()) { _, port in
            let socket = try await RawSocket(port: port)
            let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
            let token = TestKey.caller.bearer[.authorization] ?? ""
            try await socket.send(
                "POST /api/v3/tasks?wait=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: \(token)\r\n"
                    + "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await socket.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100"))
            try await socket.send(body)
            #expect(try await socket.readToEnd().contains("200 OK"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func noMoreConnectionsThanAllowed() async throws {
        var limits = EdgeLimits()
        limits.connections = 3
        try await live(TestEdge(limits: limits)) { client, port in
            #expect(try await client.ask(.get, "/healthz").status == 200)
            let two = [try await RawSocket(port: port), try await RawSocket(port: port)]
            for socket in two {
                try await socket.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await socket.read(until: "}").contains("200 OK"))
            }
            let waiting = try await RawSocket(port: port)
            try await waiting.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try await two[0].close()
            #expect(try await waiting.readToEnd().contains("200 OK"), "served once another one left")
        }
    }

    private static let slowCall = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#

    private static func slowRequest() -> String {
        let token = TestKey.caller.bearer[.authorization] ?? ""
        return "POST /api/v3/tasks?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: \(token)\r\n"
            + "Content-Length: \(slowCall.utf8.count)\r\n\r\n\(slowCall)"
    }

    @Test(.timeLimit(.minutes(1))) func aCallerThatHangsUpLeavesItsPlace() async throws {
        var limits = EdgeLimits()
        limits.requests = 1
        limits.hangUpTime = .milliseconds(50)
        let edge = TestEdge(limits: limits)
        edge.scheduler.delay(.seconds(600))
        try await live(edge) { client, port in
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.slowRequest())
            try await eventually("the call waits") { edge.scheduler.executed.count == 1 }
            let other = try await client.ask(.get, "/api/v3/agents", TestKey.caller.bearer)
            #expect(other.status == 503 && other.code == "elves.overloaded", "\(other.text)")
            #expect(try await client.ask(.get, "/healthz").status == 200, "health is told however many there are")
            #expect(try await client.ask(.get, "/readyz").status == 200)
            try await socket.close()
            try await eventually("its place is free") { edge.service.numbers["requests_now"] == 0 }
            #expect(try await client.ask(.get, "/api/v3/agents", TestKey.caller.bearer).status == 200)
            #expect(edge.scheduler.executed.count == 1, "asked once")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallerThatOnlyStopsSendingGetsItsAnswer() async throws {
        let edge = TestEdge()
        edge.scheduler.delay(.milliseconds(200))
        try await live(edge) { _, port in
            let socket = try await RawSocket(port: port)
            try await socket.send(Self.slowRequest())
            try await socket.finish()
            #expect(try await socket.readToEnd().contains("200 OK"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func aPushWhoseCallerHangsUpIsAborted() async throws {
        var limits = EdgeLimits()
        limits.hangUpTime = .milliseconds(50)
        let edge = TestEdge(limits: limits)
        try await live(edge) { _, port in
            let socket = try await RawSocket(port: port)
            let token = TestKey.admin.bearer[.authorization] ?? ""
            try await socket.send(
                "POST /api/v3/apps?filename=a.zip HTTP/1.1\r\nHost: x\r\nAuthorization: \(token)\r\n"
                    + "Content-Length: 5000\r\n\r\nPK")
            try await eventually("the push began") { edge.supervisor.state.withLock { $0.begun == 1 } }
            try await socket.close()
            try await eventually("the push is forgotten") { edge.supervisor.state.withLock { $0.aborted == 1 } }
            #expect(edge.supervisor.state.withLock(\.finished) == 0)
        }
    }
}
