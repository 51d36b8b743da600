import ElvesContracts
import ElvesCore
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import OpenAPI

/// A center whose configuration leaves components out.
@Suite struct SimpleModeTests {
    private static func key(_ json: String) throws -> ConfiguredKey {
        try ConfiguredKey(json: Array(json.utf8), path: "key.json")
    }

    private func simple(without: Set<String> = ["supervisor"]) throws -> (TestEdge, TestKey) {
        let caller = TestKey(id: "one, of the file")
        let json =
            #"{"auth_id":"\#(caller.id)","secret":"\#(caller.secret)","token":"\#(caller.token)","legacy_md5":true}"#
        return (TestEdge(loaded: false, without: without, key: try Self.key(json)), caller)
    }

    @Test func theOneKeyMayRunEverything() async throws {
        let (edge, key) = try simple()
        try await edge.withRouter { client async throws in
            for type in ["MD5", "HMAC-SHA256"] {
                let exec = key.v2(
                    "/api/v2/rt/exec", [("app", "any"), ("func", "f"), ("ip", "10.0.0.1"), ("param", "{}")], type: type)
                #expect(try await client.ask(.get, exec).json["flag"] == "true")
            }
            let body = #"{"app":"any","function":"f","target":"a2"}"#
            #expect(try await client.ask(.post, "/api/v3/tasks?wait=1", key.bearer, body: body).status == 200)
            #expect(try await client.ask(.get, "/api/v3/agents", key.bearer).status == 200)
            let wrong = TestKey(id: "other").v2("/api/v2/rt/exec", [("app", "any")])
            #expect(try await client.ask(.get, wrong).v2Code == "413.1")
            // Nobody refreshes it, and it does not grow old.
            edge.time.advance(.seconds(86_400))
            #expect(try await client.ask(.get, "/api/v3/agents", key.bearer).status == 200)
            #expect(try await client.ask(.get, "/readyz").status == 200)
        }
        #expect(edge.scheduler.executed.map(\.app) == ["any", "any", "any"])
    }

    @Test func whatNeedsTheSupervisorSaysThatItIsNotEnabled() async throws {
        let (edge, key) = try simple()
        try await edge.withRouter { client async throws in
            // The module comes before the parameters, of which all here are missing or wrong.
            for path in ["app", "apps", "agents", "agents/detail"] {
                let answer = try await client.ask(.get, key.v2("/api/v2/info/\(path)"))
                #expect(answer.v2Code == "402.1", "\(path): \(answer.text)")
            }
            #expect(try await client.ask(.get, TestKey(id: "other").v2("/api/v2/info/app")).v2Code == "413.1")
            for (method, path, body) in [
                (HTTPRequest.Method.get, "/api/v3/apps", nil), (.get, "/api/v3/apps/x", nil),
                (.delete, "/api/v3/apps/x", nil), (.post, "/api/v3/apps/x/activate", #"{"version":"1"}"#),
                (.post, "/api/v3/apps?filename=a.zip", "zip"), (.get, "/api/v3/keys", nil),
                (.post, "/api/v3/keys", #"{"comment":"x"}"#), (.delete, "/api/v3/keys/x", nil),
            ] as [(HTTPRequest.Method, String, String?)] {
                let answer = try await client.ask(method, path, key.bearer, body: body)
                #expect(answer.status == 501 && answer.code == "openapi.module.supervisor", "\(path): \(answer.text)")
            }
            let components = try await client.ask(.get, "/api/v3/components", key.bearer)
            let roles = components.json["components"]?.array?.compactMap { $0["role"]?.string }
            #expect(roles == ["openapi", "scheduler", "heartbeat"])
        }
    }

    @Test func withoutHeartbeatOnlyIpsAndIdsAreTargets() async throws {
        let edge = TestEdge(without: ["heartbeat"])
        let key = TestKey.caller
        try await edge.withRouter { client async throws in
            @Sendable func task(_ target: String) async throws -> TestAnswer {
                let body = #"{"app":"hello","function":"greet","target":"\#(target)"}"#
                return try await client.ask(.post, "/api/v3/tasks?wait=1", key.bearer, body: body)
            }
            for target in ["10.0.0.1", "0123456789abcdef"] { #expect(try await task(target).status == 200) }
            for target in ["web-1", "zone=bj"] {
                let answer = try await task(target)
                #expect(answer.status == 501 && answer.code == "openapi.module.heartbeat", "\(answer.text)")
            }
            #expect(try await client.ask(.get, "/api/v3/agents", key.bearer).code == "openapi.module.heartbeat")
            let batch = #"{"app":"hello","function":"greet","targets":"10.0.0.1"}"#
            let made = try await client.ask(.post, "/api/v3/batches", key.bearer, body: batch)
            #expect(made.code == "openapi.module.heartbeat")
            let exec = key.v2("/api/v2/rt/exec", [("app", "elder"), ("func", "f"), ("ip", "10.0.0.1")])
            #expect(try await client.ask(.get, exec).json["flag"] == "true")
            #expect(try await client.ask(.get, "/readyz").status == 200)
            // Its scope names agents by a selector, which nobody can resolve now; the listed ip needs nobody.
            let body = #"{"app":"hello","function":"greet","target":"10.0.0.1"}"#
            let scoped = try await client.ask(.post, "/api/v3/tasks", TestKey.hello.bearer, body: body)
            #expect(scoped.status == 501)
            let listed = body.replacingOccurrences(of: "10.0.0.1", with: "10.0.0.3")
            #expect(try await client.ask(.post, "/api/v3/tasks", TestKey.hello.bearer, body: listed).status == 200)
        }
    }

    @Test func withoutASchedulerNothingRuns() async throws {
        let edge = TestEdge(without: ["scheduler"])
        try await edge.withRouter { client async throws in
            let exec = TestKey.caller.v2("/api/v2/rt/exec", [("app", "elder"), ("func", "f"), ("ip", "10.0.0.1")])
            #expect(try await client.ask(.get, exec).v2Code == "410.0")
            let answer = try await client.ask(.get, "/api/v3/tasks/0123456789abcdef", TestKey.caller.bearer)
            #expect(answer.status == 501 && answer.code == "openapi.module.scheduler")
            #expect(try await client.ask(.get, "/readyz").status == 200)
        }
    }

    @Test func theKeyFileIsItsOwnersAlone() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "elves-key-\(UUID().uuidString)")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let content = Data(#"{"auth_id":"one","secret":"0123456789abcdef"}"#.utf8)
        try content.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let exposed = #expect(throws: ElvesError.self) { try ConfiguredKey(file: path) }
        #expect(exposed?.hint.contains("chmod 600") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try ConfiguredKey(file: path).entry.id == "one")
        #expect(try ConfiguredKey(file: path).entry.scope.admin)
        #expect(throws: ElvesError.self) { try ConfiguredKey(file: path + ".none") }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"auth_id":"one"}"#, #"{"auth_id":"","secret":"0123456789abcdef"}"#,
        #"{"auth_id":"one","secret":"short"}"#, #"{"auth_id":"one","secret":"0123456789abcdef","token":"short"}"#,
    ])
    func aKeyFileThatSaysTooLittleIsRefused(json: String) {
        let error = #expect(throws: ElvesError.self) { try Self.key(json) }
        #expect(error?.code == .elvesConfigInvalid && error?.message.contains("key.json") == true)
    }

    @Test func withoutSupervisorAndKeyThereIsNoStart() throws {
        let error = #expect(throws: ElvesError.self) { try ConfiguredKey.needed(file: nil, hasSupervisor: false) }
        #expect(error?.message.contains("peers.supervisor") == true && error?.message.contains("key.file") == true)
        #expect(try ConfiguredKey.needed(file: nil, hasSupervisor: true) == nil)
    }
}
