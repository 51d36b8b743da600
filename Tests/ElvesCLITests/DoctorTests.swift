import ElvesCLI
import Foundation
import Testing

@Suite struct DoctorTests {
    static let components = #"""
        {"components":[
        {"role":"openapi","instance":"openapi-1","version":"0.1.0","uptime_ms":61000,"ready":true,"reason":"",
        "numbers":{}},
        {"role":"scheduler","instance":"scheduler-1","version":"0.0.9","uptime_ms":5,"ready":true,"reason":"",
        "numbers":{}},
        {"role":"heartbeat","instance":"heartbeat-1","version":"0.1.0","uptime_ms":5,"ready":false,
        "reason":"not connected to supervisor","numbers":{}}]}
        """#

    private static func table(agents: String = CommandTests.agents) -> [String: String] {
        [
            "GET /readyz": "{}", "GET /api/v3/components": components, "GET /api/v3/agents": agents,
            "GET /api/v3/apps": #"{"apps":[]}"#,
        ]
    }

    @Test func saysAllThatIsGoodAndBad() async throws {
        try await FakeCenter.run(Self.table()) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url)
            #expect(status == .failure)
            let text = terminal.output.joined(separator: "\n")
            #expect(text.contains("✓ address   \(url) answers"))
            #expect(text.contains("✓ ready     calls would succeed"))
            #expect(text.contains("✓ key       accepted (ELVES_URL)"))
            #expect(text.contains("✓ component openapi 0.1.0, up 1 min"))
            #expect(text.contains("! component scheduler 0.0.9"))
            #expect(text.contains("✗ component heartbeat 0.1.0 is not ready: not connected to supervisor"))
            #expect(text.contains("! agents    1 of 2 not alive: 127.0.0.20"))
            #expect(text.contains("✗ app       hello on 127.0.0.20: no space left"))
        }
    }

    @Test func aRefusedKeyIsNamed() async throws {
        let refusal = FakeCenter.problem(401, "openapi.auth.token", "unknown token", hint: "check it")
        try await FakeCenter.run(answering: { asked in
            asked.line == "GET /readyz" ? (200, "{}") : (401, refusal)
        }) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url)
            #expect(status == .denied)
            #expect(terminal.output.contains("✗ key       unknown token"))
            #expect(terminal.output.contains("            → check it"))
        }
    }

    @Test func noCenterIsSaidWithTheSourceOfTheAddress() async {
        let (status, terminal) = await Command.run(["doctor"], url: "http://127.0.0.1:1")
        #expect(status == .unreachable)
        #expect(terminal.output.first?.hasPrefix("✗ address   no center answers at http://127.0.0.1:1") == true)
        #expect(terminal.output.contains("            → settings come from ELVES_URL"))
    }

    @Test func noSettingsAreAFinding() async throws {
        let home = try ScratchFolder()
        let (status, terminal) = await Command.run(["doctor"], environment: ["HOME": home.path])
        #expect(status == .failure)
        #expect(terminal.output.first == "✗ center    no center is known here")
    }

    @Test func aHealthyCenterIsSuccessWithWarningsToo() async throws {
        let components = #"""
            {"components":[{"role":"openapi","instance":"openapi-1","version":"0.0.9","uptime_ms":61000,"ready":true,
            "reason":"","numbers":{}}]}
            """#
        var table = Self.table(agents: #"{"agents":[],"next":null}"#)
        table["GET /api/v3/components"] = components
        try await FakeCenter.run(table) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url) { .now }
            #expect(status == .success, "\(terminal.output)")
            #expect(terminal.output.contains { $0.hasPrefix("! component openapi 0.0.9") })
            #expect(terminal.output.contains("! agents    none has reported"))
        }
    }

    @Test func aCenterThatIsNotReadyAndRefusesTheKeyIsDenied() async throws {
        let refusal = FakeCenter.problem(403, "openapi.auth.scope", "the key may not list components")
        try await FakeCenter.run(answering: { asked in
            asked.line == "GET /readyz" ? (503, #"{"reason":"not connected to scheduler"}"#) : (403, refusal)
        }) { url, _ in
            let (status, terminal) = await Command.run(["doctor", "--json"], url: url)
            #expect(status == .denied)
            let ready =
                #"{"check":"ready","hint":"see the components below, and their logs","#
                + #""text":"not connected to scheduler","verdict":"bad"}"#
            #expect(terminal.output.contains(ready), "\(terminal.output)")
        }
    }

    @Test func aCenterThatFailsMidwayIsOutOfReach() async throws {
        let broken = FakeCenter.problem(503, "elves.notReady", "the supervisor does not answer")
        try await FakeCenter.run(answering: { asked in
            asked.line == "GET /readyz" ? (200, "{}") : (503, broken)
        }) { url, _ in
            let (status, terminal) = await Command.run(["doctor"], url: url)
            #expect(status == .unreachable)
            #expect(terminal.output.contains { $0.hasPrefix("✗ center    the supervisor does not answer") })
        }
    }
}
