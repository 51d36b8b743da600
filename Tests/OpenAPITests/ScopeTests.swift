import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import OpenAPI

/// What a key that is limited in one way may not reach in another.
@Suite struct ScopeTests {
    @Test func aKeyForFunctionsIsHeldToThemInV2() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let allowed = [("app", "hello"), ("func", "greet"), ("ip", "10.0.0.1")]
            let denied = [("app", "elder"), ("func", "wipe"), ("ip", "10.0.0.1")]
            let right = try await client.ask(.get, TestKey.greeter.v2("/api/v2/rt/exec", allowed))
            #expect(right.text.contains(#""flag":"true""#))
            let wrong = try await client.ask(.get, TestKey.greeter.v2("/api/v2/rt/exec", denied))
            #expect(wrong.text.contains("[401.6]"))
        }
        #expect(edge.scheduler.executed.count == 1)
    }

    @Test func aKeyForFunctionsMayNotNameAProxy() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let call = [("app", "hello"), ("func", "greet"), ("ip", "10.0.0.1"), ("proxy", "/bin/sh|other.sh")]
            let answer = try await client.ask(.get, TestKey.greeter.v2("/api/v2/rt/exec", call))
            #expect(answer.text.contains("[401.6]"))
            let free = try await client.ask(.get, TestKey.caller.v2("/api/v2/rt/exec", call))
            #expect(free.text.contains(#""flag":"true""#))
        }
        #expect(edge.scheduler.executed.count == 1)
    }

    /// An agent that takes another's name does not come into the scope by it, nor by a selector that hits its twin.
    @Test func aNameThatSeveralAgentsHaveLetsNoneIn() async throws {
        let heartbeat = FakeHeartbeat()
        let access = Access(heartbeat: heartbeat, clock: EdgeClock(wall: { 0 }, ticks: { 0 }, sleep: { _ in }))
        func key(_ agents: String...) -> KeyEntry {
            KeyEntry(
                id: "k", scope: .init(agents: agents), legacyMD5: false, requireNonce: false, secret: "s",
                tokenDigest: [])
        }
        let own = AgentName(id: 1, ip: "10.0.0.1", name: "a1")
        let twin = AgentName(id: 9, ip: "10.0.0.9", name: "a1")
        for scope in [key("a1"), key("zone=bj"), key("10.0.0.1"), key(own.hexID)] {
            #expect(try await access.covers(scope, own, PortCall()))
            #expect(try await !access.covers(scope, twin, PortCall()))
        }
        heartbeat.shared.withLock { _ = $0.insert("a2") }
        let second = AgentName(id: 2, ip: "10.0.0.2", name: "a2")
        #expect(try await !access.covers(key("a2"), second, PortCall()))
        #expect(try await access.covers(key("a2", "10.0.0.2"), second, PortCall()))
    }

    @Test func anAdminKeyForAgentsChangesNoApp() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            for (method, path, body) in [
                (HTTPRequest.Method.post, "/api/v3/apps/hello/bindings", #"{"targets":"*"}"#),
                (.post, "/api/v3/apps/hello/activate", #"{"version":"1.0.0"}"#),
                (.delete, "/api/v3/apps/hello", ""),
            ] {
                let fields: HTTPFields = [.authorization: "Bearer \(TestKey.localAdmin.token)"]
                let answer = try await client.ask(method, path, fields, body: body)
                #expect(answer.status == 403, "\(method) \(path)")
            }
        }
    }

    @Test func anAbsentParamIsAnEmptyObjectWhereThatIsRight() async throws {
        let edge = TestEdge()
        try await edge.withRouter { client async throws in
            let fields: HTTPFields = [.authorization: "Bearer \(TestKey.caller.token)"]
            func call(_ function: String) -> String {
                #"{"app":"hello","function":"\#(function)","target":"10.0.0.1"}"#
            }
            let lenient = try await client.ask(.post, "/api/v3/tasks", fields, body: call("lenient"))
            #expect(lenient.status == 202 || lenient.status == 200, "\(lenient.text)")
            #expect(edge.scheduler.executed.last?.timeoutMs == 7000, "the manifest's")
            let strict = try await client.ask(.post, "/api/v3/tasks", fields, body: call("strict"))
            #expect(strict.json["code"] == "openapi.request.paramSchema")
        }
    }
}
