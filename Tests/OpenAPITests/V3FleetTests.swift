import Crypto
import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

@Suite struct V3FleetTests {
    @Test func aBatchRunsOnAFrozenList() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let body = #"{"app":"hello","function":"greet","targets":"zone=bj,a4","exclude":"a1","labels":{"x":"y"}}"#
            let made = try await client.ask(.post, "/api/v3/batches", TestKey.caller.bearer, body: body)
            #expect(made.status == 201 && made.headers[.location] == "/api/v3/batches/0000000000000009")
            #expect(
                made.json["total"] == 2 && made.json["states"] == ["running": 2] && made.json["labels"] == ["x": "y"])
            #expect(made.json.object?.names == SchemaNames.members(of: "Batch"))
            let got = try await client.ask(.get, "/api/v3/batches/0000000000000009?wait=1", TestKey.caller.bearer)
            #expect(got.json["states"] == ["succeeded": 2] && got.json["labels"] == ["why": "test"])
            let ends = try await client.ask(
                .get, "/api/v3/batches/0000000000000009/ends?after=3&limit=1000", TestKey.caller.bearer)
            #expect(ends.json["next"] == "4" && ends.json["done"] == true && ends.json["tasks"]?.array?.count == 1)
        }
        let request = try #require(edge.scheduler.batches.first)
        #expect(request.targets.map(\.agentId) == [2, 4] && request.generation == 42)
    }

    @Test func batchesThatAreRefused() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for (key, targets, code) in [
                (TestKey.caller, "zone=bj,nope", "openapi.target.none"), (.hello, "*", "openapi.auth.denied"),
            ] {
                let body = #"{"app":"hello","function":"greet","targets":"\#(targets)"}"#
                let answer = try await client.ask(.post, "/api/v3/batches", key.bearer, body: body)
                #expect(answer.code == code, "\(answer.text)")
            }
            let excluded = #"{"app":"hello","function":"greet","targets":"a1","exclude":"a1"}"#
            let none = try await client.ask(.post, "/api/v3/batches", TestKey.caller.bearer, body: excluded)
            #expect(none.code == "openapi.target.none")
            for query in ["limit=0", "limit=1001", "after=x"] {
                let ends = try await client.ask(
                    .get, "/api/v3/batches/0000000000000009/ends?\(query)", TestKey.caller.bearer)
                #expect(ends.code == "openapi.request.query")
            }
        }
        #expect(edge.scheduler.batches.isEmpty)
    }

    @Test func agentsThatTheKeyMayReach() async throws {
        try await TestEdge().withRouter { client async throws in
            let page = try await client.ask(.get, "/api/v3/agents?limit=2", TestKey.caller.bearer)
            #expect(page.json["agents"]?.array?.count == 2 && page.json["next"] == "2")
            let rest = try await client.ask(.get, "/api/v3/agents?after=2&exclude=a4", TestKey.caller.bearer)
            #expect(rest.json["agents"]?.array?.count == 1 && rest.json["next"] == .null)
            #expect(rest.json["agents"]?[0]?.object?.names == SchemaNames.members(of: "Agent"))
            let own = try await client.ask(.get, "/api/v3/agents", TestKey.hello.bearer)
            #expect(own.json["agents"]?.array?.count == 3)
            #expect(try await client.ask(.get, "/api/v3/agents/a4", TestKey.hello.bearer).status == 403)
            let unknown = try await client.ask(.get, "/api/v3/agents/a9", TestKey.caller.bearer)
            #expect(unknown.code == "openapi.agent.unknown" && unknown.status == 404)
            let resolved = try await client.ask(.get, "/api/v3/resolve?on=zone%3Dbj,x", TestKey.caller.bearer)
            #expect(resolved.json["generation"] == 42 && resolved.json["unmatched"] == ["x"])
            #expect(resolved.json["agents"]?.array?.count == 2)
        }
    }

    @Test func apps() async throws {
        try await TestEdge().withRouter { client async throws in
            let key = TestKey.admin.bearer
            let list = try await client.ask(.get, "/api/v3/apps", TestKey.hello.bearer)
            #expect(list.json["apps"]?.array?.count == 1)
            let app = try await client.ask(.get, "/api/v3/apps/hello", key)
            #expect(app.json["functions"]?[0]?["name"] == "greet" && app.json["live_version"] == "1.0.0")
            #expect(app.json["bindings"] == [["targets": "*", "created_at": "2026-01-02T03:04:05.678Z"]])
            let unknown = try await client.ask(.get, "/api/v3/apps/helo", key)
            #expect(unknown.code == "openapi.app.unknown" && unknown.json["detail"]?.string?.contains("hello") == true)
            for (method, path, body) in [
                (HTTPRequest.Method.post, "/api/v3/apps/hello/activate", #"{"version":"1.0.0"}"#),
                (.post, "/api/v3/apps/hello/bindings", #"{"targets":"*"}"#),
                (.delete, "/api/v3/apps/hello/bindings?targets=zone%3Dbj", nil),
            ] as [(HTTPRequest.Method, String, String?)] {
                #expect(try await client.ask(method, path, key, body: body).status == 200, "\(path)")
            }
            #expect(try await client.ask(.delete, "/api/v3/apps/hello/bindings", key).code == "openapi.request.query")
            #expect(try await client.ask(.delete, "/api/v3/apps/hello", key).status == 204)
        }
    }

    @Test func aPackageIsHandedOnInChunks() async throws {
        let edge = TestEdge()
        let zip = String(repeating: "0123456789abcdef", count: 163_840)  // 2.5 MiB
        let path = "/api/v3/apps?filename=hello_2.0.0.zip"
        try await edge.withRouter { client async throws in
            let wrong = TestKey.admin.signature(.post, path, body: "other")
            #expect(try await client.ask(.post, path, wrong, body: zip).code == "openapi.auth.signature")
            #expect(edge.supervisor.state.withLock { $0.begun == 0 }, "nothing unproven is handed on")
            let right = TestKey.admin.signature(.post, path, body: zip)
            let answer = try await client.ask(.post, path, right, body: zip)
            #expect(answer.status == 201 && answer.json["digest"] == "0102" && answer.json["version"] == "2.0.0")
            edge.supervisor.state.withLock { state in
                #expect(state.chunks == [1_048_576, 1_048_576, 524_288])
                #expect(state.pushed == Array(zip.utf8))
            }
            #expect(try await client.ask(.post, "/api/v3/apps", TestKey.admin.bearer, body: "x").status == 400)
        }
    }

    @Test func aPromisedDigestProvesASignatureBeforeTheBody() async throws {
        var limits = EdgeLimits()
        limits.body = 1000
        let edge = TestEdge(limits: limits)
        let zip = String(repeating: "z", count: 5000)
        let path = "/api/v3/apps?filename=hello_2.0.0.zip"
        @Sendable func digest(_ body: String) -> String {
            "md5=:AAAA:, sha-256=:\(Base64.encode(SHA256.hash(data: Array(body.utf8)))):"
        }
        try await edge.withRouter { client async throws in
            var headers = TestKey.admin.signature(.post, path, body: zip)
            #expect(try await client.ask(.post, path, headers, body: zip).code == "openapi.request.digestMissing")
            headers[.contentDigest] = digest("other")
            #expect(try await client.ask(.post, path, headers, body: zip).code == "openapi.auth.signature")
            headers[.contentDigest] = "sha-256=:AAAA:"
            #expect(try await client.ask(.post, path, headers, body: zip).code == "openapi.request.digestWrong")
            #expect(edge.supervisor.state.withLock { $0.begun == 0 })
            headers[.contentDigest] = digest(zip)
            #expect(try await client.ask(.post, path, headers, body: zip).status == 201)
            let other = String(repeating: "y", count: 5000)
            edge.supervisor.state.withLock { $0.pushed = [] }
            #expect(try await client.ask(.post, path, headers, body: other).code == "openapi.request.digestWrong")
            #expect(edge.supervisor.state.withLock { $0.aborted == 1 && $0.finished == 1 })
        }
    }

    @Test func keys() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let body = #"{"comment":"ci","apps":["hello"],"require_nonce":true}"#
            let made = try await client.ask(.post, "/api/v3/keys", TestKey.admin.bearer, body: body)
            #expect(made.status == 201 && made.json["secret"] == "s3cret" && made.json["token"] == "t0ken")
            #expect(made.headers[.cacheControl] == "no-store")
            let list = try await client.ask(.get, "/api/v3/keys", TestKey.admin.bearer)
            #expect(list.json["keys"]?[0]?["secret"] == nil && list.json["keys"]?.array?.count == 1)
            let gone = try await client.ask(.delete, "/api/v3/keys/caller", TestKey.admin.bearer)
            #expect(gone.json["revoked"] == true)
        }
        #expect(edge.supervisor.state.withLock(\.revoked) == ["caller"])
    }

    @Test func nobodyGivesMoreThanTheyHave() {
        let narrow = KeyEntry.Scope(apps: ["a"], admin: true)
        #expect(narrow.covers(.init(apps: ["a"], functions: ["f"])))
        #expect(!narrow.covers(.init()))
        #expect(!narrow.covers(.init(apps: ["a", "b"])))
        #expect(!KeyEntry.Scope(apps: ["a"]).covers(narrow))
        #expect(KeyEntry.Scope(admin: true).covers(narrow))
    }

    @Test func componentsThatDoNotAnswerAreListedToo() async throws {
        let edge = TestEdge()
        edge.scheduler.fails(ElvesError(.channelUnreachable))
        try await edge.withRouter { client async throws in
            let answer = try await client.ask(.get, "/api/v3/components", TestKey.caller.bearer)
            let roles = answer.json["components"]?.array?.map { $0["role"]?.string ?? "" }
            #expect(roles == ["openapi", "scheduler", "heartbeat", "supervisor"])
            #expect(answer.json["components"]?[1]?["ready"] == false)
        }
    }

    @Test func health() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            #expect(try await client.ask(.get, "/healthz").status == 200)
            #expect(try await client.ask(.head, "/healthz").status == 200)
            #expect(try await client.ask(.get, "/readyz").status == 200)
            edge.scheduler.fails(ElvesError(.channelUnreachable))
            let answer = try await client.ask(.get, "/readyz")
            #expect(answer.status == 503 && answer.json["reason"]?.string?.contains("scheduler") == true)
        }
        try await TestEdge(loaded: false).withRouter { client async throws in
            #expect(try await client.ask(.get, "/readyz").status == 503)
            #expect(try await client.ask(.get, "/healthz").status == 200)
        }
    }
}
