import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import OpenAPI

@Suite struct V3AuthenticationTests {
    private static let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#

    @Test func tokensAndSignatures() async throws {
        let edge = TestEdge()
        let target = "/api/v3/tasks?wait=1.5"
        try await edge.withRouter { client async throws in
            let byToken = try await client.ask(.post, target, TestKey.caller.bearer, body: Self.body)
            #expect(byToken.status == 200, "\(byToken.text)")
            let spaced: HTTPFields = [.authorization: "bearer   \(TestKey.caller.token)"]
            #expect(try await client.ask(.post, target, spaced, body: Self.body).status == 200)
            let signature = TestKey.caller.signature(.post, target, body: Self.body, nonce: "a")
            #expect(try await client.ask(.post, target, signature, body: Self.body).status == 200)
            let again = try await client.ask(.post, target, signature, body: Self.body)
            #expect(again.status == 401 && again.code == "openapi.auth.nonceRepeated")
            let plain = TestKey.caller.signature(.get, "/api/v3/apps")
            for _ in 1...2 { #expect(try await client.ask(.get, "/api/v3/apps", plain).status == 200) }
        }
    }

    @Test func whatIsRefused() async throws {
        let edge = TestEdge()
        let path = "/api/v3/agents"
        let now = TestEdge.start / 1000
        func header(_ text: String) -> HTTPFields { [.authorization: text] }
        let cases: [(String, HTTPFields)] = [
            ("openapi.auth.missing", [:]), ("openapi.auth.malformed", header("Basic x")),
            ("openapi.auth.malformed", header("Bearer")), ("openapi.auth.token", header("Bearer nope")),
            ("openapi.auth.malformed", header("ELVES-HMAC-SHA256 nonsense")),
            ("openapi.auth.malformed", header("ELVES-HMAC-SHA256 auth_id=x, timestamp=1")),
            ("openapi.auth.signLength", header("ELVES-HMAC-SHA256 auth_id=x, timestamp=1, signature=00")),
            ("openapi.auth.window", TestKey.caller.signature(.get, path, at: now - 180)),
            ("openapi.auth.window", TestKey.caller.signature(.get, path, at: now + 180)),
            ("openapi.auth.keyUnknown", TestKey(id: "stranger").signature(.get, path)),
            ("openapi.auth.keyRevoked", TestKey(id: "revoked").signature(.get, path)),
            ("openapi.auth.signature", TestKey.caller.signature(.get, path + "?on=a1")),
            ("openapi.auth.signature", TestKey.caller.signature(.post, path)),
            ("openapi.auth.signature", TestKey.caller.signature(.get, path, body: "x")),
            ("openapi.auth.nonceMissing", TestKey.nonced.signature(.get, path)),
            ("openapi.auth.nonceMissing", TestKey.nonced.bearer),
        ]
        try await edge.withRouter { client async throws in
            for (code, headers) in cases {
                let answer = try await client.ask(.get, path, headers)
                #expect(answer.code == code, "\(headers): \(answer.text)")
                #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] != nil)
                #expect(answer.headers[.contentType] == "application/problem+json")
                let trace = answer.json["trace"]?.string ?? "-"
                #expect(answer.headers[.elvesTrace]?.contains(trace) == true)
            }
        }
    }

    @Test func aWrongSignatureUsesUpNoNonce() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            var wrong = TestKey(id: "caller").signature(.get, "/api/v3/agents", body: "other", nonce: "n")
            #expect(try await client.ask(.get, "/api/v3/agents", wrong).code == "openapi.auth.signature")
            wrong = TestKey.caller.signature(.get, "/api/v3/agents", nonce: "n")
            #expect(try await client.ask(.get, "/api/v3/agents", wrong).status == 200)
        }
    }

    @Test func aNonceFromBeforeTheStartIsRefused() async throws {
        let edge = TestEdge()
        edge.time.advance(.seconds(10))
        try await edge.withRouter { client async throws in
            let captured = TestKey.caller.signature(.get, "/api/v3/agents", nonce: "n")
            let answer = try await client.ask(.get, "/api/v3/agents", captured)
            #expect(answer.status == 401 && answer.code == "openapi.auth.nonceForgotten", "\(answer.text)")
            #expect(answer.json["details"]?["server_time"] == .string(String(edge.time.wall / 1000)))
            let fresh = TestKey.caller.signature(.get, "/api/v3/agents", nonce: "n", at: edge.time.wall / 1000)
            #expect(try await client.ask(.get, "/api/v3/agents", fresh).status == 200)
        }
    }

    @Test func oldKeysAreRefusedWith503() async throws {
        let edge = TestEdge()
        edge.time.advance(.seconds(600))
        try await edge.withRouter { client async throws in
            let answer = try await client.ask(.get, "/api/v3/agents", TestKey.caller.bearer)
            #expect(answer.status == 503 && answer.code == "openapi.auth.keysStale")
            #expect(answer.headers[.retryAfter] != nil)
        }
        try await TestEdge(loaded: false).withRouter { client async throws in
            #expect(try await client.ask(.get, "/api/v3/agents", TestKey.caller.bearer).status == 503)
        }
    }

    @Test func scopes() async throws {
        let edge = TestEdge()
        @Sendable func task(_ app: String, _ target: String) -> String {
            #"{"app":"\#(app)","function":"greet","target":"\#(target)"}"#
        }
        try await edge.withRouter { client async throws in
            for (body, status) in [
                (task("hello", "10.0.0.1"), 200), (task("hello", "a2"), 200), (task("hello", "10.0.0.3"), 200),
                (task("hello", "10.0.0.4"), 403), (task("elder", "10.0.0.1"), 403), (task("nope", "10.0.0.1"), 403),
            ] {
                let answer = try await client.ask(.post, "/api/v3/tasks?wait=1", TestKey.hello.bearer, body: body)
                #expect(answer.status == status, "\(body): \(answer.text)")
            }
            for (method, path, body) in [
                (HTTPRequest.Method.post, "/api/v3/apps/hello/activate", #"{"version":"1"}"#),
                (.post, "/api/v3/apps/hello/bindings", #"{"targets":"*"}"#), (.delete, "/api/v3/apps/hello", ""),
                (.delete, "/api/v3/apps/hello/bindings?targets=x", ""), (.get, "/api/v3/keys", ""),
                (.post, "/api/v3/keys", "{}"), (.delete, "/api/v3/keys/x", ""),
                (.post, "/api/v3/apps?filename=a.zip", "zip"),
            ] {
                let answer = try await client.ask(method, path, TestKey.caller.bearer, body: body)
                #expect(answer.code == "openapi.auth.adminOnly", "\(method) \(path): \(answer.text)")
                #expect(answer.status == 403)
            }
        }
    }
}
