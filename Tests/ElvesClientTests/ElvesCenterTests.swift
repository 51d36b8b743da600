import ElvesClient
import Foundation
import Synchronization
import Testing

/// Answers every request with the next of its replies and keeps the requests.
final class ScriptedTransport: Transport {
    let requests = Mutex<[HTTPRequest]>([])
    private let replies: Mutex<[HTTPReply]>

    init(_ replies: [(Int, String)]) {
        self.replies = Mutex(replies.map { HTTPReply(status: $0.0, body: Array($0.1.utf8)) })
    }

    func send(_ request: HTTPRequest) async throws -> HTTPReply {
        requests.withLock { $0.append(request) }
        return replies.withLock { $0.isEmpty ? HTTPReply(status: 204) : $0.removeFirst() }
    }

    func open(_ request: HTTPRequest) async throws -> HTTPStream {
        let reply = try await send(request)
        let body = Mutex<[UInt8]?>(reply.body)
        return HTTPStream(status: reply.status) {
            body.withLock { body in
                defer { body = nil }
                return body
            }
        }
    }

    var lines: [String] { requests.withLock { $0.map { "\($0.method) \($0.url)" } } }
    var bodies: [String] { requests.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
}

@Suite struct ElvesCenterTests {
    static let task = #"""
        {"id":"0123456789abcdef","batch_id":null,"app":"hello","function":"greet","param":{"name":"Ada"},
        "agent":{"id":"01","ip":"127.0.0.1","name":"local-1"},"state":"STATE","attempt":1,
        "result":{"text":"hello Ada"},"message":"","flag":1,"code":null,"version":"1.0.0",
        "exit_code":0,"signal":null,"cost_ms":12,"timeout_ms":90000,
        "stdout":{"head":"","tail":"","dropped":0},"stderr":{"head":"","tail":"","dropped":0},
        "created_at":"2026-01-02T03:04:05.678Z","dispatched_at":null,"ended_at":null,"labels":{},"trace":"4b"}
        """#

    private func center(_ transport: ScriptedTransport, _ credentials: Credentials? = nil) throws -> ElvesCenter {
        ElvesCenter(
            url: try #require(URL(string: "http://127.0.0.1:7300/")), credentials: credentials, transport: transport,
            now: { Date(timeIntervalSince1970: 1_700_000_000) })
    }

    @Test func waitsForTheEndOfATask() async throws {
        let transport = ScriptedTransport([
            (202, Self.task.replacing("STATE", with: "running")),
            (200, Self.task.replacing("STATE", with: "succeeded")),
        ])
        let task = try await center(transport).run("hello", "greet", on: "127.0.0.1", param: ["name": "Ada"])
        #expect(task.state == .succeeded)
        #expect(task.result == ["text": "hello Ada"])
        #expect(task.createdAt?.timeIntervalSince1970 == 1_767_323_045.678)
        #expect(
            transport.lines == [
                "POST http://127.0.0.1:7300/api/v3/tasks?wait=30",
                "GET http://127.0.0.1:7300/api/v3/tasks/0123456789abcdef?wait=30",
            ])
        #expect(
            transport.bodies.first
                == #"{"app":"hello","function":"greet","param":{"name":"Ada"},"target":"127.0.0.1"}"#)
    }

    @Test func encodesPathAndQueryByteForByte() async throws {
        let transport = ScriptedTransport([(200, #"{"agents":[],"generation":3,"unmatched":["ü"]}"#)])
        let resolution = try await center(transport).resolve("role in (web,api),!canary", exclude: "ü")
        #expect(resolution.unmatched == ["ü"])
        #expect(
            transport.lines == [
                "GET http://127.0.0.1:7300/api/v3/resolve?on=role%20in%20%28web%2Capi%29%2C%21canary&exclude=%C3%BC"
            ])
    }

    @Test func followsPagesToTheEnd() async throws {
        let agent = #"""
            {"id":"1","ip":"IP","name":"","version":"1","alive":true,"last_beat_at":null,"first_seen_at":null,
            "labels":{},"facts":{},"apps":[{"app":"hello","version":"1.0.0","problem":null}]}
            """#
        let transport = ScriptedTransport([
            (200, #"{"agents":[\#(agent.replacing("IP", with: "10.0.0.1"))],"next":7}"#),
            (200, #"{"agents":[\#(agent.replacing("IP", with: "10.0.0.2"))],"next":null}"#),
        ])
        let agents = try await center(transport).allAgents()
        #expect(agents.map(\.ip) == ["10.0.0.1", "10.0.0.2"])
        #expect(transport.lines.last?.hasSuffix("/api/v3/agents?after=7&limit=500") == true)
    }

    @Test func throwsTheProblemThatTheCenterNames() async throws {
        let problem = #"""
            {"type":"https://elves.dev/errors/openapi.app.unknown","title":"Unknown app","status":404,
            "code":"openapi.app.unknown","detail":"no app \"nope\"","hint":"try: elves app list",
            "retryable":false,"trace":"4b","details":{"app":"nope"}}
            """#
        let center = try center(ScriptedTransport([(404, problem)]))
        let error = await #expect(throws: CenterError.self) { try await center.app("nope") }
        #expect(error?.code == "openapi.app.unknown")
        #expect(error?.detail == #"no app "nope""#)
        #expect(error?.isRetryable == false)
    }

    @Test func saysWhenTheOtherSideIsNoCenter() async throws {
        let center = try center(ScriptedTransport([(502, "<html>Bad gateway</html>")]))
        let error = await #expect(throws: CenterError.self) { try await center.apps() }
        #expect(error?.code == "cli.center.answer")
        #expect(error?.detail.contains("Bad gateway") == true)
    }

    @Test func aTokenTravelsAsBearer() async throws {
        let transport = ScriptedTransport([(200, #"{"keys":[]}"#)])
        _ = try await center(transport, .token("t0ken")).keys()
        let headers = transport.requests.withLock { $0.first?.headers ?? [] }
        #expect(headers.first { $0.0 == "Authorization" }?.1 == "Bearer t0ken")
    }

    @Test func aSecretSignsAndDoesNotTravel() async throws {
        let transport = ScriptedTransport([(200, #"{"keys":[]}"#)])
        _ = try await center(transport, .key(authID: "ops", secret: "top secret")).keys()
        let headers = transport.requests.withLock { $0.first?.headers ?? [] }
        let value = headers.first { $0.0 == "Authorization" }?.1 ?? ""
        #expect(value.hasPrefix("ELVES-HMAC-SHA256 auth_id=ops, timestamp=1700000000, nonce="))
        #expect(!value.contains("top secret"))
    }

    @Test func aPackageTravelsWithItsDigest() async throws {
        let answer = #"{"app":"a","version":"1.0.0","digest":"ab","files":1,"activated":true}"#
        let transport = ScriptedTransport([(201, answer)])
        let center = try center(transport, .key(authID: "ops", secret: "s"))
        _ = try await center.push(zip: Array("abc".utf8), filename: "a.zip")
        let headers = transport.requests.withLock { $0.first?.headers ?? [] }
        #expect(
            headers.first { $0.0 == "Content-Digest" }?.1 == "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:")
    }

    @Test func aRefusedConnectionIsSaidAtOnce() async throws {
        // Port 1 of the loopback interface: nothing listens there.
        let center = ElvesCenter(url: try #require(URL(string: "http://127.0.0.1:1")), credentials: nil)
        let error = await #expect(throws: CenterError.self) { try await center.apps() }
        #expect(error?.detail == "no center answers at http://127.0.0.1:1: connection refused")
    }
}
